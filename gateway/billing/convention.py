"""Conventions: from the moments an item was in a state to the units it owes (rules §4).

A convention is a pure function from visits to spans, and a count of a term's units. It is chosen per catalog; the
ones there are stand in `conventions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .catalog import Price
from .dates import Calendar, Period
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
        return mine >= theirs if self.term is other.term else mine * len(other.term) >= theirs * len(self.term)


Moments = tuple[datetime, datetime]


class Span(NamedTuple):
    """A run of time billed at one state: the local days it touches, and its exact bounds where days are not what counts."""

    days: Period
    visit: Visit
    because: tuple[int, ...]
    moments: Moments | None = None


# Visits in order, which do not overlap; the first day and the instant from which on nothing is billed.
Spans = Callable[[Sequence[Visit], Calendar, date, datetime], list[Span]]


@dataclass(frozen=True, slots=True)
class Convention:
    """A named rule: how visits become billed spans, and how spans and terms are measured in its units.

    `count` measures a run of days, or exact bounds where there are any; `whole` measures a term: n of rules §5.
    `runs`: what is due so far moves with the clock, not only as days begin.
    """

    name: str
    spans: Spans
    count: Callable[[Calendar, Period, Moments | None], int]
    whole: Callable[[Calendar, Period], int]
    runs: bool = False


def within(moments: Moments | None, term: Period, calendar: Calendar) -> Moments | None:
    """The part of exact bounds that lies within a term: hours that a new zone adds to it are not billed, or it would cost too much."""
    if moments is None:
        return None
    since = max(moments[0], calendar.instant(term.start))
    return since, max(since, min(moments[1], calendar.instant(term.end)))


def append(spans: list[Span], span: Span) -> None:
    """Add a span, or lengthen the last one when nothing changed between them."""
    before = spans[-1] if spans else None
    if (
        before
        and (before.days.end == span.days.start if span.moments is None else _touch(before, span))
        and _same(before.visit, span.visit)
    ):
        because = tuple(dict.fromkeys(before.because + span.because))
        moments = (before.moments[0], span.moments[1]) if before.moments and span.moments else None
        spans[-1] = Span(Period(before.days.start, span.days.end), before.visit, because, moments)
    else:
        spans.append(span)


def _touch(one: Span, other: Span) -> bool:
    return one.moments is not None and other.moments is not None and one.moments[1] == other.moments[0]


def _same(one: Visit, other: Visit) -> bool:
    return (
        (one.state is other.state or one.state == other.state)
        and (one.term is other.term or one.term == other.term)
        and (one.price is other.price or one.price == other.price)
    )
