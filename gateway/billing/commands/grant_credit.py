"""Grant credit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from ..amount import LARGEST, minor_units
from ..books import Books
from ..credit import Credited, CreditReason
from ..errors import InvalidInput, Refusal
from ..money import Money
from .command import Right


@dataclass(frozen=True, kw_only=True)
class GrantCredit:
    """Give an account credit: it pays for the running period's bill and the next ones until it is used up."""

    amount: Annotated[Decimal, "How much, in the account's currency."]
    reason: Annotated[CreditReason, "Why it is given."]
    text: Annotated[str, "What the payer is told, 1 to 200 characters. It stays for good, so name nobody."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput,)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Give the credit."""
        currency = books.account.currency
        minor = minor_units(self.amount, currency)
        if books.credit.minor + minor > LARGEST:
            limit = str(Money(LARGEST, currency).amount)
            raise InvalidInput("An account has at most {limit} {currency} of credit.", "amount", limit=limit, currency=currency)
        return books.about(books.account.id).add(
            Credited(revision=books.revision, at=books.now, amount=minor, reason=self.reason, text=printable(self.text))
        )


def printable(text: str) -> str:
    """A text for the payer; refuses with InvalidInput what is empty, too long or cannot be shown."""
    if not 1 <= len(text.strip()) <= 200 or not text.isprintable():
        raise InvalidInput("A text has 1 to 200 printable characters.", "text")
    return text.strip()
