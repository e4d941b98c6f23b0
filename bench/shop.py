"""A store on any database, with the product's own catalog, for benches that need no server."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from gateway.billing.catalog_file import read_catalog
from gateway.billing.commands import Command
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.writing import Answer, Request

START = datetime(2026, 5, 17, 9, tzinfo=UTC)
_CATALOG = Path(__file__).parents[1] / "gateway/server/catalog.toml"


def open_store(url: str) -> Store:
    """The store a URL names."""
    return Store(open_database(url), Feed(), lambda: os.urandom(16))


async def publish(store: Store) -> None:
    """Publish the product's own catalog."""
    file = read_catalog(_CATALOG.read_text(encoding="utf-8"), _CATALOG.name)
    await store.publish(file.plans, file.convention, START)


async def act(store: Store, account_id: str | None, command: Command, now: datetime) -> Answer:
    """Perform a command under a key of its own."""
    return await store.perform(Request(command=command, account_id=account_id, actor="bench", key=os.urandom(12).hex()), now)
