"""Courses: the states an item was in during a period, one after the other, and at which price (rules §3, §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .catalog import Price
from .convention import Visit
from .dates import Calendar, Period
from .own_price import PriceList
from .term import Held
from .timeline import State, Step


@dataclass(frozen=True, slots=True)
class Course:
    """The period that items are followed through, from its first instant `start` up to `until`, and what they are charged by."""

    period: Period
    start: datetime
    until: datetime
    calendar: Calendar
    prices: PriceList
    currency: str

    def follow(self, held: Held, steps: Sequence[Step]) -> tuple[list[Visit], Held, dict[Period, int]]:
        """The states an item was in; the item after the last step; and which entry took it out of a term.

        Within a term that lasts beyond the period, a step that keeps the interval alters the state and nothing else: there
        the item is entered into the last of such states only, and `locked` says what the others cost.
        """
        visits: list[Visit] = []
        exits: dict[Period, int] = {}
        locked: dict[str, Price] = {}
        calendar, since, state, revision = self.calendar, self.start, held.state, held.revision
        for step in steps:
            if state is not None and since < step.at:
                price = locked.get(state.plan)
                if price is not None and held.term is not None:
                    visits.append(Visit(since, step.at, state, price, held.term, revision))
                else:
                    held = self._stay(self._entered(held, state, revision, since), since, step.at, visits)
                    if held.term is not None and held.term.end >= self.period.end:
                        locked[state.plan] = visits[-1].price
            since, entered = step.at, step.state
            if locked and state is not None and entered is not None and entered.interval is state.interval:
                state, revision = entered, step.revision
                continue
            if state is not None:
                held = self._entered(held, state, revision, since)
            day, left = calendar.today(since), held.term if state is not None else None
            held = held.end(day, step.revision) if entered is None else held.enter(entered, day, step.revision, calendar)
            if left is not None and (held.state is None or (held.term is not left and held.term != left)):
                exits[left] = step.revision
            if exits and held.state is not None and held.term is not None:
                exits.pop(held.term, None)
            state, revision = entered, step.revision
            locked.clear()
        if state is not None:
            held = self._stay(self._entered(held, state, revision, since), since, None, visits)
        return visits, held, exits

    def _entered(self, held: Held, state: State, revision: int, at: datetime) -> Held:
        """An item in the state it is in by now, within the same term."""
        if held.state is state and held.revision == revision:
            return held
        return held.enter(state, self.calendar.today(at), revision, self.calendar)

    def _stay(self, held: Held, since: datetime, leaves: datetime | None, visits: list[Visit]) -> Held:
        """Add the visits of one state, and go on in a new term where one is over within the period."""
        calendar, end, day = self.calendar, self.period.end, self.calendar.today(since)
        while True:
            price, held = held.lock(day, self.prices, self.currency)
            assert held.state is not None and held.term is not None
            over = None if held.term.end >= end else calendar.instant(held.term.end)
            if over is None or over > self.until or (leaves is not None and over >= leaves):
                visits.append(Visit(since, leaves, held.state, price, held.term, held.revision))
                return held
            visits.append(Visit(since, over, held.state, price, held.term, held.revision))
            since, day = over, held.term.end
            held = held.renew(calendar, day)
