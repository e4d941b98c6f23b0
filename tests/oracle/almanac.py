"""An account's billing periods one after the other, whatever becomes of its zone and its anchor day (rules 3, decision 0012)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .days import ONE_DAY, TICK, Run, day_of, first_instant, months_from


@dataclass(frozen=True, slots=True)
class Wish:
    """From the next cut-off on the account is in another zone, or has another anchor day."""

    at: datetime
    zone: str
    anchor: int


@dataclass(frozen=True, slots=True)
class Month:
    """A billing period: its days, the instants each begins at and the last is over, and the calendar in force."""

    days: tuple[date, ...]
    begins: tuple[datetime, ...]
    zone: str
    anchor: int

    @property
    def run(self) -> Run:
        """The first day, and the first one after it."""
        return self.days[0], self.days[-1] + ONE_DAY

    @property
    def whole(self) -> Run:
        """The month it is charged against: itself, or for a stub the one that ends at the new anchor."""
        return months_from(self.days[0], 1, self.anchor)


class Almanac:
    """Every period from the one that holds a first day on, written down one by one as far as one looks."""

    def __init__(self, first: date, zone: str, anchor: int, wishes: Sequence[Wish] = ()) -> None:
        self.wishes = sorted(wishes, key=lambda wish: wish.at)  # of equals the later one told counts
        on = months_from(first, 1, anchor)[0]
        self.months = [_month(on, first_instant(on, zone), zone, anchor)]

    def _go_on(self) -> None:
        last = self.months[-1]
        zone, anchor, since = last.zone, last.anchor, last.begins[-1]
        for wish in self.wishes:
            if wish.at < since:
                zone, anchor = wish.zone, wish.anchor
        self.months.append(_month(last.run[1], since, zone, anchor))

    def month_at(self, at: datetime) -> Month:
        """The period that an instant belongs to."""
        while self.months[-1].begins[-1] <= at:
            self._go_on()
        return self.months[bisect_right(self.months, at, key=lambda month: month.begins[0]) - 1]

    def month_on(self, day: date) -> Month:
        """The period that a day belongs to."""
        while self.months[-1].run[1] <= day:
            self._go_on()
        return self.months[bisect_right(self.months, day, key=lambda month: month.days[0]) - 1]

    def day_at(self, at: datetime) -> date:
        """The day that an instant belongs to."""
        month = self.month_at(at)
        return month.days[bisect_right(month.begins, at) - 1]

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """When a day begins, and when it is over."""
        month = self.month_on(day)
        place = (day - month.days[0]).days
        return month.begins[place], month.begins[place + 1]


def _month(on: date, since: datetime, zone: str, anchor: int) -> Month:
    """The period that begins on a day, at an instant: the cut-off of the one before, wherever that lies in the zone's day.

    Where the zone is a day ahead already, the first day has one single instant.
    """
    end = months_from(on, 1, anchor)[1]
    days = tuple(on + number * ONE_DAY for number in range((end - on).days))
    own = since == first_instant(on, zone)
    later = [first_instant(day, zone) if own else max(first_instant(day, zone), since + TICK) for day in (*days[1:], end)]
    return Month(days, (since, *later), zone, anchor)


def first_day(instants: Sequence[datetime], dates: Sequence[date], zone: str) -> date:
    """The earliest day among instants and dates."""
    return min([*dates, *(day_of(at, zone) for at in instants)])
