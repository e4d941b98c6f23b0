"""Set a tax exemption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..errors import InvalidInput, Refusal
from ..tax_facts import TaxExempted
from .command import Right


@dataclass(frozen=True, kw_only=True)
class SetTaxExemption:
    """Exempt an account from tax, or end its exemption; it counts for the whole running period, and those to come."""

    reason: Annotated[str | None, "Why it is exempt, 1 to 200 characters without personal data; left out, it is not any more."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput,)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Set or end the exemption."""
        reason = None if self.reason is None else self.reason.strip()
        if reason is not None and (not 1 <= len(reason) <= 200 or not reason.isprintable()):
            raise InvalidInput("A reason has 1 to 200 printable characters.", "reason")
        identity = books.standing.tax
        if identity is None:
            raise InvalidInput("Set the tax identity of the account first.")
        if identity.exempt == reason:
            books = books.warn("NO_CHANGE", "This changes nothing.")
        return books.about(books.account.id).add(TaxExempted(revision=books.revision, at=books.now, reason=reason))
