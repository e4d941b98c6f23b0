"""Account credit: money an account has with the vendor, which pays for its next bills (rules §5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .standing import Mark, Standing


class CreditReason(StrEnum):
    """Why credit was given or taken back."""

    GOODWILL = "GOODWILL"
    PROMOTION = "PROMOTION"
    CORRECTION = "CORRECTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited(Mark):
    """Credit was given, or below zero taken back: `amount` in minor units, and in `text` what the payer is told."""

    revision: int
    at: datetime
    amount: int
    reason: CreditReason
    text: str

    def stand(self, standing: Standing) -> Standing:
        """More credit, or less."""
        return replace(standing, credit=standing.credit + self.amount)
