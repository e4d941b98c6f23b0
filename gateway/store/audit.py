"""The audit: everything that is stored, account by account, and then what runs over all of them.

It only looks, beside whatever else goes on. Each batch is looked at as of one moment, so an account that moves on
meanwhile is seen before or after, never in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from gateway.billing.catalog import Catalog

from . import accounts, catalog
from .audit_account import audit_account
from .audit_discounts import audit_discounts
from .audit_numbers import audit_numbers
from .finding import Seen
from .looking import CannotLook, Look, expect_newest

_BATCH = 50


async def audit(at: Look, account_id: str | None = None, progress: Callable[[int, int], None] = lambda done, total: None) -> Seen:
    """Look at one account, or at all of them and at the runs of numbers; CannotLook when that is not to be had.

    `progress` is told how many accounts were seen, and of how many.
    """
    async with at.view() as view:
        await view(expect_newest)
        total = 1 if account_id else await view(accounts.count, None, None)
    seen, published, after = Seen(), Catalog({}), ""
    while True:
        # A moment per batch: one that is held for long keeps the database from tidying up.
        async with at.view() as view:
            batch = [account_id] if account_id else await view(accounts.page, _BATCH, after, None, None)
            if batch:
                published = await view(_published, published)
                seen += await view(_audit_batch, batch, published)
        progress(seen.accounts, max(total, seen.accounts))
        if account_id is not None:
            if not seen.accounts:
                raise CannotLook(f"there is no account {account_id}")
            return seen
        if not batch:
            break
        after = batch[-1]
    async with at.view() as view:
        seen += Seen(await view(lambda connection: tuple(audit_numbers(connection))))
        return seen + Seen(await view(lambda connection: tuple(audit_discounts(connection))))


def _published(connection: Connection, known: Catalog) -> Catalog:
    """The catalog; read anew only when another one was published."""
    return known if catalog.revision(connection) == known.revision else catalog.read(connection)


def _audit_batch(connection: Connection, account_ids: Sequence[str], published: Catalog) -> Seen:
    return sum((audit_account(connection, each, published) for each in account_ids), Seen())
