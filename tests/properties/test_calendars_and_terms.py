"""Longer terms under every convention while zones and anchor days change: periods tile time, and no term costs more than its price."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from gateway.billing.account import Account
from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.catalog import EarlyEnd, Interval
from gateway.billing.conventions import CONVENTIONS
from gateway.billing.engine import Walk, walk
from gateway.billing.era import Era, almanac
from gateway.billing.standing import Mark
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, State, Step, timeline
from tests.billing.given import CATALOG
from tests.properties.test_calendar_changes import OPENED, calendars, midnight
from tests.properties.test_early_end import left_by

PERIODS = 20
SECONDS = st.integers(0, 16 * 30 * 86_400)
STATES = st.builds(State, st.sampled_from(["basic", "pro"]), st.integers(1, 7), st.sampled_from(Interval))
LONGER = st.builds(State, st.just("pro"), st.integers(1, 7), st.sampled_from([Interval.QUARTER, Interval.YEAR]))
WISHES = st.lists(st.tuples(SECONDS, calendars), min_size=1, max_size=5)


class Moved:
    """An account that moves from calendar to calendar, while its only package is changed and ended."""

    def __init__(
        self,
        first: tuple[str, int],
        wishes: list[tuple[int, tuple[str, int]]],
        moves: list[tuple[int, State | None]],
        convention: str,
        way: EarlyEnd,
    ) -> None:
        zone, anchor = first
        self.account = Account(id="acc_1", name="", currency="TRY", zone=zone, anchor=anchor, locale="en", opened_at=OPENED, last_at=OPENED)
        self.catalog = left_by(CATALOG, way, convention)
        self.marks: list[Mark] = [
            CalendarChanged(revision=1, at=OPENED + timedelta(seconds=after), zone=to[0], anchor=to[1]) for after, to in sorted(wishes)
        ]
        home = Era.of(Opening(OPENED.date()), self.account)
        self.first = Opening(home.run(home.today(OPENED)).start)
        self.days = almanac(Era.of(self.first, self.account), self.marks)
        self.moves = [
            Change(revision=n, item="pkg", at=OPENED + timedelta(seconds=after), state=state)
            for n, (after, state) in enumerate(sorted(moves, key=lambda move: move[0]), 1)
            if n > 1 or state is not None
        ]
        note(f"{self.marks}\n{self.moves}")

    def steps(self, known_at: datetime | None = None) -> dict[str, list[Step]]:
        return timeline([move for move in self.moves if known_at is None or move.at <= known_at], {}, self.days)

    def walk(self, opening: Opening, at: datetime | None = None, known_at: datetime | None = None) -> Walk:
        return walk(opening, self.steps(known_at), self.account, self.catalog, at, self.marks)

    def walks(self, periods: int) -> list[Walk]:
        found = [self.walk(self.first)]
        for _ in range(periods - 1):
            found.append(self.walk(found[-1].closing))
        return found


accounts = st.builds(
    Moved,
    calendars,
    st.lists(st.tuples(SECONDS, calendars), max_size=5),
    st.lists(st.tuples(SECONDS, st.none() | STATES), min_size=1, max_size=6),
    st.sampled_from(list(CONVENTIONS)),
    st.sampled_from(EarlyEnd),
)


@given(accounts)
def test_no_term_is_paid_for_more_than_once_whatever_calendars_do(moved: Moved) -> None:
    """The counts of one state's price go up to its whole term, and each line goes on where the last one of its key ended."""
    for each in moved.walks(PERIODS):
        for line in each.bill.lines:
            if line.part in ("base", "rest_of_term"):
                assert 0 <= line.before < line.after <= line.whole


@given(accounts, st.data())
def test_while_only_time_passes_so_far_never_falls_nor_runs_ahead_on_stubs_either(moved: Moved, data: st.DataObject) -> None:
    walks = moved.walks(data.draw(st.integers(1, PERIODS)))
    opening = walks[-2].closing if len(walks) > 1 else moved.first
    begins, ends = moved.days.instant(opening.on), moved.days.instant(walks[-1].bill.period.end)
    span = ends - begins
    looks = sorted(data.draw(st.lists(st.integers(0, 999), min_size=2, max_size=5)))
    instants = [begins + span * look / 1000 for look in looks]

    so_far = [moved.walk(opening, at, instants[0]).bill.subtotal.minor for at in instants]
    expected = moved.walk(opening, None, instants[0]).bill.subtotal.minor

    assert [*so_far, expected] == sorted([*so_far, expected])


@given(calendars, WISHES, LONGER, st.sampled_from(list(CONVENTIONS)))
def test_a_term_that_is_held_throughout_costs_its_price(
    first: tuple[str, int], wishes: list[tuple[int, tuple[str, int]]], state: State, convention: str
) -> None:
    """Its first day to its last; by the second, hours that a new zone takes from its end are the next term's."""
    moved = Moved(first, wishes, [(0, state)], convention, EarlyEnd.NONE)
    begun = midnight(moved.first.on, first[0])
    moved.moves = [replace(move, at=begun) for move in moved.moves]
    walks = moved.walks(PERIODS)
    term = walks[0].bill.lines[0]
    last = defaultdict[str, int](int)
    for line in (line for each in walks for line in each.bill.lines):
        if line.before == 0 and line.part == "base" and last:
            break
        if line.part == "base":
            last["base"], whole = line.after, line.whole
            assert whole == term.whole

    lacking = term.whole - last["base"]
    assert 0 <= lacking <= (26 * 3600 if convention == "SECOND" else 0)
