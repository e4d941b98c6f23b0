"""Terms: when one goes on, when a new one begins, and which price holds in it (rules §3)."""

from __future__ import annotations

from datetime import date

from gateway.billing.dates import Calendar, Period
from gateway.billing.term import Count, Held, Lock
from gateway.billing.timeline import State
from tests.billing.given import MONTH, YEAR, catalog_of, offer, plan, price

CALENDAR = Calendar("UTC", 15)
MONTHLY, YEARLY = State("pro", 5, MONTH), State("pro", 5, YEAR)
JUNE = Period(date(2026, 6, 15), date(2026, 7, 15))
THE_YEAR = Period(date(2026, 6, 15), date(2027, 6, 15))
CATALOG = catalog_of(plan("pro", offer("pro", "MONTH 249 TRY"), offer("pro", "MONTH 279 TRY", date(2026, 6, 25))))


def held(state: State, day: date = date(2026, 6, 20)) -> Held:
    return Held(item="x").enter(state, day, 1, CALENDAR)


def test_the_first_term_begins_with_the_period_of_the_first_day() -> None:
    assert held(MONTHLY).term == JUNE
    assert held(YEARLY).term == THE_YEAR
    assert held(YEARLY).started_on == date(2026, 6, 20)


def test_another_plan_or_quantity_keeps_the_term_and_another_interval_begins_one() -> None:
    changed = held(YEARLY).enter(State("basic", 9, YEAR), date(2026, 9, 1), 2, CALENDAR)
    assert changed.term == THE_YEAR

    monthly = held(YEARLY).enter(MONTHLY, date(2026, 9, 1), 2, CALENDAR)
    assert monthly.term == Period(date(2026, 8, 15), date(2026, 9, 15))


def test_a_return_within_the_term_keeps_it_and_one_on_its_last_day_too() -> None:
    ended = held(YEARLY).end(date(2026, 9, 1), 2)
    assert (ended.state, ended.last, ended.ended_on, ended.term) == (None, YEARLY, date(2026, 9, 1), THE_YEAR)

    back = ended.enter(YEARLY, date(2027, 6, 14), 3, CALENDAR)
    assert (back.term, back.started_on, back.ended_on) == (THE_YEAR, date(2026, 6, 20), None)


def test_a_return_on_the_day_after_the_term_begins_a_new_one() -> None:
    back = held(YEARLY).end(date(2026, 9, 1), 2).enter(YEARLY, date(2027, 6, 15), 3, CALENDAR)

    assert back.term == Period(date(2027, 6, 15), date(2028, 6, 15))


def test_it_renews_when_its_term_is_over_and_only_while_it_is_active() -> None:
    assert held(YEARLY).renew(CALENDAR, date(2027, 5, 15)).term == THE_YEAR
    assert held(YEARLY).renew(CALENDAR, date(2027, 6, 15)).term == Period(date(2027, 6, 15), date(2028, 6, 15))
    assert held(YEARLY).end(date(2026, 9, 1), 2).renew(CALENDAR, date(2027, 6, 15)).term == THE_YEAR


def test_the_price_is_that_of_the_day_it_entered_and_holds_to_the_terms_end() -> None:
    first, locked = held(MONTHLY).lock(date(2026, 6, 20), CATALOG, "TRY")
    again, unchanged = locked.lock(date(2026, 7, 10), CATALOG, "TRY")

    assert str(first.base.amount) == "249.00"
    assert again is first and unchanged is locked
    assert locked.locks == (Lock(JUNE, first),)


def test_the_next_term_finds_the_price_of_its_own_first_day() -> None:
    _, locked = held(MONTHLY).lock(date(2026, 6, 20), CATALOG, "TRY")
    renewed, _ = locked.renew(CALENDAR, date(2026, 7, 15)).lock(date(2026, 7, 15), CATALOG, "TRY")

    assert str(renewed.base.amount) == "279.00"


def test_a_price_that_was_entered_before_the_term_counts_from_the_terms_first_day() -> None:
    price_, _ = held(MONTHLY).lock(date(2026, 6, 1), CATALOG, "TRY")

    assert str(price_.base.amount) == "249.00"


def test_locks_and_counts_of_terms_that_are_over_are_let_go() -> None:
    monthly = price("pro", MONTH, "249", "TRY")
    kept = Held(
        item="x",
        last=MONTHLY,
        locks=(Lock(JUNE, monthly), Lock(THE_YEAR, monthly)),
        counts=(Count("base", monthly.base, JUNE, 7), Count("base", monthly.base, THE_YEAR, 7)),
    )

    assert kept.forget(date(2026, 7, 14)) == kept
    assert [lock.term for lock in kept.forget(JUNE.end).locks] == [THE_YEAR]
    assert [count.term for count in kept.forget(JUNE.end).counts] == [THE_YEAR]
    assert kept.forget(THE_YEAR.end).locks == ()
