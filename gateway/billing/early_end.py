"""Leaving a longer term early: what is owed beside the days used (rules §3).

REPRICE: what the days used would have cost by the month, less what was billed for them. REST_OF_TERM: the days to the
term's end, at the state that was left; who comes back within the term finds them paid. Nothing is given back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from .catalog import FINENESS, EarlyEnd, Price, Rate
from .convention import Convention, Span
from .dates import Calendar, Period
from .timeline import State

EARLY_END: Final = "early_end"
REST: Final = "rest_of_term"
REST_REPRESENTATIVES: Final = "rest_of_term_representatives"
BEYOND: Final = "beyond_rest_of_term"
OF_LEAVING: Final = frozenset((EARLY_END, REST, REST_REPRESENTATIVES))
"""The parts of lines that are owed for having left."""

Part = tuple[str, int, Rate]


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of a longer term since it began, or was last left: its days from the first to the last one billed.

    `state` and `price` are those of the last span, which ended at the instant `until`. `monthly` is what the days that are
    re-rated would have cost by the month, and `billed` what was billed for them, in minor units.
    """

    term: Period
    days: Period
    until: datetime
    state: State
    price: Price
    monthly: int = 0
    billed: int = 0

    @property
    def spared(self) -> int:
        """What leaving now would cost by REPRICE."""
        return max(0, self.monthly - self.billed)


@dataclass(frozen=True, slots=True)
class Rest:
    """A term that was left and paid for to its end, at this price and quantity."""

    term: Period
    price: Price
    quantity: int


class Owed(NamedTuple):
    """A span that was billed at a longer interval: its units, its amount, and the plan's monthly price (None: not re-rated)."""

    span: Span
    units: int
    minor: int
    monthly: Price | None


def tally(records: tuple[Used, ...], owed: Iterable[Owed], convention: Convention, calendar: Calendar) -> tuple[Used, ...]:
    """The records with the spans of one period, re-rated as that period's monthly bill would have been: rounded per price.

    A state that costs nothing to leave is recorded only where the term was used at another before: it is the one that is left then.
    """
    known = {record.term: record for record in records}
    counts: dict[tuple[Period, str, int], int] = {}
    for span, units, minor, monthly in owed:
        visit = span.visit
        if visit.term not in known and not costly(visit.price):
            continue
        cost, billed = 0, 0
        if monthly is not None:
            billed, whole = minor, convention.whole(calendar, calendar.run(span.days.start))
            for part, quantity, rate in monthly.parts(visit.state.quantity):
                key = (visit.term, part, rate.millionths)
                before = counts.get(key, 0)
                counts[key] = before + quantity * units
                cost += rate.share(counts[key], whole) - rate.share(before, whole)
        until = span.moments[1] if span.moments else calendar.instant(span.days.end)
        record = known.get(visit.term) or Used(visit.term, span.days, until, visit.state, visit.price)
        known[visit.term] = Used(
            visit.term,
            Period(record.days.start, span.days.end),
            until,
            visit.state,
            visit.price,
            record.monthly + cost,
            record.billed + billed,
        )
    return tuple(known.values())


def beyond(price: Price, quantity: int, rest: Rest | None) -> Sequence[Part]:
    """The parts a state is billed in, where a rest was paid only what it costs more than the state that was paid."""
    if rest is None:
        return price.parts(quantity)
    more = price.list_price(quantity) - rest.price.list_price(rest.quantity)
    return ((BEYOND, 1, Rate(more, price.base.currency)),) if more > 0 else ()


def costly(price: Price) -> bool:
    """Whether leaving a term early may cost something at this price; one of nothing is neither re-rated nor paid to the end."""
    return price.leaving is not EarlyEnd.NONE and not price.free


def smallest(currency: str) -> Rate:
    """The smallest unit of a currency as a rate: by it a difference of amounts is written as a line."""
    return Rate(10**FINENESS, currency)


def paid(rests: tuple[Rest, ...], term: Period) -> Rest | None:
    """The rest that was paid of a term."""
    return next((rest for rest in rests if rest.term == term), None)


def pay(rests: tuple[Rest, ...], record: Used) -> tuple[Rest, ...]:
    """The rests with the one of a term that was left; the dearer, where it is left a second time."""
    before, state = paid(rests, record.term), record.state
    if before is not None and before.price.list_price(before.quantity) >= record.price.list_price(state.quantity):
        return rests
    return (*(rest for rest in rests if rest is not before), Rest(record.term, record.price, state.quantity))


def rest_of(record: Used, convention: Convention, calendar: Calendar) -> tuple[Period, int]:
    """The days from the last one billed to the term's end, and their units."""
    days = Period(record.days.end, record.term.end)
    end = calendar.instant(record.term.end)
    return days, convention.count(calendar, days, (min(record.until, end), end))
