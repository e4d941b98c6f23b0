"""Days, periods and billing months (rules §3).

Instants are aware UTC datetimes. Days are calendar days of an account's zone: 23, 24 or 25 hours long,
each beginning at the first instant that bears its date.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open run of local days: `start` is in, `end` is out."""

    start: date
    end: date

    def __len__(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


@lru_cache(maxsize=65536)
def day_start(day: date, zone: str) -> datetime:
    """The first instant that bears this date in the zone."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if _bears(midnight - TICK, zone) < day:
        return midnight
    # Clocks that jumped over this midnight: the day began at the jump, which is found by halving.
    early, late = midnight - DAY, midnight
    while late - early > TICK:
        middle = early + (late - early) / 2
        early, late = (middle, late) if _bears(middle, zone) < day else (early, middle)
    return late


@lru_cache(maxsize=65536)
def local_day(at: datetime, zone: str) -> date:
    """The local day an instant belongs to; where clocks go back over midnight, the day that had begun already."""
    day = _bears(at, zone)
    return day + DAY if at >= day_start(day + DAY, zone) else day


def _bears(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """An account's billing months: they start on the anchor day, clamped in short months.

    Months are numbered from year 0 and always computed from the anchor, never from one another: chained
    months drift from the 31st to the 28th for ever.
    """

    zone: str
    anchor: int

    def start(self, month: int) -> date:
        """First day of the numbered billing month."""
        year, index = divmod(month, 12)
        return date(year, index + 1, min(self.anchor, monthrange(year, index + 1)[1]))

    def month(self, day: date) -> int:
        """Number of the billing month that holds the day."""
        month = day.year * 12 + day.month - 1
        return month if day >= self.start(month) else month - 1

    def run(self, day: date, months: int = 1) -> Period:
        """The run of billing months that begins with the one holding the day."""
        month = self.month(day)
        return Period(self.start(month), self.start(month + months))

    def today(self, now: datetime) -> date:
        """The local day of an instant."""
        return local_day(now, self.zone)

    def instant(self, day: date) -> datetime:
        """The instant the local day begins."""
        return day_start(day, self.zone)


@dataclass(frozen=True, slots=True)
class Begun(Calendar):
    """The calendar that a run of days is measured by which begins at an instant, wherever that lies in its first day."""

    on: date
    since: datetime

    def instant(self, day: date) -> datetime:
        """The instant a day begins: the first one as the run does."""
        return self.since if day == self.on else day_start(day, self.zone)
