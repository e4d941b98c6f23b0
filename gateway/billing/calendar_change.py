"""The fact that an account is to be billed by another calendar (rules §3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .dates import Calendar
from .standing import Mark, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Mark):
    """From the next cut-off on, days begin in this zone and periods on this anchor day."""

    revision: int
    at: datetime
    zone: str
    anchor: int

    @property
    def calendar(self) -> Calendar:
        """The calendar it leads to."""
        return Calendar(self.zone, self.anchor)

    def stand(self, standing: Standing) -> Standing:
        """The last one before a cut-off counts."""
        return replace(standing, calendar=self.calendar)
