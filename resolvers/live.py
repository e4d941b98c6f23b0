"""The live estimate: the present state at once, then the newest after every change and at the account's midnight."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from gateway.billing.books import Books
from gateway.graphql import ClientError, Code

from . import rights
from .context import Context


@dataclass(frozen=True, slots=True)
class Estimate:
    """One state of the estimate; `cause` is the revision that moved it, None when time did."""

    books: Books
    cause: int | None


async def estimates(context: Context, account_id: str | None) -> AsyncGenerator[Estimate, None]:
    """Every state worth showing. The watch begins before the first read, so that no change falls between.

    However many changes happen while a state is being sent, the next one sent is the newest.
    """
    services, target = context.services, rights.readable(context, account_id)
    books = (await services.store.books([target], services.now())).get(target) if target else None
    if books is None:
        raise ClientError("There is no such account.", Code.NOT_FOUND)
    watch = services.store.feed.watch(books.account.id, books.account.zone)
    try:
        shown: Books | None = None
        while True:
            books = (await services.store.books([watch.account_id], services.now()))[watch.account_id]
            if shown is None:
                yield Estimate(books, None)
            elif _state(books) > _state(shown):
                yield Estimate(books, books.account.revision if books.account.revision > shown.account.revision else None)
            else:
                books = shown
            shown = books
            await watch.heard()
    finally:
        services.store.feed.leave(watch)


def _state(books: Books) -> tuple[int, str, int]:
    """The order of states: commands, then local days, then what was published."""
    return books.account.revision, books.today.isoformat(), books.catalog.revision
