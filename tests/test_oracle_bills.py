"""The oracle's conventions, early ends, calendars, own prices, trials and settlement, against figures worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests import oracle
from tests.oracle import Customer, Discount, Event, Note, OwnPrice, Price, Row, Seller, Trial, Wish

LONG_AGO = date(2000, 1, 1)


def costs(base: str, interval: str = "MONTH", early_end: str = "NONE", plan: str = "a") -> Price:
    return Price(plan, interval, LONG_AGO, Decimal(base), 1, Decimal(0), early_end)


def had(*stays: tuple[str, str | None]) -> list[Event]:
    """The item on plan a at an interval from an instant in UTC on; None: it ends."""
    return [
        Event("x", n, datetime.fromisoformat(at).replace(tzinfo=UTC), None, interval is None, interval and "a", 1, interval)
        for n, (at, interval) in enumerate(stays)
    ]


def owed(
    events: Sequence[Event],
    prices: Sequence[Price],
    month: str = "2026-03-01",
    *,
    convention: str = "USED_DAY",
    anchor: int = 1,
    wishes: Sequence[Wish] = (),
    own: Sequence[OwnPrice] = (),
    trials: Sequence[Trial] = (),
) -> list[tuple[str, int, int]]:
    first = date.fromisoformat(month)
    told = oracle.tell(
        events, prices, zone="UTC", anchor=anchor, exponent=2, convention=convention, first=first, wishes=wishes, own=own, trials=trials
    )
    period = told.almanac.month_on(first)
    return [(part.part, part.units, part.amount) for part in oracle.parts_of(oracle.charges(told, period, period.begins[-1]))]


@pytest.mark.parametrize(
    ("convention", "units", "amount"),
    [
        ("USED_DAY", 11, 1100),  # 10 to 20 March
        ("NEW_STATE_DAY", 10, 1000),  # without the 20th, which ended in nothing
        ("OLD_STATE_DAY", 11, 1100),  # with the 20th
        ("SECOND", 885_600, 1025),  # 10 days and 6 hours are 10.25 of 31 days
        ("FIXED_30", 10, 1033),  # 31.00 × 10/30
    ],
)
def test_the_same_days_under_each_convention(convention: str, units: int, amount: int) -> None:
    stay = had(("2026-03-10T09:00", "MONTH"), ("2026-03-20T15:00", None))

    assert owed(stay, [costs("31")], convention=convention) == [("base", units, amount)]


@pytest.mark.parametrize(
    ("bought", "anchor", "month", "units"),
    [
        ("2026-03-31", 1, "2026-03-01", 0),  # the 31st weighs nothing
        ("2026-02-28", 1, "2026-02-01", 3),  # position 27, and the end is 30
        ("2026-03-10", 31, "2026-02-28", 20),  # from the 30th of February, position 10
        ("2026-02-15", 15, "2026-02-15", 30),
    ],
)
def test_thirtieths(bought: str, anchor: int, month: str, units: int) -> None:
    found = owed(had((bought, "MONTH")), [costs("30")], month, convention="FIXED_30", anchor=anchor)

    assert found == ([("base", units, units * 100)] if units else [])


def test_leaving_a_year_early_is_re_rated_by_the_month() -> None:
    prices = [costs("365", "YEAR", "REPRICE"), costs("62")]
    stay = had(("2026-01-01", "YEAR"), ("2026-03-11", None))

    # by the month 62.00 + 62.00 + 62.00 × 10/31 = 144.00; billed were 69 days at 1.00
    assert owed(stay, prices) == [("base", 10, 1000), ("early_end", 0, 14400 - 6900)]


def test_leaving_a_year_early_pays_the_rest_and_a_return_finds_it_paid() -> None:
    prices = [costs("365", "YEAR", "REST_OF_TERM")]
    stay = had(("2026-01-01", "YEAR"), ("2026-01-11", None), ("2026-03-05", "YEAR"))

    assert owed(stay, prices, "2026-01-01") == [("base", 10, 1000), ("rest_of_term", 355, 35500)]
    assert owed(stay, prices) == []


def test_who_is_back_within_the_period_has_not_left() -> None:
    stay = had(("2026-01-01", "YEAR"), ("2026-03-11", None), ("2026-03-21", "YEAR"))

    assert owed(stay, [costs("365", "YEAR", "REST_OF_TERM")]) == [("base", 21, 2100)]


def test_a_stub_is_charged_by_its_days_against_the_month_that_ends_at_the_new_anchor() -> None:
    wish = Wish(datetime(2026, 2, 10, tzinfo=UTC), "UTC", 15)

    # 1 to 14 March are 14 of the 28 days from 15 February on
    assert owed(had(("2026-01-01", "MONTH")), [costs("28")], wishes=[wish]) == [("base", 14, 1400)]


def test_an_own_price_takes_the_place_of_the_listed_one_from_the_next_term_on() -> None:
    own = OwnPrice("a", "MONTH", date(2026, 2, 10), Decimal(31))

    assert owed(had(("2026-01-01", "MONTH")), [costs("62")], "2026-02-01", own=[own]) == [("base", 28, 6200)]
    assert owed(had(("2026-01-01", "MONTH")), [costs("62")], own=[own]) == [("base", 31, 3100)]


def test_days_of_a_trial_cost_nothing() -> None:
    trial = Trial(date(2026, 2, 20), date(2026, 3, 11), plan="a")

    # 11 to 31 March
    assert owed(had(("2026-02-20", "MONTH")), [costs("31")], trials=[trial]) == [("base", 21, 2100)]


FEBRUARY, MARCH = oracle.Almanac(date(2026, 2, 1), "UTC", 1).month_on(date(2026, 2, 1)), date(2026, 3, 1)
OPENED = datetime(2026, 2, 1, tzinfo=UTC)


def test_percentages_come_first_and_the_second_takes_of_what_the_first_left() -> None:
    discounts = [Discount("c", amount=500), Discount("a", Decimal(10)), Discount("b", Decimal(50), plans=frozenset("y"))]

    # 10 % of 30.00 are 3.00: 1.00 and 2.00. Half of what is left of y are 9.00. Then 5.00 by 9.00 : 9.00
    assert oracle.taken_off([Row("x", 1000), Row("y", 2000)], discounts) == [
        oracle.Off("a", 300, (100, 200)),
        oracle.Off("b", 900, (0, 900)),
        oracle.Off("c", 500, (250, 250)),
    ]


def test_a_discount_stops_at_nothing_and_an_empty_bill_does_not_use_it_up() -> None:
    almanac = oracle.Almanac(date(2026, 2, 1), "UTC", 1)
    months = [almanac.month_on(day) for day in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))]
    bills = [(months[0], []), (months[1], [Row("x", 1000)]), (months[2], [Row("x", 1000)])]

    found = oracle.settled(bills, [Note(OPENED, redeemed=Discount("a", amount=5000, once=True))])

    assert [bill.due for bill in found] == [0, 0, 1000]


def test_tax_is_rounded_once_per_rate_and_credit_pays_what_it_can() -> None:
    seller = Seller("TR", LONG_AGO, {("TR", "standard", LONG_AGO): Decimal(20), ("TR", "book", LONG_AGO): Decimal(10)})
    notes = [Note(OPENED, customer=Customer("TR")), Note(OPENED, credit=1000)]
    rows = [Row("x", 101), Row("x", 101), Row("book", 505)]

    bill = oracle.settled([(FEBRUARY, rows)], notes, seller, lambda plan, on: "book" if plan == "book" else "standard")[0]

    # 20 % of 2.02 are 0.404, 10 % of 5.05 are 0.505; 7.07 + 0.40 + 0.51 = 7.98, which the credit pays
    assert [(tax.base, tax.amount) for tax in bill.taxes] == [(202, 40), (505, 51)]
    assert (bill.credit, bill.due) == (798, 0)


@pytest.mark.parametrize(
    ("customer", "status"),
    [
        (None, "ADDRESS_NEEDED"),
        (Customer("DE", exempt=True), "EXEMPT"),
        (Customer("DE"), "CHARGED"),
        (Customer("FR", business=True, vat_number=True), "REVERSE_CHARGE"),
        (Customer("FR", vat_number=True), "RATE_UNKNOWN"),
        (Customer("US", business=True), "EXPORT"),
    ],
)
def test_who_is_charged(customer: Customer | None, status: str) -> None:
    seller = Seller("DE", LONG_AGO, {("DE", "standard", LONG_AGO): Decimal(19)})

    assert oracle.tax_on([("standard", 1000)], customer, seller, MARCH)[0] == status
