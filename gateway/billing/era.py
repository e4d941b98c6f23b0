"""Eras: which days an account counts at an instant, when its zone or its anchor day may change (rules §3).

A calendar comes into force at a cut-off and never within a period. The cut-off is a midnight of the zone before; where
the new zone has another date at that instant, the first day begins early or late, so that every instant belongs to
exactly one day and every day to exactly one period.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .account import Account
from .calendar_change import CalendarChanged
from .dates import DAY, Calendar, Period, day_start, local_day
from .standing import Mark
from .term import Opening


@dataclass(frozen=True, slots=True)
class Era(Calendar):
    """A calendar in force from a day on, which begins at `since`: at a cut-off, wherever that lies in its zone's day."""

    on: date
    since: datetime

    @staticmethod
    def of(opening: Opening, account: Account) -> Era:
        """The era that an opening is part of, as far as it can be seen from there."""
        calendar = opening.calendar or Calendar(account.zone, account.anchor)
        since = calendar.instant(opening.on) if opening.since is None else opening.since
        return Era(calendar.zone, calendar.anchor, opening.on, since)

    def today(self, now: datetime) -> date:
        """The local day of an instant. From `since` on it is the first day or a later one, whatever date the zone's clocks show."""
        day = local_day(now, self.zone)
        if now > self.since:
            return day if day > self.on else self.on
        return self.on if now == self.since else min(self.on - DAY, day)

    def instant(self, day: date) -> datetime:
        """The instant a day begins: the first one as the era does, no other on the wrong side of it."""
        if day == self.on:
            return self.since
        start = day_start(day, self.zone)
        if day > self.on:
            return start if start > self.since else self.since
        return min(self.since, start)

    def period(self, day: date) -> Period:
        """The billing period that holds a day. The era's first one is a stub where it does not begin on an anchor."""
        run = self.run(day)
        if day < self.on:
            return Period(run.start, min(run.end, self.on))
        return Period(max(run.start, self.on), run.end)

    def opening(self, calendar: Calendar | None, period: Period) -> Opening:
        """Where the period after this one opens, by another calendar or (None) by the account's."""
        since, own = self.instant(period.end), day_start(period.end, (calendar or self).zone)
        return Opening(period.end, calendar=calendar, since=None if since == own else since)

    def change(self, calendar: Calendar, at: datetime) -> Era:
        """The era that a change made at an instant leads to: it begins at the cut-off that comes next."""
        on = self.period(self.today(at)).end
        while self.instant(on) <= at:
            on = self.period(on).end
        return Era(calendar.zone, calendar.anchor, on, self.instant(on))


@dataclass(frozen=True, slots=True)
class Almanac:
    """An account's days, over the eras that are known: the one it is read from, and those that changes lead to."""

    eras: tuple[Era, ...]

    def at(self, instant: datetime) -> Era:
        """The era an instant belongs to; what was before the first is told by its calendar."""
        return next((era for era in reversed(self.eras) if era.since <= instant), self.eras[0])

    def on(self, day: date) -> Era:
        """The era a day belongs to."""
        return next((era for era in reversed(self.eras) if era.on <= day), self.eras[0])

    def today(self, now: datetime) -> date:
        """The account's local day at an instant."""
        return self.at(now).today(now)

    def instant(self, day: date) -> datetime:
        """The instant the account's day begins."""
        return self.on(day).instant(day)

    def after(self, instant: datetime) -> Era | None:
        """The era that is to come next, if one is known."""
        return next((era for era in self.eras if era.since > instant and era is not self.eras[0]), None)


def almanac(first: Era, marks: Iterable[Mark]) -> Almanac:
    """The eras from one on. Of several changes within a period the last one counts."""
    changes: Sequence[CalendarChanged] = sorted((mark for mark in marks if isinstance(mark, CalendarChanged)), key=lambda each: each.at)
    eras = [first]
    for change in changes:
        while len(eras) > 1 and eras[-1].since > change.at:
            eras.pop()
        if change.calendar != Calendar(eras[-1].zone, eras[-1].anchor):
            eras.append(eras[-1].change(change.calendar, change.at))
    return Almanac(tuple(eras))
