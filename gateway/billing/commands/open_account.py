"""Open an account."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ..account import Account
from ..books import Books
from ..errors import InvalidInput, Refusal
from ..facts import Opened
from ..term import Opening
from ..zones import check_calendar
from .command import Right


@dataclass(frozen=True, kw_only=True)
class OpenAccount:
    """Open an account for a customer. Currency, zone and anchor day decide how it is billed."""

    name: Annotated[str, "Who is billed, as shown on invoices."]
    currency: Annotated[str, "ISO 4217 code of the currency it is billed in; it cannot be changed."]
    time_zone: Annotated[str, "IANA time zone; days begin at its midnights."]
    anchor_day: Annotated[int, "Day of the month on which billing periods begin, 1 to 31."] = 1
    locale: Annotated[str, "Language its documents are written in, such as en or tr-TR."] = "en"

    refusals: ClassVar[tuple[type[Refusal], ...]] = (InvalidInput,)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ("name",)

    def __call__(self, books: Books) -> Books:
        """Open the account on blank books."""
        if not 1 <= len(self.name.strip()) <= 200 or not self.name.isprintable():
            raise InvalidInput("A name has 1 to 200 printable characters.", "name")
        if self.currency not in books.catalog.currencies:
            raise InvalidInput("The catalog has no prices in {currency}.", "currency", currency=self.currency[:10])
        calendar = check_calendar(self.time_zone, self.anchor_day)
        if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", self.locale):
            raise InvalidInput("{locale} is not a locale such as en or tr-TR.", "locale", locale=self.locale[:20])
        profile, books = books.seal({"name": self.name.strip()})
        account = Account(
            id=books.account.id,
            name=self.name.strip(),
            currency=self.currency,
            zone=self.time_zone,
            anchor=self.anchor_day,
            locale=self.locale,
            opened_at=books.now,
            last_at=books.now,
        )
        opened = Opened(
            revision=books.revision,
            at=books.now,
            currency=self.currency,
            zone=self.time_zone,
            anchor=self.anchor_day,
            locale=self.locale,
            profile=profile,
        )
        first = calendar.run(calendar.today(books.now)).start
        return replace(books, account=account, opening=Opening(first)).about(account.id).add(opened)
