"""The live estimate: the present state at once, then the newest after every change and at the account's midnight."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from gateway.billing.books import Books
from gateway.graphql import ClientError, Code
from gateway.server.services import Services
from gateway.store.database import DatabaseBusyNow

from . import rights
from .busy import answered
from .context import Context

_LONGEST_PAUSE: Final = 2.0
"""In seconds, between two attempts to read while the database is not to be reached."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One state of the estimate; `cause` is the revision that moved it, None when time did."""

    books: Books
    cause: int | None


async def estimates(context: Context, account_id: str | None) -> AsyncGenerator[Estimate, None]:
    """Every state worth showing. The watch begins before the first read, so that no change falls between.

    However many changes happen while a state is being sent, the next one sent is the newest. An outage of the database
    delays the stream and does not end it.
    """
    services, target = context.services, rights.readable(context, account_id)
    books = (await answered(services.store.books([target], services.now()))).get(target) if target else None
    if books is None:
        raise ClientError("There is no such account.", Code.NOT_FOUND)
    watch = services.store.feed.watch(books.account.id, books.calendar.zone)
    try:
        shown: Books | None = None
        while True:
            books = await _newest(services, watch.account_id)
            watch.zone = books.calendar.zone
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


async def _newest(services: Services, account_id: str) -> Books:
    for attempt in count():
        try:
            return (await services.store.books([account_id], services.now()))[account_id]
        except DatabaseBusyNow:
            await asyncio.sleep(min(_LONGEST_PAUSE, 0.1 * 2 ** min(attempt, 10)))
    raise AssertionError("unreachable: it is tried for ever")


def _state(books: Books) -> tuple[int, str, int, datetime]:
    """The order of states: commands, then local days, then what was published; where seconds are billed, then instants."""
    return books.account.revision, books.today.isoformat(), books.catalog.revision, books.as_of
