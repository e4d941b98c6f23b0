"""The catalog: exact rates, offers that follow each other by date, and what is not to be had."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.billing.catalog import Interval, Kind, Rate
from gateway.billing.errors import NotFound, PlanNotAvailable
from tests.billing.given import BASIC, CATALOG, MONTH, PRO, RETIRED, YEAR, offer, plan, price

DAY_OF_SALE = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("amount", "currency", "millionths", "shown"),
    [
        ("249", "TRY", 24_900_000_000, "249.00"),
        ("19.9", "EUR", 1_990_000_000, "19.90"),
        ("0.002", "TRY", 200_000, "0.002"),  # finer than a kuruş is a price
        ("0.0020", "TRY", 200_000, "0.002"),
        ("1500", "JPY", 1_500_000_000, "1500"),
        ("4.5", "KWD", 4_500_000_000, "4.500"),
        ("0.00000001", "TRY", 1, "1E-8"),
        ("0", "TRY", 0, "0.00"),
    ],
)
def test_a_rate_is_its_decimal_exactly(amount: str, currency: str, millionths: int, shown: str) -> None:
    rate = Rate.of(Decimal(amount), currency)

    assert rate == Rate(millionths, currency)
    assert str(rate.amount) == shown


@pytest.mark.parametrize(("amount", "currency"), [("0.000000001", "TRY"), ("0.0000001", "JPY"), ("0.0000000001", "KWD")])
def test_a_price_finer_than_can_be_kept_is_rejected(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="has more decimals than a price can have"):
        Rate.of(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency", "units", "whole", "minor"),
    [
        ("19.99", "EUR", 15, 31, 967),  # 19.99 × 15/31 = 9.67258…
        ("9.99", "EUR", 15, 30, 500),  # 4.995: the half goes up
        ("249", "TRY", 30, 30, 24900),
        ("0.002", "TRY", 1, 1, 0),  # 0.2 kuruş
        ("0.005", "TRY", 1, 1, 1),  # half a kuruş
        ("1500", "JPY", 1, 31, 48),  # 48.387
        ("4.500", "KWD", 7, 30, 1050),
    ],
)
def test_a_share_is_price_times_units_by_whole_rounded_once(amount: str, currency: str, units: int, whole: int, minor: int) -> None:
    assert Rate.of(Decimal(amount), currency).share(units, whole) == minor


@given(st.integers(0, 10**13), st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_shares_taken_one_after_another_add_up_to_the_share_of_all(millionths: int, days: list[int]) -> None:
    rate, whole, billed, total = Rate(millionths, "TRY"), 31, 0, 0

    for each in days:
        total += rate.share(billed + each, whole) - rate.share(billed, whole)
        billed += each

    assert total == rate.share(billed, whole)


@given(st.integers(-(10**13), 10**13), st.integers(-400, 400), st.integers(-400, 400))
@example(-500_000 * 31, 0, 1)  # half a kuruş, given back
@example(500_000 * 31, 0, -1)
def test_what_is_owed_between_two_counts_of_units_is_the_difference_of_their_shares(millionths: int, before: int, after: int) -> None:
    rate = Rate(millionths, "TRY")

    assert rate.between(before, after, 31) == rate.share(after, 31) - rate.share(before, 31)


def test_representatives_beyond_those_included_are_a_part_of_their_own() -> None:
    monthly = price("pro", MONTH, "249", "TRY", included=5, extra="49")

    assert monthly.parts(5) == (("base", 1, monthly.base),)
    assert monthly.parts(3) == (("base", 1, monthly.base),)
    assert monthly.parts(7) == (("base", 1, monthly.base), ("representatives", 2, monthly.per_representative))
    assert monthly.list_price(7) == Rate.of(Decimal("347"), "TRY").millionths  # 249 + 2 × 49


def test_a_part_that_costs_nothing_is_left_out() -> None:
    assert price("free", MONTH, "0", "TRY", included=1, extra="5").parts(1) == ()
    assert [part for part, *_ in price("seats", MONTH, "0", "TRY", included=0, extra="5").parts(2)] == ["representatives"]
    assert [part for part, *_ in price("flat", MONTH, "10", "TRY", included=1, extra="0").parts(9)] == ["base"]


def test_the_offer_in_force_is_the_latest_that_has_begun() -> None:
    risen = plan("pro", offer("pro", "MONTH 249 TRY", date(2026, 1, 1)), offer("pro", "MONTH 279 TRY", date(2026, 7, 10)))

    assert risen.offer(date(2025, 12, 31)) is None
    assert risen.offer(date(2026, 1, 1)) is risen.offers[0]
    assert risen.offer(date(2026, 7, 9)) is risen.offers[0]
    assert risen.offer(date(2026, 7, 10)) is risen.offers[1]


def test_an_offer_tells_prices_apart_by_currency_and_interval() -> None:
    today = BASIC.offer(DAY_OF_SALE)
    assert today is not None

    assert (monthly := today.price("TRY", MONTH)) is not None and str(monthly.base.amount) == "99.00"
    assert (yearly := today.price("TRY", YEAR)) is not None and str(yearly.base.amount) == "990.00"
    assert (foreign := today.price("EUR", MONTH)) is not None and str(foreign.base.amount) == "19.99"
    assert today.price("EUR", YEAR) is None
    assert today.price("TRY", None) is None


def test_a_plan_is_found_by_code_and_kind() -> None:
    assert CATALOG.plan("pro") is PRO
    assert CATALOG.plan("pro", Kind.PACKAGE) is PRO
    for code, kind in (("pro", Kind.ADD_ON), ("none", None), ("whatsapp", Kind.PACKAGE)):
        with pytest.raises(NotFound) as refused:
            CATALOG.plan(code, kind)
        assert (refused.value.field, str(refused.value)) == ("plan", f"There is no plan {code}.")


@pytest.mark.parametrize(
    ("code", "interval", "currency", "on"),
    [
        ("foreign", MONTH, "TRY", DAY_OF_SALE),
        ("solo", Interval.QUARTER, "TRY", DAY_OF_SALE),
        ("coming", MONTH, "TRY", date(2026, 8, 31)),
    ],
)
def test_without_a_price_in_force_a_plan_is_not_available(code: str, interval: Interval, currency: str, on: date) -> None:
    with pytest.raises(PlanNotAvailable) as refused:
        CATALOG.price(code, interval, currency, on)

    assert refused.value.field == "plan"
    assert str(refused.value) == f"{code} has no {interval.value} price in {currency}."


def test_what_is_on_sale_goes_by_kind_and_day_in_the_order_of_the_catalog() -> None:
    def codes(kind: Kind, on: date) -> list[str]:
        return [each.code for each in CATALOG.on_sale(kind, on)]

    assert codes(Kind.PACKAGE, date(2026, 6, 14)) == ["basic", "pro", "solo", "foreign", "retired"]
    assert codes(Kind.PACKAGE, date(2026, 6, 15)) == ["basic", "pro", "solo", "foreign"]
    assert codes(Kind.PACKAGE, date(2026, 9, 1)) == ["basic", "pro", "solo", "foreign", "coming"]
    assert codes(Kind.ADD_ON, date(2026, 6, 15)) == ["whatsapp"]
    assert codes(Kind.SESSION_PACK, date(2026, 6, 15)) == ["sessions_100"]
    assert RETIRED.offer(date(2026, 6, 15)) is not None


def test_the_currencies_are_those_that_something_has_a_price_in() -> None:
    assert CATALOG.currencies == {"TRY", "EUR", "JPY", "KWD"}


def test_names_come_in_the_language_asked_for_else_in_english() -> None:
    assert PRO.name("tr-TR") == "Pro (tr)"
    assert PRO.name("de") == PRO.name("en-GB") == "Pro"
    assert PRO.description("tr") == "The plan pro."
