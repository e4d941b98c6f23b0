"""A store in a temporary file, with the product's own catalog, and a clock one moves by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from gateway.billing.catalog_file import read_catalog
from gateway.billing.commands import Command, OpenAccount
from gateway.billing.tax import TaxTable
from gateway.store.database import Database, open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.writing import Answer, Request

SEED = Path(__file__).parents[2] / "gateway/server/catalog.toml"
START = datetime(2026, 5, 17, 9, tzinfo=UTC)


class Bench:
    """A store, and what is needed to use it."""

    def __init__(self, url: str, **options: Any) -> None:
        numbers = count()
        self.database: Database = open_database(url)
        self.store = Store(self.database, Feed(), lambda: sha256(str(next(numbers)).encode()).digest()[:16], **options)
        self.now = START
        self._keys = count()

    async def publish(self, tax: TaxTable | None = None) -> None:
        """Publish the product's own plans, and charge tax by a table if there is one."""
        file = read_catalog(SEED.read_text(), SEED.name)
        await self.store.publish(file.plans, file.convention, self.now, tax=tax)

    async def open(self, zone: str = "Europe/Istanbul", currency: str = "TRY", name: str = "Kıyı Yazılım") -> str:
        """Open an account."""
        answer = await self.do(None, OpenAccount(name=name, currency=currency, time_zone=zone))
        return answer.account_id

    async def do(self, account_id: str | None, command: Command, key: str | None = None) -> Answer:
        """Perform a command a second after the one before."""
        self.now += timedelta(seconds=1)
        request = Request(command=command, account_id=account_id, actor="tester", key=key or f"key-{next(self._keys)}")
        return await self.store.perform(request, self.now)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that goes to the database meanwhile, transactions' own words aside."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT")):
            seen.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)
