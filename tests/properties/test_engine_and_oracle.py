"""The engine against the oracle, over random histories: the same days, units and amounts for every period, whole or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from gateway.billing.catalog import Interval
from gateway.billing.engine import Walk, walk
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, Move, Scheduled, State, timeline
from tests import oracle
from tests.billing.given import account as an_account
from tests.properties.histories import History, histories
from tests.properties.market import DECIMALS, owed, owed_by_oracle


class Engine:
    """One history, walked period by period."""

    def __init__(self, history: History) -> None:
        self.history, self.catalog = history, history.market.catalog
        self.steps = timeline(history.moves, {}, history.calendar)

    def walk(self, opening: Opening, at: datetime | None = None) -> Walk:
        return walk(opening, self.steps, self.history.account, self.catalog, at)

    def openings(self, periods: int) -> list[Opening]:
        opened = [Opening(self.history.first)]
        for _ in range(periods - 1):
            opened.append(self.walk(opened[-1]).closing)
        return opened


def by_oracle(history: History, day: date, at: datetime) -> list[oracle.Part]:
    account = history.account
    return oracle.bill(
        list(history.events),
        history.market.prices,
        zone=account.zone,
        anchor=account.anchor,
        exponent=DECIMALS[account.currency],
        period=oracle.period_of(day, account.anchor),
        at=at,
    )


@given(histories(), st.integers(1, 14), st.data())
def test_every_period_is_billed_as_the_oracle_says_at_its_end_and_at_any_instant_within(
    history: History, periods: int, data: st.DataObject
) -> None:
    engine, _zone = Engine(history), history.account.zone
    note("\n".join(map(str, history.events)))
    inside = data.draw(st.integers(0, 31 * 86_400), label="seconds into the period")

    for opening in engine.openings(periods):
        period = history.calendar.run(opening.on)
        begins, ends = history.calendar.instant(period.start), history.calendar.instant(period.end)
        at = min(begins + timedelta(seconds=inside), ends - timedelta(microseconds=1))

        assert owed(engine.walk(opening).bill) == owed_by_oracle(by_oracle(history, opening.on, ends))
        assert owed(engine.walk(opening, at).bill) == owed_by_oracle(by_oracle(history, opening.on, at))


@given(histories(), st.integers(1, 6), st.lists(st.integers(0, 31 * 86_400), min_size=2, max_size=6).map(sorted))
def test_while_only_time_passes_so_far_never_falls_and_ends_at_what_was_expected(
    history: History, periods: int, seconds: list[int]
) -> None:
    opening = Engine(history).openings(periods)[-1]
    period = history.calendar.run(opening.on)
    begins, last = history.calendar.instant(period.start), history.calendar.instant(period.end) - timedelta(microseconds=1)
    instants = [min(begins + timedelta(seconds=each), last) for each in seconds]
    # What was done after the first look is left out; what is scheduled still acts.
    known = tuple(move for move in history.moves if not isinstance(move, Change) or move.at <= instants[0])
    begun = {move.item for move in known if isinstance(move, Change)}
    engine = Engine(replace(history, moves=tuple(move for move in known if isinstance(move, Change | Scheduled) and move.item in begun)))

    so_far = [engine.walk(opening, at).bill.due.minor for at in instants]
    expected = engine.walk(opening)

    assert so_far == sorted(so_far)
    assert so_far[-1] <= expected.bill.due.minor
    assert engine.walk(opening, last).bill == expected.bill


@given(st.sets(st.integers(1, 31), min_size=1), st.sets(st.integers(1, 31), min_size=1))
def test_only_how_many_days_were_used_matters_not_which(some: set[int], others: set[int]) -> None:
    count = min(len(some), len(others))

    assert _used(sorted(some)[:count]) == _used(sorted(others)[-count:])


def _used(days: list[int]) -> int:
    """What July 2026 owes when a package at 249.00 with two representatives more was active at noon of these days."""
    books = an_account("2026-07-01T00:00").books
    noon = timedelta(hours=12)
    moves: list[Move] = []
    for revision, number in enumerate(days):
        at = books.calendar.instant(date(2026, 7, number)) + noon
        moves.append(Change(revision=2 * revision + 1, item="pkg", at=at, state=State("pro", 7, Interval.MONTH)))
        moves.append(Change(revision=2 * revision + 2, item="pkg", at=at + noon - timedelta(seconds=1), state=None))
    steps = timeline(moves, {}, books.calendar)
    bill = walk(Opening(date(2026, 7, 1)), steps, books.account, books.catalog).bill
    assert sum(len(line.days) for line in bill.lines if line.part == "base") == len(days)
    return bill.due.minor
