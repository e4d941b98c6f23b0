"""Issue an invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..books import Books
from ..errors import Refusal
from ..facts import Issued
from .command import Right


@dataclass(frozen=True, kw_only=True)
class IssueInvoice:
    """Give a draft invoice the number that was drawn for it."""

    invoice: str
    number: str
    at: datetime

    refusals: ClassVar[tuple[type[Refusal], ...]] = ()
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Issue the invoice."""
        fact = Issued(revision=books.revision, invoice=self.invoice, number=self.number, at=self.at)
        return books.about(books.account.id).add(fact)
