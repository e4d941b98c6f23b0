"""An account's stored postings beside those its journal gives (rules §10, 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from gateway.billing.account import Account
from gateway.billing.facts import Fact
from gateway.billing.journal import Entry
from gateway.billing.ledger import posted

from .finding import What
from .tables import posting


class _Row(NamedTuple):
    book: str
    amount: int
    currency: str
    at: datetime


class Postings:
    """The postings of one account, read as the journal's pages are turned."""

    def __init__(self, connection: Connection, account_id: str, tell: Callable[[What, str], None]) -> None:
        self._connection, self._mine, self._tell = connection, posting.c.account_id == account_id, tell
        self._stored: dict[int, list[_Row]] = {}
        self._strays: list[int] = []

    def turn_to(self, first: int, last: int) -> None:
        """Read those of the entries from one revision to another."""
        self._strays += self._stored
        self._stored = {}
        wanted = (self._mine, posting.c.revision >= first, posting.c.revision <= last)
        columns = (posting.c.revision, posting.c.book, posting.c.amount, posting.c.currency, posting.c.at)
        for revision, *rest in self._connection.execute(select(*columns).where(*wanted).order_by(posting.c.revision, posting.c.position)):
            self._stored.setdefault(revision, []).append(_Row(*rest))

    def compare(self, entry: Entry, facts: Sequence[Fact], owner: Account | None) -> None:
        """Compare those of an entry with what its facts move; of an account that is not known the currency is left out."""
        stored = self._stored.pop(entry.revision, [])
        currency = owner.currency if owner else ""
        expected = [_Row(moved.book.value, moved.amount, currency, entry.at) for _, moved in posted(facts)]
        if not owner:
            stored = [row._replace(currency="") for row in stored]
        if stored != expected:
            self._tell(What.POSTING, f"those of revision {entry.revision} are {_said(stored)}, and by the journal {_said(expected)}")

    def end(self, last: int) -> None:
        """Tell of those that no entry stands behind."""
        beyond = self._connection.execute(select(posting.c.revision).distinct().where(self._mine, posting.c.revision > last)).scalars()
        for revision in sorted((*self._strays, *self._stored, *beyond)):
            self._tell(What.POSTING, f"there are some at revision {revision}, where nothing was moved")


def _said(rows: Sequence[_Row]) -> str:
    return ", ".join(f"{row.book} {row.amount} {row.currency} at {row.at}" for row in rows) or "none"
