"""Days of a zone and months of an anchor day (rules 3)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
TICK = timedelta.resolution

Run = tuple[date, date]
"""A run of local days: the first one, and the first one after it."""


@cache
def first_instant(day: date, zone: str) -> datetime:
    """When the day begins: the first instant that bears its date, in UTC (rules 3).

    A date that the zone left out begins, and is over, at the instant of the leap.
    """
    local = ZoneInfo(zone)
    # Of a midnight that comes twice fold 0 is the first; of one that is leapt over it is at or after the leap.
    instant = datetime(day.year, day.month, day.day, tzinfo=local, fold=0).astimezone(UTC)
    while (instant - ONE_SECOND).astimezone(local).date() >= day:
        instant -= ONE_SECOND
    return instant


@cache
def day_of(instant: datetime, zone: str) -> date:
    """The local day in which the instant lies, which is the last day that has begun.

    Where clocks are set back over midnight, the evening that comes again is already part of the day that had begun.
    """
    day = instant.astimezone(ZoneInfo(zone)).date()
    while first_instant(day + ONE_DAY, zone) <= instant:
        day += ONE_DAY
    return day


@cache
def length(run: Run, zone: str) -> int:
    """The number of days from the first date to before the second. A date that the zone left out was no day."""
    days = 0
    day = run[0]
    while day < run[1]:
        if first_instant(day, zone) < first_instant(day + ONE_DAY, zone):
            days += 1
        day += ONE_DAY
    return days


@cache
def period_start(year: int, month: int, anchor: int) -> date:
    """The first day of the billing period that starts in the month; months past December run into the next years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(anchor, monthrange(year, month)[1]))


@cache
def months_from(day: date, months: int, anchor: int) -> Run:
    """So many whole months of an anchor, the first of which holds the day."""
    if not 1 <= anchor <= 31:
        raise ValueError(f"anchor {anchor} is not a day of a month")
    month = day.month if day >= period_start(day.year, day.month, anchor) else day.month - 1
    return period_start(day.year, month, anchor), period_start(day.year, month + months, anchor)


def period_of(day: date, anchor: int) -> Run:
    """The billing period of a day: the anchor day of a month (its last day if shorter) to before that of the next."""
    return months_from(day, 1, anchor)
