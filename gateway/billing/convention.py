"""Which days are billed: from the moments an item was in a state to the units it owes (rules §4).

A convention is a pure function from visits to spans. It is chosen per catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .catalog import Price
from .dates import DAY, Calendar, Period
from .timeline import State


class Visit(NamedTuple):
    """A run of time an item was in one state: `since` is in, `until` is out (None: it lasts)."""

    since: datetime
    until: datetime | None
    state: State
    price: Price
    term: Period
    revision: int

    def dearer_or_equal(self, other: Visit) -> bool:
        """Compare daily list prices exactly, as fractions of integers."""
        mine, theirs = self.price.list_price(self.state.quantity), other.price.list_price(other.state.quantity)
        return mine * len(other.term) >= theirs * len(self.term)


class Span(NamedTuple):
    """A run of days billed at one state."""

    days: Period
    visit: Visit
    because: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Convention:
    """A named rule: how visits become billed spans, and how long a term is in its units."""

    name: str
    spans: Callable[[Sequence[Visit], Calendar, date], list[Span]]
    whole: Callable[[Period], int]


def used_days(visits: Sequence[Visit], calendar: Calendar, upto: date) -> list[Span]:
    """A day is billed if the item was active at any moment of it, once, at the dearest state it saw.

    `visits` are in order and do not overlap; no day from `upto` on is billed. A tie goes to the later state.
    """
    spans: list[Span] = []
    for visit in visits:
        first, end = calendar.today(visit.since), upto
        if visit.until is not None:
            last = calendar.today(visit.until)
            end = last if calendar.instant(last) == visit.until else last + DAY
        if spans and spans[-1].days.end > first:  # they share a day, the first of this visit
            before = spans[-1]
            if visit.dearer_or_equal(before.visit):
                spans[-1] = Span(Period(before.days.start, first), before.visit, before.because)
            else:
                first += DAY
        if spans and spans[-1].days.start >= spans[-1].days.end:
            spans.pop()
        if first < end:
            _append(spans, Span(Period(first, end), visit, (visit.revision,)))
    return spans


def _append(spans: list[Span], span: Span) -> None:
    """Add a span, or lengthen the last one when nothing changed between them."""
    before = spans[-1] if spans else None
    if before and before.days.end == span.days.start and _same(before.visit, span.visit):
        spans[-1] = Span(Period(before.days.start, span.days.end), before.visit, tuple(dict.fromkeys(before.because + span.because)))
    else:
        spans.append(span)


def _same(one: Visit, other: Visit) -> bool:
    return one.state == other.state and one.term == other.term and one.price == other.price


USED_DAY = Convention("USED_DAY", used_days, len)
CONVENTIONS = {convention.name: convention for convention in (USED_DAY,)}
