"""Courses: which states an item was in, at which price, and what is left of it at the end (rules §3, §5)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gateway.billing.convention import Visit
from gateway.billing.course import Course
from gateway.billing.dates import Calendar, Period
from gateway.billing.own_price import PriceList
from gateway.billing.term import Held
from gateway.billing.timeline import State, Step
from tests.billing.given import MONTH, YEAR, catalog_of, offer, plan

CALENDAR = Calendar("UTC", 1)
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
CATALOG = catalog_of(
    plan("low", offer("low", "MONTH 10 TRY, YEAR 100 TRY"), offer("low", "MONTH 20 TRY", date(2026, 6, 15))),
    plan("high", offer("high", "MONTH 50 TRY")),
)
COURSE = Course(JUNE, CALENDAR.instant(JUNE.start), CALENDAR.instant(JUNE.end), CALENDAR, PriceList(CATALOG), "TRY")
LOW, MORE, HIGH, YEARLY = State("low", 1, MONTH), State("low", 4, MONTH), State("high", 1, MONTH), State("low", 1, YEAR)


def step(day: int, revision: int, state: State | None) -> Step:
    return Step(datetime(2026, 6, day, 12, tzinfo=UTC), revision, state)


def follow(*steps: Step) -> tuple[list[Visit], Held, dict[Period, int]]:
    return COURSE.follow(Held(item="x"), steps)


def told(visits: list[Visit]) -> list[tuple[int, State, int, int]]:
    return [(each.since.day, each.state, each.price.base.millionths // 10**8, each.revision) for each in visits]


def test_states_within_a_term_are_visited_in_turn_at_the_prices_first_found() -> None:
    visits, held, exits = follow(step(2, 1, LOW), step(5, 2, HIGH), step(16, 3, MORE), step(20, 4, HIGH), step(25, 5, LOW))

    assert told(visits) == [(2, LOW, 10, 1), (5, HIGH, 50, 2), (16, MORE, 10, 3), (20, HIGH, 50, 4), (25, LOW, 10, 5)]
    assert (held.state, held.last, held.revision, held.started_on, held.term) == (LOW, LOW, 5, date(2026, 6, 2), JUNE)
    assert [lock.price.plan for lock in held.locks] == ["low", "high"]
    assert exits == {}


def test_two_states_by_one_entry_are_both_entered() -> None:
    visits, held, _ = follow(step(2, 1, LOW), step(5, 2, MORE), step(9, 2, HIGH), step(12, 2, MORE))

    assert told(visits) == [(2, LOW, 10, 1), (5, MORE, 10, 2), (9, HIGH, 50, 2), (12, MORE, 10, 2)]
    assert (held.state, held.revision) == (MORE, 2)


def test_an_item_that_ends_after_other_states_ended_in_the_last_of_them() -> None:
    visits, held, exits = follow(step(2, 1, LOW), step(5, 2, MORE), step(9, 3, None))

    assert told(visits) == [(2, LOW, 10, 1), (5, MORE, 10, 2)]
    assert (held.state, held.last, held.ended_on, held.revision) == (None, MORE, date(2026, 6, 9), 3)
    assert exits == {JUNE: 3}


def test_another_interval_after_other_states_begins_a_term_of_its_own() -> None:
    visits, held, exits = follow(step(2, 1, LOW), step(5, 2, MORE), step(9, 3, YEARLY))

    assert told(visits) == [(2, LOW, 10, 1), (5, MORE, 10, 2), (9, YEARLY, 100, 3)]
    assert held.term == Period(date(2026, 6, 1), date(2027, 6, 1))
    assert exits == {JUNE: 3}
