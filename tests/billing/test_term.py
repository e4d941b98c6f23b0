"""Terms: when one goes on, when a new one begins, and which price holds in it (rules §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.billing.catalog import EarlyEnd
from gateway.billing.dates import Calendar, Period
from gateway.billing.early_end import Rest, Used
from gateway.billing.term import Commitment, Count, Held, Lock
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


def test_a_price_of_an_interval_that_was_left_is_let_go_unless_its_rest_was_paid() -> None:
    monthly, yearly = Lock(JUNE, price("pro", MONTH, "249", "TRY")), Lock(THE_YEAR, price("pro", YEAR, "2490", "TRY"))
    kept = Held(item="x", state=MONTHLY, last=MONTHLY, term=JUNE, locks=(yearly, monthly))
    on = date(2026, 7, 1)

    assert kept.forget(on).locks == (monthly,)
    assert replace(kept, rests=(Rest(THE_YEAR, yearly.price, 5),)).forget(on).locks == (yearly, monthly)
    assert replace(kept, rests=(Rest(JUNE, yearly.price, 5),)).forget(on).locks == (monthly,)


def test_a_term_is_measured_by_the_calendar_it_began_by_and_others_by_the_present_one() -> None:
    yearly, old, older = price("pro", YEAR, "2490", "TRY"), Calendar("Asia/Tokyo", 15), Calendar("Asia/Kolkata", 15)
    last_year = Period(date(2025, 6, 15), date(2026, 6, 15))
    both = Held(item="x", locks=(Lock(last_year, yearly, calendar=older), Lock(THE_YEAR, yearly, calendar=old)))

    assert [both.measure(term, CALENDAR) for term in (last_year, THE_YEAR, JUNE)] == [older, old, CALENDAR]


def test_a_price_of_another_interval_is_a_commitment_of_its_own_and_another_quantity_is_none() -> None:
    (monthly, yearly) = (replace(price("pro", interval, "249", "TRY"), minimum_months=3) for interval in (MONTH, YEAR))
    catalog = catalog_of(plan("pro", replace(offer("pro", ""), prices=(monthly, yearly))))

    _, first = held(MONTHLY).lock(date(2026, 6, 20), catalog, "TRY")
    _, more = first.enter(State("pro", 9, MONTH), date(2026, 6, 22), 2, CALENDAR).lock(date(2026, 6, 22), catalog, "TRY")
    _, both = first.enter(YEARLY, date(2026, 6, 25), 2, CALENDAR).lock(date(2026, 6, 25), catalog, "TRY")

    assert more.commitments == first.commitments == (Commitment(MONTHLY, JUNE.start, 3),)
    assert both.commitments == (Commitment(MONTHLY, JUNE.start, 3), Commitment(YEARLY, JUNE.start, 3))


@pytest.mark.parametrize(
    ("way", "monthly", "billed", "kept"),
    [
        (EarlyEnd.REPRICE, 100, 60, False),
        (EarlyEnd.REPRICE, 60, 60, False),
        (EarlyEnd.REPRICE, 59, 60, True),  # below zero: it stays in the sum of the term
        (EarlyEnd.REST_OF_TERM, 59, 60, False),
    ],
)
def test_a_term_that_was_left_is_settled_unless_its_sum_is_below_zero(way: EarlyEnd, monthly: int, billed: int, kept: bool) -> None:
    yearly = replace(price("pro", YEAR, "2490", "TRY"), early_end=way)
    record = Used(THE_YEAR, JUNE, datetime(2026, 7, 15, tzinfo=UTC), YEARLY, yearly, monthly, billed)

    after = Held(item="x", last=YEARLY, used=(record,)).leave(record)

    assert after.used == ((record,) if kept else ())
    assert after.rests == ((Rest(THE_YEAR, yearly, 5),) if way is EarlyEnd.REST_OF_TERM else ())
