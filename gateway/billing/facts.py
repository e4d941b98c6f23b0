"""Facts: what the journal says happened. Everything else is computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .calendar_change import CalendarChanged
from .dates import Period
from .timeline import Change, Scheduled, Unscheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The account began. Its name stands outside the chain: `profile` is the salted digest of it."""

    revision: int
    at: datetime
    currency: str
    zone: str
    anchor: int
    locale: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The account ended for good."""

    revision: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A period was billed. `invoice` is None when nothing was due; `digest` is that of the invoice's document."""

    revision: int
    period: Period
    total: int
    invoice: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A draft invoice got its number."""

    revision: int
    invoice: str
    number: str
    at: datetime


Fact = Opened | Closed | Change | Scheduled | Unscheduled | Cut | Issued | CalendarChanged
_KINDS = (
    Opened,
    Closed,
    Change,
    Scheduled,
    Unscheduled,
    Cut,
    Issued,
    CalendarChanged,
)
FACTS: dict[str, type[Fact]] = {kind.__name__: kind for kind in _KINDS}
