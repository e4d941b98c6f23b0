"""Facts: what the journal says happened. Everything else is computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .calendar_change import CalendarChanged
from .credit import Credited
from .dates import Period
from .granted import OwnPriceEnded, OwnPriceSet, TrialEnded, TrialGranted
from .redeemed import DiscountEnded, Redeemed
from .reported import RepresentativesReported
from .tax_facts import TaxExempted, TaxIdentified
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
    """A period was billed. `invoice` is None when nothing was due; `digest` is that of the invoice's document.

    Of the bill's figures, in minor units, it holds `total` (what is due) and those that subtotal and net follow from;
    entries from before there were discounts, tax and credit do not name them.
    """

    revision: int
    period: Period
    total: int
    invoice: str | None
    digest: str | None
    discount: int = 0
    tax: int = 0
    credit: int = 0

    @property
    def net(self) -> int:
        """What was left of the lines: net + tax − credit = total."""
        return self.total + self.credit - self.tax

    @property
    def subtotal(self) -> int:
        """The sum of the lines: subtotal − discount = net."""
        return self.net + self.discount


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A draft invoice got its number."""

    revision: int
    invoice: str
    number: str
    at: datetime


Fact = (
    Opened
    | Closed
    | Change
    | Scheduled
    | Unscheduled
    | Cut
    | Issued
    | Redeemed
    | DiscountEnded
    | Credited
    | TaxIdentified
    | TaxExempted
    | RepresentativesReported
    | OwnPriceSet
    | OwnPriceEnded
    | TrialGranted
    | TrialEnded
    | CalendarChanged
)
_KINDS: tuple[type[Fact], ...] = (
    Opened,
    Closed,
    Change,
    Scheduled,
    Unscheduled,
    Cut,
    Issued,
    Redeemed,
    DiscountEnded,
    Credited,
    TaxIdentified,
    TaxExempted,
    RepresentativesReported,
    OwnPriceSet,
    OwnPriceEnded,
    TrialGranted,
    TrialEnded,
    CalendarChanged,
)
FACTS: dict[str, type[Fact]] = {kind.__name__: kind for kind in _KINDS}
