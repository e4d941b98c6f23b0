"""Looking things up by id, within what the asker may see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.billing.books import Books
from gateway.billing.catalog import Catalog
from gateway.billing.ids import prefix_of
from gateway.billing.invoice import Invoice
from gateway.graphql import ClientError, Code
from gateway.server.auth import Role

from . import pages, rights
from .busy import answered
from .context import Context


async def account(context: Context, account_id: str | None) -> Books | None:
    """The books of an account; None when there is none such, or it is not the asker's to see."""
    wanted = rights.readable(context, account_id)
    return await context.loaders.books.load(wanted) if wanted is not None else None


async def accounts(context: Context, first: int, after: str | None, currency: str | None, closed: bool | None) -> pages.Page[Books]:
    """A page of every account."""
    rights.operating(context)
    return await pages.accounts(context, first, after, currency, closed)


async def node(context: Context, identifier: str) -> Books | Invoice | None:
    """Whatever bears an id; its prefix says what it is."""
    asker = context.principal
    match prefix_of(identifier):
        case "acc":
            return await account(context, identifier)
        case "inv":
            owner = await context.loaders.owners.load(identifier) if asker.role is Role.OPERATOR else asker.account_id
            return await context.loaders.invoices.load((owner, identifier)) if owner is not None else None
        case _:
            return None


async def nodes(context: Context, identifiers: Sequence[str]) -> list[Books | Invoice | None]:
    """Several at once."""
    if len(identifiers) > 100:
        raise ClientError("At most 100 ids at once.", Code.BAD_USER_INPUT)
    return list(await asyncio.gather(*(node(context, each) for each in identifiers)))


async def catalog(context: Context) -> Catalog:
    """The published catalog, for whoever has a token."""
    rights.known(context)
    return await answered(context.services.store.catalog())
