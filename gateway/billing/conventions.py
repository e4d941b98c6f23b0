"""The five conventions: which days, seconds or thirtieths are billed, and to which state they go (rules §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from .convention import Convention, Moments, Span, Visit, append
from .dates import DAY, Calendar, Period

_SECOND: Final = timedelta(seconds=1)
_MONTH: Final = 30


def used_days(visits: Sequence[Visit], calendar: Calendar, upto: date, until: datetime) -> list[Span]:
    """A day is billed if the item was active at any moment of it, once, at the dearest state it saw; a tie goes to the later."""
    spans: list[Span] = []
    for visit, first, end in _touched(visits, calendar, upto):
        before = spans[-1] if spans else None
        if before is not None and before.days.end > first:  # they share a day, the first of this visit
            if not visit.dearer_or_equal(before.visit):
                first += DAY
            elif before.days.start < first:
                spans[-1] = Span(Period(before.days.start, first), before.visit, before.because)
            else:
                spans.pop()
        if first < end:
            append(spans, Span(Period(first, end), visit, (visit.revision,)))
    return spans


def new_state_days(visits: Sequence[Visit], calendar: Calendar, upto: date, until: datetime) -> list[Span]:
    """A day goes to the state it ended in; one that ended in none is not billed."""
    spans: list[Span] = []
    for visit in visits:
        first = calendar.today(visit.since)
        end = upto if visit.until is None else calendar.today(visit.until)
        if first < end:
            append(spans, Span(Period(first, end), visit, (visit.revision,)))
    return spans


def old_state_days(visits: Sequence[Visit], calendar: Calendar, upto: date, until: datetime) -> list[Span]:
    """A day goes to the first state it saw, be it that the day before ended in or, after none, the one that began."""
    spans: list[Span] = []
    for visit, first, end in _touched(visits, calendar, upto):
        if spans and spans[-1].days.end > first:
            first = spans[-1].days.end
        if first < end:
            append(spans, Span(Period(first, end), visit, (visit.revision,)))
    return spans


def _touched(visits: Sequence[Visit], calendar: Calendar, upto: date) -> Iterator[tuple[Visit, date, date]]:
    """Each visit, its first day and the day after the last one it touched: an end at midnight does not touch the new day."""
    met, day = None, upto
    for visit in visits:
        first = day if visit.since is met else calendar.today(visit.since)
        met = visit.until
        if met is None:
            yield visit, first, upto
        else:
            day = calendar.today(met)
            yield visit, first, day if calendar.instant(day) == met else day + DAY


def seconds(visits: Sequence[Visit], calendar: Calendar, upto: date, until: datetime) -> list[Span]:
    """Every second goes to the state it began in. Instants are cut down to seconds, so that no second is lost or billed twice."""
    spans: list[Span] = []
    for visit in visits:
        since = visit.since.replace(microsecond=0)
        end = (until if visit.until is None else min(until, visit.until)).replace(microsecond=0)
        if since < end:
            last = calendar.today(end)
            days = Period(calendar.today(since), last if calendar.instant(last) == end else last + DAY)
            append(spans, Span(days, visit, (visit.revision,), (since, end)))
    return spans


def _days(calendar: Calendar, days: Period, moments: Moments | None) -> int:
    return len(days)


def _days_of(calendar: Calendar, term: Period) -> int:
    return len(term)


def _seconds(calendar: Calendar, days: Period, moments: Moments | None) -> int:
    since, until = moments or (calendar.instant(days.start), calendar.instant(days.end))
    return (until - since) // _SECOND


def _seconds_of(calendar: Calendar, term: Period) -> int:
    return _seconds(calendar, term, None)


def _thirtieths(calendar: Calendar, days: Period, moments: Moments | None) -> int:
    return _position(calendar, days.end) - _position(calendar, days.start)


def _position(calendar: Calendar, day: date) -> int:
    """Thirtieths from year 0 to the beginning of a day.

    Within a billing month they are counted 30/360 from its first day and clamped to 0…30: the 31st weighs nothing,
    and whatever its length, the month is over at 30. One that begins on the last of February for want of its anchor day
    is counted as if from the 30th.
    """
    number = calendar.month(day)
    start = calendar.start(number)
    first = _MONTH if start.month == 2 and start.day < calendar.anchor else start.day
    months = (day.year - start.year) * 12 + day.month - start.month
    return number * _MONTH + max(0, min(_MONTH, months * _MONTH + day.day - first))


def _thirtieths_of(calendar: Calendar, term: Period) -> int:
    return _MONTH * ((term.end.year - term.start.year) * 12 + term.end.month - term.start.month)


USED_DAY: Final = Convention("USED_DAY", used_days, _days, _days_of)
CONVENTIONS: Final = {
    convention.name: convention
    for convention in (
        USED_DAY,
        Convention("NEW_STATE_DAY", new_state_days, _days, _days_of),
        Convention("OLD_STATE_DAY", old_state_days, _days, _days_of),
        Convention("SECOND", seconds, _seconds, _seconds_of, runs=True),
        Convention("FIXED_30", new_state_days, _thirtieths, _thirtieths_of),
    )
}
