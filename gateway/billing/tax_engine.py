"""What an external tax engine is asked before a period is cut, and what it answers: both are plain data (rules §9).

The answer goes into the command that cuts the period, so that billing it again gives the same bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .tax import CustomerKind, TaxIdCheck, TaxStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxQuestion:
    """What is to be taxed: net amounts by category in minor units, the customer without its id, and the period's last day."""

    seller: str
    country: str
    kind: CustomerKind
    check: TaxIdCheck
    currency: str
    on: date
    nets: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedRate:
    """What an engine says of one category: `percent` is in millionths of a percent, `names` what the tax is called."""

    category: str
    percent: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAnswer:
    """What an engine answered, for a customer's country and a day. One without rates: it was to be asked, and gave no answer."""

    country: str | None = None
    on: date | None = None
    status: TaxStatus = TaxStatus.CHARGED
    rates: tuple[QuotedRate, ...] = ()


UNANSWERED = TaxAnswer()
"""The engine did not answer, or not in time: the table decides, and the bill says so."""
