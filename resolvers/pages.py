"""Pages of lists that grow: one statement for a page, one more row than asked for to know whether there is more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from gateway.billing.books import Books
from gateway.billing.credit_movement import CreditMovement
from gateway.billing.invoice import Invoice
from gateway.billing.journal import Entry
from gateway.store import accounts as stored

from .busy import answered
from .context import Context

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows, and whether there is more."""

    rows: list[R]
    more: bool


async def invoices(context: Context, account_id: str, first: int, after: str | None) -> Page[Invoice]:
    """An account's newest invoices after a place; ValueError when that is no place of this list."""
    before = date.fromisoformat(after) if after is not None else None
    return _page(await context.loaders.invoice_page(first + 1, before).load(account_id) or [], first)


async def entries(context: Context, account_id: str, first: int, after: str | None) -> Page[Entry]:
    """An account's newest journal entries after a place; ValueError when that is no place of this list."""
    before = int(after) if after is not None else None
    return _page(await context.loaders.entry_page(first + 1, before).load(account_id) or [], first)


async def credit(context: Context, account_id: str, first: int, after: str | None) -> Page[CreditMovement]:
    """An account's newest movements of credit after a place; ValueError when that is no place of this list."""
    before = None
    if after is not None:
        revision, position = after.split(".")
        before = int(revision), int(position)
    return _page(await context.loaders.credit_page(first + 1, before).load(account_id) or [], first)


async def accounts(context: Context, first: int, after: str | None, currency: str | None, closed: bool | None) -> Page[Books]:
    """Accounts in order of id after a place."""
    found = await answered(context.services.store.database.read(stored.page, first + 1, after, currency, closed))
    page = _page(found, first)
    books = await context.loaders.books.load_many(page.rows)
    return Page([each for each in books if each is not None], page.more)


async def account_count(context: Context, currency: str | None, closed: bool | None) -> int:
    """How many accounts there are."""
    return await answered(context.services.store.database.read(stored.count, currency, closed))


def _page(rows: list[R], first: int) -> Page[R]:
    return Page(rows[:first], len(rows) > first)
