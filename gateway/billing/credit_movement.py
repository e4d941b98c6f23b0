"""Movements of an account's credit, as its history shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .credit import Credited, CreditReason
from .facts import Fact
from .money import Money


class CreditKind(StrEnum):
    """What moved an account's credit."""

    GRANTED = "GRANTED"
    REVOKED = "REVOKED"
    USED = "USED"
    GAINED = "GAINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMovement:
    """One posting to an account's credit: above zero what it gained, and what it had afterwards.

    `revision` and `position` are its place in the ledger, `fact` what it comes from.
    """

    account_id: str
    revision: int
    position: int
    at: datetime
    amount: Money
    balance: Money
    fact: Fact

    @property
    def kind(self) -> CreditKind:
        """What moved it: an operator, or a bill."""
        gained = self.amount.minor > 0
        if isinstance(self.fact, Credited):
            return CreditKind.GRANTED if gained else CreditKind.REVOKED
        return CreditKind.GAINED if gained else CreditKind.USED

    @property
    def reason(self) -> CreditReason | None:
        """Why an operator moved it; None for a bill."""
        return self.fact.reason if isinstance(self.fact, Credited) else None

    @property
    def text(self) -> str | None:
        """What the operator tells the payer; None for a bill."""
        return self.fact.text if isinstance(self.fact, Credited) else None

    @property
    def invoice(self) -> str | None:
        """The invoice that used it, or gave it."""
        return getattr(self.fact, "invoice", None)
