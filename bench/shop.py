"""A store on any database, with the product's own catalog, for benches that need no server."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from gateway.billing.catalog_file import read_catalog
from gateway.billing.commands import Command
from gateway.store.database import DatabaseBusyNow, open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.writing import Answer, Request

START = datetime(2026, 5, 17, 9, tzinfo=UTC)
_TRIES = 100
_CATALOG = Path(__file__).parents[1] / "gateway/server/catalog.toml"


def open_store(url: str) -> Store:
    """The store a URL names."""
    return Store(open_database(url), Feed(), lambda: os.urandom(16))


async def publish(store: Store) -> None:
    """Publish the product's own catalog."""
    file = read_catalog(_CATALOG.read_text(encoding="utf-8"), _CATALOG.name)
    await store.publish(file.plans, file.convention, START, promotions=file.discounts)


async def act(store: Store, account_id: str | None, command: Command, now: datetime) -> Answer:
    """Perform a command under a key of its own; sent again under that key while the database is too busy to take it."""
    request = Request(command=command, account_id=account_id, actor="bench", key=os.urandom(12).hex())
    for _ in range(_TRIES):
        try:
            return await store.perform(request, now)
        except DatabaseBusyNow:
            await asyncio.sleep(0.05)
    return await store.perform(request, now)
