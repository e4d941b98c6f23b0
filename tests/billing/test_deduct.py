"""Deducting: shares add up, nothing falls below zero, percentages come first."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.billing.bill import Line
from gateway.billing.catalog import Interval, Rate
from gateway.billing.dates import Period
from gateway.billing.deduct import apportion, deduct, spread
from gateway.billing.discount import PERCENT, WHOLE, Discount, Duration, Redemption

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
PLANS = ("pro", "basic", "whatsapp")


def line(plan: str, minor: int) -> Line:
    rate = Rate(minor * 10**6, "TRY")
    return Line("acc_1", f"itm_{plan}", plan, {"en": plan}, Interval.MONTH, "base", 1, 1, JUNE, rate, 0, 30, 30, "USED_DAY", (1,))


def redeemed(
    id: str,
    percent: int | None = None,
    amount: int = 0,
    plans: tuple[str, ...] = (),
    duration: Duration = Duration.FOREVER,
    left: int | None = None,
) -> Redemption:
    amounts = {} if percent is not None else {"TRY": amount}
    terms = Discount(names={"en": id}, percent=percent, amounts=amounts, plans=plans, duration=duration, periods=left)
    return Redemption(id=id, terms=terms, redeemed_on=JUNE.start, left=left)


def taken(lines: list[Line], *discounts: Redemption) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(each.redemption, each.amount.minor, each.shares) for each in deduct(lines, discounts, JUNE, "TRY")[0]]


lines = st.lists(st.builds(line, st.sampled_from(PLANS), st.integers(-5_000, 100_000)), max_size=6)
plans = st.lists(st.sampled_from(PLANS), unique=True, max_size=2).map(tuple)
percents = st.builds(lambda percent, plans: ("percent", percent, plans), st.integers(1, WHOLE), plans)
amounts = st.builds(lambda amount, plans: ("amount", amount, plans), st.integers(1, 200_000), plans)
discounts = st.lists(percents | amounts, max_size=4).map(
    lambda rows: tuple(redeemed(f"dsc_{n}", **{kind: worth, "plans": of}) for n, (kind, worth, of) in enumerate(rows))
)


@given(lines, discounts)
def test_shares_add_up_and_nothing_falls_below_zero(lines: list[Line], discounts: tuple[Redemption, ...]) -> None:
    deductions, _ = deduct(lines, discounts, JUNE, "TRY")

    for each in deductions:
        assert sum(each.shares) == each.amount.minor > 0
        assert len(each.shares) == len(lines)
        assert all(not share or not each.plans or of.plan in each.plans for share, of in zip(each.shares, lines, strict=True))
    for at, of in enumerate(lines):
        off = sum(each.shares[at] for each in deductions)
        assert 0 <= off <= max(0, of.amount.minor)
    subtotal = sum(of.amount.minor for of in lines)
    assert subtotal - sum(each.amount.minor for each in deductions) >= min(0, subtotal)


@given(lines, discounts)
def test_percentages_come_first_and_each_kind_keeps_the_order_of_redemption(lines: list[Line], discounts: tuple[Redemption, ...]) -> None:
    order = [each.redemption for each in deduct(lines, discounts, JUNE, "TRY")[0]]

    by_rule = [each.id for each in discounts if each.terms.percent is not None] + [each.id for each in discounts if each.terms.amounts]
    assert order == [id for id in by_rule if id in order]


@given(st.integers(0, 10**6), st.integers(1, 400), discounts.map(lambda all: tuple(each for each in all if not each.terms.plans)))
def test_what_is_due_never_falls_as_the_lines_grow(minor: int, more: int, discounts: tuple[Redemption, ...]) -> None:
    def net(minor: int) -> int:
        return minor - sum(each.amount.minor for each in deduct([line("pro", minor)], discounts, JUNE, "TRY")[0])

    assert net(minor) <= net(minor + more)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
@example(100, [1, 1, 1])
def test_an_apportioned_amount_is_all_there_and_no_share_is_a_whole_unit_off(amount: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        return

    shares = apportion(min(amount, whole), weights)

    assert sum(shares) == min(amount, whole)
    assert all(abs(share * whole - min(amount, whole) * weight) < whole for share, weight in zip(shares, weights, strict=True))


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from("abc")), min_size=1, max_size=8))
@example(205, [(102, "a")] * 5 + [(103, "b")] * 5)
def test_what_is_spread_over_groups_is_all_there_and_no_group_is_a_whole_unit_off(amount: int, rows: list[tuple[int, str]]) -> None:
    weights = [weight for weight, _ in rows]
    groups = [[at for at, (_, its) in enumerate(rows) if its == name] for name in dict.fromkeys(name for _, name in rows)]
    whole = sum(weights)
    amount = min(amount, whole)
    if not amount:
        return

    shares = spread(amount, weights, groups)

    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
    for group in groups:
        assert abs(sum(shares[at] for at in group) * whole - amount * sum(weights[at] for at in group)) < whole
    if len(groups) == 1:
        assert shares == apportion(amount, weights)


def test_equal_remainders_go_to_the_earlier_line() -> None:
    assert apportion(100, [1, 1, 1]) == (34, 33, 33)
    assert apportion(2, [5, 5, 5]) == (1, 1, 0)


def test_the_largest_remainder_goes_first() -> None:
    assert apportion(10, [10, 46, 44]) == (1, 5, 4)  # 1.0, 4.6 and 4.4
    assert apportion(10, [54, 46]) == (5, 5)  # 5.4 and 4.6: not the largest line


def test_a_discount_that_takes_nothing_does_not_stand_in_the_way_of_the_next() -> None:
    elsewhere, here = redeemed("elsewhere", percent=50 * PERCENT, plans=("basic",)), redeemed("here", percent=10 * PERCENT)

    assert taken([line("pro", 10_000)], elsewhere, here) == [("here", 1_000, (1_000,))]


def test_a_correction_is_not_discounted_and_what_is_left_of_all_stays_above_zero() -> None:
    bill = [line("pro", 10_000), line("basic", -4_000)]

    assert taken(bill, redeemed("half", percent=50 * PERCENT)) == [("half", 5_000, (5_000, 0))]
    assert taken(bill, redeemed("all", percent=WHOLE)) == [("all", 6_000, (6_000, 0))]
    assert taken(bill, redeemed("amount", amount=9_000)) == [("amount", 6_000, (6_000, 0))]


def test_nothing_comes_off_a_bill_below_zero() -> None:
    assert taken([line("pro", 1_000), line("basic", -4_000)], redeemed("all", percent=WHOLE)) == []


def test_an_amount_stops_at_the_lines_of_its_plans() -> None:
    bill = [line("pro", 10_000), line("whatsapp", 3_000)]

    assert taken(bill, redeemed("off", amount=5_000, plans=("whatsapp",))) == [("off", 3_000, (0, 3_000))]


def test_a_percentage_is_of_what_an_earlier_one_left_of_its_lines() -> None:
    bill = [line("pro", 10_000), line("whatsapp", 5_000)]
    first, second = redeemed("first", percent=10 * PERCENT, plans=("pro",)), redeemed("second", percent=20 * PERCENT)

    # 10% of 100.00; 20% of 90.00 + 50.00
    assert taken(bill, first, second) == [("first", 1_000, (1_000, 0)), ("second", 2_800, (1_800, 1_000))]
    # 20% of 150.00; 10% of 80.00
    assert taken(bill, second, first) == [("second", 3_000, (2_000, 1_000)), ("first", 800, (800, 0))]


def test_an_amount_in_another_currency_takes_nothing() -> None:
    foreign = Redemption(id="eur", terms=Discount(names={"en": "x"}, amounts={"EUR": 500}), redeemed_on=JUNE.start)

    assert deduct([line("pro", 1_000)], (foreign,), JUNE, "TRY") == ((), (foreign,))


def test_what_is_left_after_a_period() -> None:
    once = redeemed("once", percent=PERCENT, duration=Duration.ONCE)
    ever = redeemed("ever", percent=PERCENT)
    last = redeemed("last", percent=PERCENT, duration=Duration.PERIODS, left=1)
    two = redeemed("two", percent=PERCENT, duration=Duration.PERIODS, left=2)

    def left(minor: int) -> list[tuple[str, int | None]]:
        return [(each.id, each.left) for each in deduct([line("pro", minor)], (once, ever, last, two), JUNE, "TRY")[1]]

    assert left(10_000) == [("ever", None), ("two", 1)]
    assert left(0) == [("once", None), ("ever", None), ("two", 1)]
