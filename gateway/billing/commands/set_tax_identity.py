"""Set a tax identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ..books import Books
from ..countries import COUNTRIES
from ..errors import InvalidInput, Refusal
from ..tax import CustomerKind, TaxIdCheck, TaxIdentity
from ..tax_facts import TaxIdentified
from .command import Right


@dataclass(frozen=True, kw_only=True)
class SetTaxIdentity:
    """Say who the account is to the tax office; it decides the tax on the whole running period, and on those to come."""

    country: Annotated[str, "Where the customer is established: an ISO 3166 code such as TR."]
    kind: Annotated[CustomerKind, "Whether it is a business or a consumer."]
    tax_id: Annotated[str | None, "Its tax id: of a business in the EU the VAT number. Left out, it has none."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput,)
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ("tax_id",)

    def __call__(self, books: Books) -> Books:
        """Set the identity. An exemption belongs to whom it was granted: another identity ends it, with a warning."""
        if self.country not in COUNTRIES:
            raise InvalidInput("There is no country {country}.", "country", country=self.country[:10])
        tax_id, check = self._read(books)
        before = books.standing.tax
        same = before is not None and (before.country, before.kind, books.account.tax_id) == (self.country, self.kind, tax_id)
        exempt = before.exempt if before is not None and same else None
        if before is not None and before.exempt is not None and exempt is None:
            books = books.warn("EXEMPTION_ENDED", "The tax exemption ends: it was granted to another tax identity.")
        profile, books = books.seal(books.account.profile(tax_id=tax_id))
        identity = TaxIdentity(country=self.country, kind=self.kind, check=check, exempt=exempt)
        books = replace(books, account=replace(books.account, tax_id=tax_id)).about(books.account.id)
        return books.add(TaxIdentified(revision=books.revision, at=books.now, identity=identity, profile=profile))

    def _read(self, books: Books) -> tuple[str | None, TaxIdCheck]:
        """The tax id in its bare form and what is known of it; a refusal names a right one, never the one that was given."""
        given = (self.tax_id or "").strip()
        if not given:
            return None, TaxIdCheck.NONE
        if len(given) > 40 or not given.isprintable():
            raise InvalidInput("A tax id has at most 40 printable characters.", "taxId")
        form = books.tax_ids(self.country, self.kind)
        if form is None:
            return given, TaxIdCheck.UNCHECKED
        bare = form.read(given)
        if bare is None:
            raise InvalidInput(
                "This is not a tax id of {country}; a right one looks like {example}.", "taxId", country=self.country, example=form.example
            )
        return bare, TaxIdCheck.WELL_FORMED
