"""Which days, seconds or thirtieths are billed, and to which state they go (rules 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from .almanac import Almanac, Month
from .days import ONE_DAY, TICK, first_instant, length, months_from
from .spans import MONTHS_IN_A_TERM, Span, Term

SECOND = "SECOND"
CONVENTIONS = ("USED_DAY", "NEW_STATE_DAY", "OLD_STATE_DAY", SECOND, "FIXED_30")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the account's, as far as it has come: [begins, ends) or up to and including `until` if that is within."""

    on: date
    begins: datetime
    ends: datetime
    until: datetime
    month: Month

    def saw(self, span: Span) -> bool:
        """Whether the state was there at any moment of the day."""
        return max(span.begins, self.begins) < min(span.ends, self.ends)


def goes_to(
    convention: str,
    day: Day,
    seen: Sequence[Span],
    daily: Callable[[Span], Fraction],
    began: Callable[[Span], tuple[int, datetime, datetime]],
) -> list[tuple[Span, int]]:
    """The states the day is billed to, of those it saw, and how much of it: its weight, or the seconds that went by in each.

    `began` tells the anchor day by which the term of a state began, and the instants between which it runs in the zone it
    began in: hours that another zone adds are not billed.
    """
    if convention == SECOND:
        stays = []
        for span in seen:
            _, opens, over = began(span)
            begins, ends = max(span.begins, day.begins, opens), min(span.ends, day.ends, day.until, over)
            stays.append((span, _seconds(ends) - _seconds(begins)))
        return [(span, seconds) for span, seconds in stays if seconds > 0]
    if not seen:
        return []
    if convention == "USED_DAY":
        return [(_dearest(seen, daily), 1)]
    if convention == "OLD_STATE_DAY":
        return [(seen[0], 1)]
    # The day goes to the state it ends in, or is in at present; if that is none, to nobody.
    last = min(day.ends - TICK, day.until)
    present = [span for span in seen if span.begins <= last < span.ends]
    weighed = [(span, thirtieths(day.on, began(span)[0]) if convention == "FIXED_30" else 1) for span in present]
    return [(span, weight) for span, weight in weighed if weight]


def _dearest(seen: Sequence[Span], daily: Callable[[Span], Fraction]) -> Span:
    """The one that costs most by the day; the later of equals."""
    found = seen[0]
    for span in seen[1:]:
        if daily(span) >= daily(found):
            found = span
    return found


def thirtieths(day: date, anchor: int) -> int:
    """What a day weighs where a month has thirty: how far it moves the position in its period."""
    start, end = months_from(day, 1, anchor)
    # One that begins on the last of February for want of its anchor day counts as if from the 30th.
    first = 30 if start.month == 2 and anchor > start.day else start.day
    return _position(day + ONE_DAY, start, first, end) - _position(day, start, first, end)


def _position(day: date, start: date, first: int, end: date) -> int:
    """The days from the period's start, counted 30/360 and clamped to 0…30; 30 at its end."""
    if day >= end:
        return 30
    counted = (day.year - start.year) * 360 + (day.month - start.month) * 30 + day.day - first
    return min(30, max(0, counted))


def seconds_between(since: datetime, until: datetime) -> int:
    """The whole seconds from one instant to another."""
    return _seconds(until) - _seconds(since)


def units_of_days(convention: str, day: date, end: date, anchor: int, almanac: Almanac) -> int:
    """What a run of days weighs, by the anchor day the term began by."""
    units = 0
    while day < end:
        begins, ends = almanac.bounds(day)
        if begins < ends:
            units += thirtieths(day, anchor) if convention == "FIXED_30" else 1
        day += ONE_DAY
    return units


def _seconds(at: datetime) -> int:
    """The whole seconds gone by at an instant."""
    return int(at.timestamp() // 1) if not at.microsecond else int(at.replace(microsecond=0).timestamp())


def whole(convention: str, term: Term, interval: str, almanac: Almanac) -> int:
    """The length of a term in the convention's units, by the calendar it began by: n of rules 5."""
    zone = almanac.month_on(term.since).zone
    if convention == "FIXED_30":
        return 30 * MONTHS_IN_A_TERM[interval]
    if convention != SECOND:
        return length(term.run, zone)
    # A term begins when its first day does, in a period that begins late or early with that; one that opens with a stub, when its
    # month would have begun.
    (start, end), month = term.run, almanac.month_on(term.since)
    begins = month.begins[0] if start == month.days[0] else first_instant(start, zone)
    return _seconds(first_instant(end, zone)) - _seconds(begins)
