"""Replay: an account's books from its journal alone, entry by entry, with no help from a stored checkpoint (rules §10, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog
from gateway.billing.codec import Json, unpack
from gateway.billing.commands import CutPeriod
from gateway.billing.dates import Calendar
from gateway.billing.facts import Closed, Cut, Fact, Issued, Opened
from gateway.billing.journal import Entry
from gateway.billing.tax_engine import TaxAnswer
from gateway.billing.term import Opening

from .books import checkpoint_state


@dataclass(frozen=True)
class Replay:
    """The books as of one entry. `checkpoint` is the state kept at it, if one is; `cut` what the period was billed at."""

    books: Books
    checkpoint: Json | None = None
    cut: Cut | None = None

    def after(self, entry: Entry, facts: Sequence[Fact]) -> Replay:
        """The replay one entry on; ValueError when no command could have added these facts here."""
        account = replace(self.books.account, revision=entry.revision - 1)
        books, cut = replace(self.books, account=account, now=entry.at), None
        for fact in facts:
            if fact.revision != entry.revision:
                raise ValueError(f"a fact of revision {fact.revision} stands in another entry")
            match fact:
                case Opened():
                    raise ValueError("the account was opened before")
                case Closed():
                    books = replace(books, account=replace(books.account, closed_at=fact.at))
                case Cut():
                    answer = entry.input.get("tax")
                    billed = CutPeriod(start=fact.period.start, tax=unpack(TaxAnswer, answer) if answer else None)(books)
                    (cut,) = (each for each in billed.added if isinstance(each, Cut))
                    books = replace(billed, added=())
                case Issued():
                    pass
                case _:
                    books = replace(books, facts=(*books.facts, fact))
        state = checkpoint_state(books) if cut else None
        return Replay(replace(books.committed(), facts=books.facts), state, cut)


def opened(entry: Entry, facts: Sequence[Fact], catalog: Catalog) -> Replay:
    """The replay after the first entry; ValueError when it does not open the account."""
    match facts:
        case [Opened() as fact]:
            account = Account(
                id=entry.account_id,
                name="",
                currency=fact.currency,
                zone=fact.zone,
                anchor=fact.anchor,
                locale=fact.locale,
                opened_at=fact.at,
                last_at=entry.at,
                revision=entry.revision,
            )
        case _:
            raise ValueError("the first entry does not open the account")
    calendar = Calendar(account.zone, account.anchor)
    first = calendar.run(calendar.today(entry.at))
    books = Books(account, catalog, entry.at, Opening(first.start))
    return Replay(books, checkpoint_state(books))
