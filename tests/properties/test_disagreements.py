"""Histories for which the engine and the design page do not say the same; the figures are the page's, worked out by hand.

Each is expected to fail until the one or the other is changed. The random lives keep away from what stands here
(`lives.life`); whoever settles one of these lets them in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

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


@pytest.mark.xfail(strict=True, reason="by the second, a year that begins late, at a cut-off of another zone, is measured from midnight")
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
    # A full term costs the price exactly (rules §5). The engine bills each hour at 1.00, 8757.00 in all.
    assert sum(bills) == 876_000
