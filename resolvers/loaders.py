"""Loaders: many keys asked for at once, one statement.

They live for one answer. Whatever a list of many accounts shows costs as many statements as for one account.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from aiodataloader import DataLoader

from gateway.billing.bill import Bill
from gateway.billing.billed_day import BilledDay, ledger, looks_back
from gateway.billing.books import Books
from gateway.billing.credit_movement import CreditMovement
from gateway.billing.history import ItemChange, changes
from gateway.billing.invoice import Invoice
from gateway.billing.journal import Entry
from gateway.store import entries, history, invoices, periods, postings
from gateway.store.store import Store

from .busy import answered

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loaders:
    """Everything an answer may need by key. What is not found is None."""

    def __init__(self, store: Store, now: datetime) -> None:
        read = store.database.read
        self.books: DataLoader[str, Books | None] = _loader(lambda ids: store.books(ids, now))
        self.entries: DataLoader[tuple[str, int], Entry | None] = _loader(lambda keys: read(entries.by_revision, keys))
        self.invoices: DataLoader[tuple[str, str], Invoice | None] = _loader(lambda keys: read(invoices.by_id, keys))
        self.numbers: DataLoader[tuple[str, str], Invoice | None] = _loader(lambda keys: read(invoices.by_number, keys))
        self.bills: DataLoader[tuple[str, str], Bill | None] = _loader(lambda keys: read(invoices.bills, keys))
        self.owners: DataLoader[str, str | None] = _loader(lambda ids: read(invoices.owners, ids))
        self.invoice_counts: DataLoader[str, int | None] = _loader(lambda ids: read(invoices.count, ids))
        self.changes: DataLoader[tuple[str, int], tuple[ItemChange, ...] | None] = _loader(self._changes)
        self.days: DataLoader[tuple[str, date], dict[str, tuple[BilledDay, ...]] | None] = _loader(self._days)
        self._read = read
        self._pages: dict[Hashable, DataLoader[str, Any]] = {}

    def invoice_page(self, first: int, before: date | None) -> DataLoader[str, list[Invoice] | None]:
        """Each account's newest invoices before a day; accounts that ask for the same page share a statement."""
        return self._page(("invoices", first, before), lambda ids: self._read(invoices.newest, ids, first, before))

    def entry_page(self, first: int, before: int | None) -> DataLoader[str, list[Entry] | None]:
        """Each account's newest journal entries before a revision."""
        return self._page(("entries", first, before), lambda ids: self._read(entries.newest, ids, first, before))

    async def _days(self, keys: list[tuple[str, date]]) -> dict[tuple[str, date], dict[str, tuple[BilledDay, ...]]]:
        """The day ledger of periods that hold a day, by item; accounts and days for which there is none are left out."""
        ids = list(dict.fromkeys(account_id for account_id, _ in keys))
        books = {each: found for each, found in zip(ids, await self.books.load_many(ids), strict=True) if found is not None}
        cut = [key for key in keys if key[0] in books and looks_back(books[key[0]], key[1])]
        before = await self._read(periods.opened, cut) if cut else {}
        found: dict[tuple[str, date], dict[str, tuple[BilledDay, ...]]] = {}
        for key in keys:
            if (owner := books.get(key[0])) is None:
                continue
            if (days := ledger(owner, key[1], before.get(key))) is not None:
                found[key] = days
        return found

    async def _changes(self, keys: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[ItemChange, ...]]:
        moments = await self._read(history.moments, keys)
        ids = list(dict.fromkeys(account_id for account_id, _ in moments))
        books = dict(zip(ids, await self.books.load_many(ids), strict=True))
        return {key: changes(owner, moment) for key, moment in moments.items() if (owner := books[key[0]]) is not None}

    def credit_page(self, first: int, before: tuple[int, int] | None) -> DataLoader[str, list[CreditMovement] | None]:
        """Each account's newest movements of credit before a place in the ledger."""
        return self._page(("credit", first, before), lambda ids: self._read(postings.credit, ids, first, before))

    def _page(self, key: Hashable, fetch: Callable[[list[str]], Awaitable[dict[str, V]]]) -> DataLoader[str, V | None]:
        return self._pages.setdefault(key, _loader(fetch))


def _loader(fetch: Callable[[list[K]], Awaitable[dict[K, V]]]) -> DataLoader[K, V | None]:
    async def load(keys: Sequence[K]) -> list[V | None]:
        found = await answered(fetch(list(keys)))
        return [found.get(key) for key in keys]

    return DataLoader(load)
