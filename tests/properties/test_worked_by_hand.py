"""Short histories at the corners where plausible readings of the rules differ; the figures are worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gateway.billing.account import Account
from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.catalog import EarlyEnd, Interval
from gateway.billing.standing import Mark
from gateway.billing.timeline import Change, State
from tests.properties.lives import Life
from tests.properties.market import Listed, Market

MONTH, YEAR = Interval.MONTH, Interval.YEAR
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
LONG_AGO = date(2000, 1, 1)


def costs(plan: str, early: EarlyEnd, **minor: int) -> Listed:
    """A plan by its price a month and a year, which ends early so."""
    return Listed(plan, LONG_AGO, 1, {Interval(interval): (base, 0) for interval, base in minor.items()}, {YEAR: early})


def due(
    *states: tuple[str, State | None],
    prices: tuple[Listed, ...],
    convention: str = "USED_DAY",
    anchor: int = 1,
    first: date = JANUARY,
    marks: tuple[Mark, ...] = (),
    periods: int = 1,
) -> list[int]:
    """What one period after the other owes for an item in UTC that came into these states at these instants."""
    at = [datetime.fromisoformat(when).replace(tzinfo=UTC) for when, _ in states]
    moves = tuple(
        Change(revision=n, item="x", at=when, state=state) for n, (when, (_, state)) in enumerate(zip(at, states, strict=True), 1)
    )
    account = Account(id="acc_1", name="", currency="TRY", zone="UTC", anchor=anchor, locale="en", opened_at=at[0], last_at=at[-1])
    subject = Life(account, Market("TRY", prices, {}, convention), first, moves, tuple(at), (), marks)
    return [subject.walk(opening).bill.due.minor for opening in subject.openings(periods)]


def test_leaving_costs_what_the_state_that_was_left_says() -> None:
    prices = costs("a", EarlyEnd.REST_OF_TERM, YEAR=36_500), costs("b", EarlyEnd.NONE, YEAR=73_000)

    january = due(("2026-01-01", State("a", 1, YEAR)), ("2026-01-11", State("b", 1, YEAR)), ("2026-01-21", None), prices=prices)

    # 10 days of a at 1.00, 10 of b at 2.00; b may be left for nothing.
    assert january == [3_000]


def test_a_free_plan_is_left_for_nothing_too() -> None:
    prices = costs("a", EarlyEnd.REST_OF_TERM, YEAR=36_500), costs("b", EarlyEnd.REST_OF_TERM, YEAR=0)

    january = due(("2026-01-01", State("a", 1, YEAR)), ("2026-01-11", State("b", 1, YEAR)), ("2026-01-21", None), prices=prices)

    assert january == [1_000]  # 10 days of a at 1.00


def test_the_days_used_are_settled_by_the_price_they_were_used_at() -> None:
    prices = costs("a", EarlyEnd.REPRICE, YEAR=36_500, MONTH=6_200), costs("b", EarlyEnd.NONE, YEAR=73_000)

    january = due(("2026-01-01", State("a", 1, YEAR)), ("2026-01-11", State("b", 1, YEAR)), ("2026-01-21", None), prices=prices)

    # 10 days of a at 1.00, by the month 62.00 × 10/31; 10 of b at 2.00, which are not re-rated.
    assert january == [2_000 + 2_000]


def test_days_that_were_paid_are_not_re_rated() -> None:
    prices = costs("a", EarlyEnd.REST_OF_TERM, YEAR=36_500), costs("b", EarlyEnd.REPRICE, YEAR=7_300, MONTH=3_100)

    bills = due(
        ("2026-01-01", State("a", 1, YEAR)),
        ("2026-01-11", None),
        ("2026-03-01", State("b", 1, YEAR)),
        ("2026-03-11", None),
        prices=prices,
        periods=3,
    )

    # January pays a's whole year. Coming back in March to what costs less finds the days paid (decision on early ends).
    # By the month b's 10 days would be 31.00 × 10/31, less nothing.
    assert bills == [36_500, 0, 0]


def test_thirtieths_are_counted_from_the_anchor_day_also_where_it_is_the_last_of_february() -> None:
    bought = ("2026-03-10", State("a", 1, MONTH))

    march = due(bought, prices=(costs("a", EarlyEnd.NONE, MONTH=3_000),), convention="FIXED_30", anchor=28, first=date(2026, 2, 28))

    # 30/360 from 28 February to 10 March are 30 + 10 − 28 = 12, so 18 are left of 30.00 × 18/30.
    assert march == [1_800]


def test_a_year_by_the_second_that_begins_with_a_new_zone_costs_its_price() -> None:
    moves_east = CalendarChanged(revision=9, at=datetime(2026, 1, 5, tzinfo=UTC), zone="Europe/Istanbul", anchor=1)

    bills = due(
        ("2026-02-01", State("a", 1, YEAR)),
        prices=(costs("a", EarlyEnd.NONE, YEAR=876_000),),
        convention="SECOND",
        marks=(moves_east,),
        periods=13,
    )

    # 1 February begins at the cut-off, 03:00 in Istanbul, so the year has 8,757 hours up to its end there, and has all of them.
    # A full term costs the price exactly (rules §5).
    assert sum(bills) == 876_000


def test_hours_before_midnight_belong_to_the_year_that_begins_at_the_cut_off() -> None:
    moves_west = CalendarChanged(revision=9, at=datetime(2026, 1, 5, tzinfo=UTC), zone="America/New_York", anchor=1)

    bills = due(
        ("2026-02-01", State("a", 1, YEAR)),
        ("2026-02-01T05:00", None),
        prices=(costs("a", EarlyEnd.NONE, YEAR=876_500),),
        convention="SECOND",
        marks=(moves_west,),
        periods=2,
    )

    # 1 February begins at the cut-off, five hours before midnight in New York, so the year has 8,765 hours.
    assert bills == [0, 500]


def test_a_year_by_the_second_keeps_the_instant_it_began_at_when_the_zone_changes_again() -> None:
    wishes = ((5, "Europe/Istanbul", datetime(2026, 1, 5, tzinfo=UTC)), (6, "UTC", datetime(2026, 3, 5, tzinfo=UTC)))
    marks = tuple(CalendarChanged(revision=n, at=at, zone=zone, anchor=1) for n, zone, at in wishes)

    bills = due(
        ("2026-02-01", State("a", 1, YEAR)),
        prices=(costs("a", EarlyEnd.NONE, YEAR=876_000),),
        convention="SECOND",
        marks=marks,
        periods=13,
    )

    # In UTC again, it has three hours more than in the zone it began in, which are not billed.
    assert sum(bills) == 876_000
