"""Revoke credit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from ..amount import minor_units
from ..books import Books
from ..credit import Credited, CreditReason
from ..errors import InsufficientCredit, InvalidInput, Refusal
from .command import Right
from .grant_credit import printable


@dataclass(frozen=True, kw_only=True)
class RevokeCredit:
    """Take credit back from an account: no more than it has, beside what bills of periods that are over will use."""

    amount: Annotated[Decimal, "How much, in the account's currency."]
    reason: Annotated[CreditReason, "Why it is taken back."]
    text: Annotated[str, "What the payer is told, 1 to 200 characters. It stays for good, so name nobody."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput, InsufficientCredit)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Take the credit back."""
        minor = minor_units(self.amount, books.account.currency)
        if minor > books.credit.minor:
            left = f"{books.credit.amount} {books.account.currency}"
            raise InsufficientCredit("The account has {left} of credit.", "amount", left=left)
        return books.about(books.account.id).add(
            Credited(revision=books.revision, at=books.now, amount=-minor, reason=self.reason, text=printable(self.text))
        )
