"""Which calendars an account can have."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from .dates import Calendar
from .errors import InvalidInput


def check_calendar(time_zone: str, anchor_day: int) -> Calendar:
    """The calendar of a zone and an anchor day; refuses with InvalidInput what is none."""
    if time_zone not in _zones():
        raise InvalidInput("There is no time zone {zone}.", "timeZone", zone=time_zone[:40])
    if not 1 <= anchor_day <= 31:
        raise InvalidInput("An anchor day lies between 1 and 31.", "anchorDay")
    return Calendar(time_zone, anchor_day)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
