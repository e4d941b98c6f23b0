"""Early ends: what is kept account of, and which rest was paid (rules §3). What they cost stands in the stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from gateway.billing.catalog import Price, Rate
from gateway.billing.convention import Span, Visit
from gateway.billing.conventions import CONVENTIONS, USED_DAY
from gateway.billing.dates import Calendar, Period
from gateway.billing.early_end import BEYOND, Owed, Rest, Used, beyond, paid, pay, rest_of, tally
from gateway.billing.timeline import State
from tests.billing.given import MONTH, YEAR, price

CALENDAR = Calendar("UTC", 1)
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
THIS_YEAR, NEXT_YEAR = Period(date(2026, 6, 1), date(2027, 6, 1)), Period(date(2027, 6, 1), date(2028, 6, 1))
STATE = State("pro", 5, YEAR)
YEARLY, MONTHLY = price("pro", YEAR, "2490", "TRY", 5, "490"), price("pro", MONTH, "300", "TRY", 5, "49")


def span(first: int, end: int) -> Span:
    """Days of June on Pro by the year."""
    visit = Visit(datetime(2026, 6, first, tzinfo=UTC), None, STATE, YEARLY, THIS_YEAR, 1)
    return Span(Period(date(2026, 6, first), date(2026, 6, end)), visit, (1,))


def used(monthly: int = 0, billed: int = 0, price: Price = YEARLY, quantity: int = 5, days: Period = JUNE) -> Used:
    until = datetime(days.end.year, days.end.month, days.end.day, tzinfo=UTC)
    return Used(THIS_YEAR, days, until, State("pro", quantity, YEAR), price, monthly, billed)


def test_days_that_are_not_re_rated_count_neither_as_billed_nor_as_a_cost() -> None:
    (record,) = tally((), [Owed(span(1, 11), 10, 6_822, None)], USED_DAY, CALENDAR)
    assert (record.monthly, record.billed, record.days) == (0, 0, span(1, 11).days)

    # ten days that are re-rated beside them: 300.00 × 10/30
    (record,) = tally((record,), [Owed(span(11, 21), 10, 6_822, MONTHLY)], USED_DAY, CALENDAR)
    assert (record.monthly, record.billed, record.days) == (10_000, 6_822, span(1, 21).days)


def test_spans_of_one_month_are_re_rated_together() -> None:
    """4 and 3 days of 30 at 0.05 a month: 0.0067 and 0.005 would round up each; 7 days together are 0.0117."""
    cheap = price("pro", MONTH, "0.05", "TRY", 5)

    (record,) = tally((), [Owed(span(1, 5), 4, 0, cheap), Owed(span(11, 14), 3, 0, cheap)], USED_DAY, CALENDAR)

    assert (record.monthly, record.days) == (1, Period(JUNE.start, date(2026, 6, 14)))


def test_a_rest_is_of_its_own_term() -> None:
    first, second = Rest(THIS_YEAR, YEARLY, 5), Rest(NEXT_YEAR, YEARLY, 9)

    assert paid((first, second), NEXT_YEAR) is second
    assert paid((first, second), THIS_YEAR) is first
    assert paid((first,), NEXT_YEAR) is None


def test_of_a_term_that_is_left_twice_the_dearer_state_is_what_was_paid() -> None:
    other, five = Rest(NEXT_YEAR, YEARLY, 9), Rest(THIS_YEAR, YEARLY, 5)

    assert pay((), used()) == (five,)
    assert pay((other, five), used(quantity=7)) == (other, Rest(THIS_YEAR, YEARLY, 7))
    assert pay((other, Rest(THIS_YEAR, YEARLY, 7)), used(quantity=6)) == (other, Rest(THIS_YEAR, YEARLY, 7))
    assert pay((other,), used()) == (other, five)
    assert pay((five, other), used()) == (five, other)  # as dear: nothing to be written anew


def test_within_a_paid_rest_the_smallest_excess_is_billed_and_nothing_for_less() -> None:
    def costing(millionths: int) -> Price:
        return Price("pro", YEAR, Rate(millionths, "TRY"), 5, Rate(0, "TRY"))

    rest = Rest(THIS_YEAR, costing(1_000), 5)

    assert beyond(costing(1_001), 5, rest) == ((BEYOND, 1, Rate(1, "TRY")),)
    assert beyond(costing(1_000), 5, rest) == beyond(costing(999), 5, rest) == ()
    assert beyond(costing(1_000), 5, None) == (("base", 1, Rate(1_000, "TRY")),)


def test_the_rest_of_a_term_begins_where_the_days_billed_end() -> None:
    assert rest_of(used(), USED_DAY, CALENDAR) == (Period(JUNE.end, THIS_YEAR.end), 335)
    assert rest_of(used(days=THIS_YEAR), USED_DAY, CALENDAR) == (Period(THIS_YEAR.end, THIS_YEAR.end), 0)


def test_a_last_second_after_the_end_of_the_term_leaves_no_rest() -> None:
    """As where a new zone has put off the cut-off by hours."""
    late = replace(used(days=THIS_YEAR), until=datetime(2027, 6, 1, 3, tzinfo=UTC))

    assert rest_of(late, CONVENTIONS["SECOND"], CALENDAR)[1] == 0
    assert rest_of(replace(late, until=datetime(2027, 5, 31, 23, tzinfo=UTC)), CONVENTIONS["SECOND"], CALENDAR)[1] == 3600


def test_leaving_costs_nothing_where_the_months_would_have_been_cheaper() -> None:
    assert [used(*sums).spared for sums in ((100, 60), (60, 60), (40, 60))] == [40, 0, 0]
