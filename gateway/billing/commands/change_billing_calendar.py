"""Change an account's time zone or anchor day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..calendar_change import CalendarChanged
from ..dates import DAY, Calendar
from ..errors import InvalidInput, Refusal
from ..zones import check_calendar
from .command import Right


@dataclass(frozen=True, kw_only=True)
class ChangeBillingCalendar:
    """Bill an account by another time zone or anchor day, from the next cut-off on; until then it can be changed again.

    The period that runs ends as it would have. The next one ends at the new anchor: where that comes before a month is
    over, it is a stub, charged by its days against the month that ends there.
    """

    time_zone: Annotated[str | None, "IANA time zone; as before when left out."] = None
    anchor_day: Annotated[int | None, "Day of the month on which billing periods begin, 1 to 31; as before when left out."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput,)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Change the calendar; what is left out stays as it would be by then."""
        if self.time_zone is None and self.anchor_day is None:
            raise InvalidInput("Say what is to change: the time zone or the anchor day.")
        present, coming = books.calendar, books.upcoming
        before = coming or present
        calendar = check_calendar(
            before.zone if self.time_zone is None else self.time_zone,
            before.anchor if self.anchor_day is None else self.anchor_day,
        )
        fact = CalendarChanged(revision=books.revision, at=books.now, zone=calendar.zone, anchor=calendar.anchor)
        after = books.add(fact).about(books.account.id)
        if calendar == Calendar(before.zone, before.anchor):
            after = after.warn("NO_CHANGE", "This changes nothing.")
        era = after.upcoming
        if era is None:
            if coming is None:
                return after
            return after.warn("CALENDAR_KEPT", "The calendar stays as it is; what was to change on {on} will not.", on=str(coming.on))
        period, month = era.period(era.on), era.run(era.on)
        after = after.warn("CALENDAR_CHANGES", "This takes effect on {on}, when the running period is over.", on=str(era.on))
        if period == month:
            return after
        return after.warn(
            "STUB_PERIOD",
            "The first period runs from {first} to {last}: {days} of the {whole} days of its month are charged.",
            first=str(period.start),
            last=str(period.end - DAY),
            days=len(period),
            whole=len(month),
        )
