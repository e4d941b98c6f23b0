"""The walk at its edges: an instant beyond the period, what is still to come, and what happens as a period begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gateway.billing.catalog import Catalog, EarlyEnd, Plan
from gateway.billing.dates import TICK, Calendar
from gateway.billing.engine import Walk, walk
from gateway.billing.term import Commitment, Opening
from gateway.billing.timeline import Change, State, Step, timeline
from tests.billing.given import BASIC, LONG_AGO, MONTH, PRO, WHATSAPP, YEAR, account, catalog_of, local, rows

ISTANBUL = "Europe/Istanbul"
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
ON_PRO, ON_BASIC, BY_THE_YEAR = State("pro", 5, MONTH), State("basic", 5, MONTH), State("pro", 5, YEAR)
PLAIN = catalog_of(PRO, BASIC, WHATSAPP)


def binding(code: str, months: int, from_on: date) -> Plan:
    """Pro or Basic, which from a day on commits whoever enters it to so many months."""
    (only,) = PLAIN.plans[code].offers
    bound = tuple(replace(price, minimum_months=months) for price in only.prices)
    return replace(PLAIN.plans[code], offers=(only, replace(only, from_on=from_on, prices=bound)))


def june(*moves: Change, at: str | datetime | None = None, catalog: Catalog = PLAIN, opening: Opening | None = None) -> Walk:
    """The period that opens on 1 June, or here."""
    books = account("2026-06-01T00:00", catalog=catalog).books
    opening = opening or Opening(JUNE)
    steps = timeline(moves, {held.item: held.last for held in opening.items}, books.calendar)
    instant = local(at, ISTANBUL) if isinstance(at, str) else at
    return walk(opening, steps, books.account, catalog, instant)


def move(when: str, state: State | None, revision: int = 1, item: str = "pkg") -> Change:
    return Change(revision=revision, item=item, at=local(when, ISTANBUL), state=state)


def in_july(*steps: tuple[str, State | None], catalog: Catalog = PLAIN, begun: State = ON_PRO) -> Walk:
    """July of an account that has had a package since 1 June."""
    opening = june(move("2026-06-01T00:00", begun), catalog=catalog).closing
    books = account("2026-06-01T00:00", catalog=catalog).books
    told = [Step(local(when, ISTANBUL), number, state) for number, (when, state) in enumerate(steps, start=10)]
    return walk(opening, {"pkg": told}, books.account, catalog)


# --- the instant -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("convention", ["USED_DAY", "NEW_STATE_DAY", "OLD_STATE_DAY", "SECOND", "FIXED_30"])
def test_an_instant_after_the_period_bills_the_period_and_no_more(convention: str) -> None:
    catalog = replace(PLAIN, convention=convention)
    begun = move("2026-06-01T00:00", ON_PRO)

    late = june(begun, at="2026-07-20T12:00", catalog=catalog)

    assert late.bill == june(begun, catalog=catalog).bill
    assert str(late.bill.due.amount) == "249.00"


def test_a_plan_counts_as_taken_from_the_very_instant_on_and_not_before() -> None:
    tried = catalog_of(replace(PRO, offers=(replace(PRO.offers[0], trial_days=14),)), BASIC)
    moves = move("2026-06-01T00:00", ON_BASIC), move("2026-06-10T09:00", ON_PRO, 2)
    taken = local("2026-06-10T09:00", ISTANBUL)

    before, then, after_all = (june(*moves, at=at, catalog=tried).closing.standing for at in (taken - TICK, taken, None))

    assert (before.plans, before.trials) == (("basic",), ())
    assert then.plans == after_all.plans == ("basic", "pro")
    assert [trial.until_on for trial in then.trials] == [date(2026, 6, 24)]


def test_what_begins_after_the_period_has_not_been_taken_in_it() -> None:
    tried = catalog_of(replace(PRO, offers=(replace(PRO.offers[0], trial_days=14),)), BASIC)
    moves = move("2026-06-01T00:00", ON_BASIC), move("2026-07-01T00:00", ON_PRO, 2)

    for at in (None, "2026-06-30T23:59", "2026-07-01T00:00", "2026-07-20T09:00"):
        assert june(*moves, at=at, catalog=tried).closing.standing.plans == ("basic",)


def test_an_item_that_is_still_to_begin_stands_nowhere() -> None:
    moves = move("2026-06-01T00:00", ON_PRO), move("2026-06-20T09:00", State("whatsapp", 1, MONTH), 2, "add")

    assert [held.item for held in june(*moves, at="2026-06-20T08:59").closing.items] == ["pkg"]
    assert [held.item for held in june(*moves, at="2026-06-20T09:00").closing.items] == ["pkg", "add"]


# --- as a period begins ----------------------------------------------------------------------------------------


def test_a_renewal_that_binds_does_so_from_the_new_term_whatever_else_the_month_brings() -> None:
    """Pro commits to three months as of July; the term of June is over by then."""
    catalog = catalog_of(binding("pro", 3, JULY), BASIC)
    july_on = (Commitment(ON_PRO, JULY, 3),)

    assert in_july(catalog=catalog).closing.items[0].commitments == july_on
    assert in_july(("2026-07-20T09:00", replace(ON_PRO, quantity=6)), catalog=catalog).closing.items[0].commitments == july_on


def test_who_leaves_as_the_price_begins_to_bind_is_not_bound() -> None:
    catalog = catalog_of(binding("pro", 3, JULY), BASIC)

    assert in_july(("2026-07-01T00:00", ON_BASIC), catalog=catalog).closing.items[0].commitments == ()
    assert in_july(("2026-07-01T00:00", None), catalog=catalog).closing.items[0].commitments == ()
    assert in_july(("2026-07-01T00:00", ON_BASIC), ("2026-07-20T09:00", None), catalog=catalog).closing.items[0].commitments == ()


def test_a_state_that_is_replaced_at_its_very_instant_leaves_no_trace() -> None:
    """Ended and brought back as July begins is not an end: the commitment of June stands."""
    catalog = catalog_of(binding("pro", 6, LONG_AGO + timedelta(days=1)), BASIC)
    back = Step(local("2026-07-01T00:00", ISTANBUL), 11, ON_PRO)

    seen = in_july(("2026-07-01T00:00", None), ("2026-07-01T00:00", ON_PRO), catalog=catalog)
    books = account("2026-06-01T00:00", catalog=catalog).books
    plainly = walk(june(move("2026-06-01T00:00", ON_PRO), catalog=catalog).closing, {"pkg": [back]}, books.account, catalog)

    assert seen.closing == plainly.closing
    assert seen.closing.items[0].commitments == (Commitment(ON_PRO, JUNE, 6),)


# --- what is carried on ----------------------------------------------------------------------------------------


def test_only_terms_that_cost_something_to_leave_are_kept_account_of() -> None:
    leaving = replace(PRO.offers[0], prices=tuple(replace(price, early_end=EarlyEnd.NONE) for price in PRO.offers[0].prices))
    unbound = catalog_of(replace(PRO, offers=(leaving,)), BASIC)

    for at in ("2026-06-20T09:00", None):
        assert june(move("2026-06-01T00:00", ON_PRO), at=at).closing.items[0].used == ()
        assert june(move("2026-06-01T00:00", BY_THE_YEAR), at=at, catalog=unbound).closing.items[0].used == ()
        assert len(june(move("2026-06-01T00:00", BY_THE_YEAR), at=at).closing.items[0].used) == 1


def test_a_calendar_that_stays_is_not_written_beside_each_price() -> None:
    for at in ("2026-06-20T09:00", None):
        (held,) = june(move("2026-06-01T00:00", BY_THE_YEAR), at=at).closing.items
        assert [lock.calendar for lock in held.locks] == [None]


def test_a_calendar_that_changes_is_written_beside_each_running_price_at_the_cut_and_not_before() -> None:
    opened = june(move("2026-06-01T00:00", BY_THE_YEAR), at="2026-06-01T00:00").closing
    standing = replace(opened.standing, calendar=Calendar(ISTANBUL, 15))
    opening = Opening(JUNE, opened.items, standing)

    running, cut = (june(at=at, opening=opening).closing for at in ("2026-06-20T09:00", None))

    assert [lock.calendar for lock in running.items[0].locks] == [None]
    assert [lock.calendar for lock in cut.items[0].locks] == [Calendar(ISTANBUL, 1)]


def test_free_days_of_a_year_are_not_among_those_that_are_re_rated() -> None:
    """Two weeks of trial; the days used that are re-rated begin after it."""
    tried = catalog_of(replace(PRO, offers=(replace(PRO.offers[0], trial_days=14),)), BASIC)

    left = june(move("2026-06-01T00:00", BY_THE_YEAR), move("2026-06-20T09:00", None, 2), catalog=tried)

    # 15 to 20 June: by the year 2490.00 × 6/365 = 40.93, by the month 249.00 × 6/30 = 49.80
    assert rows(left.bill) == [
        ("pro", "2026-06-15 to 2026-06-20", "2490.00 × 6/365", "40.93"),
        ("pro early_end", "2026-06-15 to 2026-06-20", "49.80 − 40.93", "8.87"),
    ]


def test_a_return_that_is_to_begin_another_term_does_not_put_off_what_leaving_costs() -> None:
    """Left on 10 June; on 20 June it is to come back by the month, or by the year as if it had never been away."""
    begun, left = move("2026-06-01T00:00", BY_THE_YEAR), move("2026-06-10T09:00", None, 2)
    by_the_month, by_the_year = move("2026-06-20T09:00", ON_PRO, 3), move("2026-06-20T09:00", BY_THE_YEAR, 3)

    parts = [[line.part for line in june(begun, left, back, at="2026-06-15T09:00").bill.lines] for back in (by_the_month, by_the_year)]

    assert parts == [["base", "early_end"], ["base"]]


def test_only_a_return_into_the_very_term_puts_it_off() -> None:
    begun, left = move("2026-06-01T00:00", BY_THE_YEAR), move("2026-06-10T09:00", None, 2)
    by_the_month, gone = move("2026-06-20T09:00", ON_PRO, 3), move("2026-06-25T09:00", None, 4)
    by_the_year = move("2026-06-28T09:00", BY_THE_YEAR, 5)

    def parts(*later: Change) -> list[str]:
        return [line.part for line in june(begun, left, *later, at="2026-06-15T09:00").bill.lines]

    assert parts(gone) == parts(by_the_month, gone) == ["base", "early_end"]  # an end that finds it ended is no return
    assert parts(by_the_month, gone, by_the_year) == ["base"]


def test_what_leaving_costs_is_one_line_of_one() -> None:
    bill = june(move("2026-06-01T00:00", BY_THE_YEAR), move("2026-06-10T09:00", None, 2)).bill

    assert [(line.part, line.quantity) for line in bill.lines] == [("base", 1), ("early_end", 1)]


def test_with_its_rest_a_term_has_been_billed_to_its_end() -> None:
    rest = replace(PRO.offers[0], prices=tuple(replace(price, early_end=EarlyEnd.REST_OF_TERM) for price in PRO.offers[0].prices))

    walked = june(
        move("2026-06-01T00:00", replace(BY_THE_YEAR, quantity=7)),
        move("2026-06-10T09:00", None, 2),
        catalog=catalog_of(replace(PRO, offers=(rest,)), BASIC),
    )

    assert {count.part: count.units for count in walked.closing.items[0].counts} == {"base": 365, "representatives": 2 * 365}
    assert str(walked.bill.due.amount) == "3470.00"  # 2490.00 + 2 × 490.00


def test_what_weighs_nothing_is_no_line() -> None:
    """The 31st of a month of thirty days."""
    catalog = replace(PLAIN, convention="FIXED_30")

    assert june(move("2026-07-31T09:00", ON_PRO), catalog=catalog, opening=Opening(JULY)).bill.lines == ()
