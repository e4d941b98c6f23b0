"""The day ledger: for each day of a period the states an item was in, which of them was billed, and why (rules §4).

It follows the very spans and lines of the walk, so it says nothing that the bill does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .bill import Line
from .books import Books
from .catalog import Interval
from .convention import Convention, Visit, within
from .conventions import CONVENTIONS
from .dates import DAY, Period
from .engine import walk
from .era import Era
from .facts import Fact
from .money import Money, divide_half_up, exponent
from .seen import Billed, Seen
from .term import Opening
from .texts import say

_LONGEST: Final = timedelta(days=33)
"""The first period began so long before the account was opened at most, in any zone."""

DECIMALS: Final = 10
"""How many decimals of a minor unit a share is written with; `formula` is exact."""


class Reason(StrEnum):
    """Why a day is billed as it is."""

    NOT_ACTIVE = "NOT_ACTIVE"
    ONLY_STATE = "ONLY_STATE"
    DEAREST_STATE = "DEAREST_STATE"
    LAST_STATE = "LAST_STATE"
    FIRST_STATE = "FIRST_STATE"
    BY_THE_SECOND = "BY_THE_SECOND"
    FREE = "FREE"
    ALREADY_PAID = "ALREADY_PAID"
    NOT_COUNTED = "NOT_COUNTED"

    def text(self, locale: str) -> str:
        """The reason in a language."""
        match self:
            case Reason.NOT_ACTIVE:
                return say("Not active.", locale)
            case Reason.ONLY_STATE:
                return say("The only state of the day.", locale)
            case Reason.DEAREST_STATE:
                return say("Billed once, as the dearest state of the day.", locale)
            case Reason.LAST_STATE:
                return say("Billed once, as the state the day ended in.", locale)
            case Reason.FIRST_STATE:
                return say("Billed once, as the state the day began in.", locale)
            case Reason.BY_THE_SECOND:
                return say("Each state is billed by its seconds.", locale)
            case Reason.FREE:
                return say("It costs nothing on this day.", locale)
            case Reason.ALREADY_PAID:
                return say("Paid already, with the rest of the term.", locale)
            case Reason.NOT_COUNTED:
                return say("The convention does not bill this day.", locale)


_OF_SEVERAL: Final[Mapping[str, Reason]] = {
    "USED_DAY": Reason.DEAREST_STATE,
    "NEW_STATE_DAY": Reason.LAST_STATE,
    "FIXED_30": Reason.LAST_STATE,
    "OLD_STATE_DAY": Reason.FIRST_STATE,
    "SECOND": Reason.BY_THE_SECOND,
}


@dataclass(frozen=True, slots=True)
class DayState:
    """A state an item was in on a day: from an instant of the day until another, and whether the day is billed by it."""

    plan: str
    names: dict[str, str]
    representatives: int
    interval: Interval
    since: datetime
    until: datetime
    billed: bool


@dataclass(frozen=True, slots=True)
class DayShare:
    """What a day adds to a line: from `before` to `after` of the line's units.

    Amounts are differences of rounded running totals, so those of a line's days add up to the line to the cent.
    """

    line: Line
    before: int
    after: int

    @property
    def amount(self) -> Money:
        """The day's part of the line's amount."""
        rate, whole = self.line.rate, self.line.whole
        return Money(rate.share(self.after, whole) - rate.share(self.before, whole), rate.currency)

    @property
    def formula(self) -> str:
        """The day's exact share as one would type it into a calculator."""
        return f"{self.line.rate.amount} × {self.after - self.before}/{self.line.whole}"

    @property
    def exact(self) -> Decimal:
        """The day's share before rounding, in units of the currency; what goes beyond its decimals is rounded half up."""
        rate = self.line.rate
        digits = exponent(rate.currency) + DECIMALS
        return Decimal(divide_half_up(rate.millionths * (self.after - self.before) * 10 ** (DECIMALS - 6), self.line.whole)).scaleb(-digits)


@dataclass(frozen=True, slots=True)
class BilledDay:
    """One day of one item, from its first instant to the next day's in a zone; `expected` says that it is still to come."""

    on: date
    since: datetime
    until: datetime
    zone: str
    expected: bool
    reason: Reason
    states: tuple[DayState, ...]
    shares: tuple[DayShare, ...]


def ledger(books: Books, on: date, past: tuple[Opening, tuple[Fact, ...]] | None = None) -> dict[str, tuple[BilledDay, ...]] | None:
    """The days of the period that holds a day, by item; None before the account's first period and after its next one.

    `past` is where a period opened no later than that, and the facts since, for periods that the books look back on no more.
    """
    if past is None:
        opening = opening_on(books, on)
        return billed_days(books, opening) if opening is not None else None
    then = replace(books, opening=past[0], facts=past[1])
    opening = _holding(then, then.opening, on, on)
    return billed_days(then, opening) if opening is not None else None


def looks_back(books: Books, on: date) -> bool:
    """Whether a day may lie in a period that was cut: its facts have to be read anew."""
    return books.account.opened_at.date() - _LONGEST <= on < books.opening.on


def opening_on(books: Books, on: date) -> Opening | None:
    """Where the period opens that holds a day, from the opening of the books to the next period; None for any other."""
    running = books.period
    if on < running.start:
        return _holding(books, books.opening, on, on)
    return _holding(books, books.running, on, running.end)


def _holding(books: Books, opening: Opening, on: date, last: date) -> Opening | None:
    """The opening of the period that holds a day, among those that open from here until a day."""
    while opening.on <= min(on, last):
        walked = books.walk(opening)
        if on < walked.bill.period.end:
            return opening
        opening = walked.closing
    return None


def billed_days(books: Books, opening: Opening) -> dict[str, tuple[BilledDay, ...]]:
    """Every day of the period that opens here, by item; days to come as they are expected."""
    seen: list[Seen] = []
    period = walk(opening, books.steps, books.account, books.catalog, None, books.marks, seen=seen).bill.period
    era, convention = Era.of(opening, books.account), CONVENTIONS[books.catalog.convention]
    return {each.item: tuple(_days(each, period, era, convention, books)) for each in seen}


def _each(period: Period) -> Iterator[date]:
    return (period.start + DAY * n for n in range(len(period)))


def _days(seen: Seen, period: Period, era: Era, convention: Convention, books: Books) -> Iterator[BilledDay]:
    counted: dict[int, int] = {}
    for day in _each(period):
        since, until = era.instant(day), era.instant(day + DAY)
        visits = [each for each in seen.visits if each.since < until and (each.until is None or each.until > since)]
        units = {place: _units(each, day, since, until, convention) for place, each in enumerate(seen.billed) if day in each.span.days}
        billing = [seen.billed[place] for place, count in units.items() if count]
        states = tuple(_state(each, since, until, billing, books) for each in visits)
        shares = []
        for place, count in units.items():
            done = counted.get(place, 0)
            counted[place] = done + count
            if count:
                shares += [
                    DayShare(line, line.before + line.quantity * done, line.before + line.quantity * (done + count))
                    for line in seen.billed[place].lines
                ]
        yield BilledDay(day, since, until, era.zone, day > books.today, _reason(visits, billing, convention), states, tuple(shares))


def _units(billed: Billed, day: date, since: datetime, until: datetime, convention: Convention) -> int:
    """The units of one day of a span, counted as the span's own are."""
    span = billed.span
    moments = span.moments and (max(since, span.moments[0]), min(until, span.moments[1]))
    return convention.count(billed.measured, Period(day, day + DAY), within(moments, span.visit.term, billed.measured))


def _state(visit: Visit, since: datetime, until: datetime, billing: Sequence[Billed], books: Books) -> DayState:
    state = visit.state
    return DayState(
        state.plan,
        books.catalog.plan(state.plan).names,
        state.quantity,
        state.interval,
        max(since, visit.since),
        until if visit.until is None else min(until, visit.until),
        any(each.span.visit.state == state and each.span.visit.price == visit.price for each in billing),
    )


def _reason(visits: Sequence[Visit], billing: Sequence[Billed], convention: Convention) -> Reason:
    if not visits:
        return Reason.NOT_ACTIVE
    if not billing:
        return Reason.NOT_COUNTED
    if not any(each.lines for each in billing):
        free = all(not each.span.visit.price.parts(each.span.visit.state.quantity) for each in billing)
        return Reason.FREE if free else Reason.ALREADY_PAID
    if len({(each.state, each.price.free) for each in visits}) == 1:
        return Reason.ONLY_STATE
    return _OF_SEVERAL[convention.name]
