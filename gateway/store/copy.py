"""Copying a database into an empty one, of the same kind or another: all of it, verified, or nothing.

Everything is read as of one moment, written in one transaction, read back within it and compared, and only then kept.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, exists, func, insert, literal, select, text, tuple_
from sqlalchemy.util import await_only

from gateway.billing.codec import canonical, instant_text

from .database import Database
from .looking import Look, View, expect_newest
from .migrate import newest, version
from .tables import metadata

T = TypeVar("T")
Row = tuple[Any, ...]

_PAGE = 500


class CannotCopy(RuntimeError):
    """Nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and a digest that is the same in whatever order they are read."""

    rows: int = 0
    digest: int = 0

    def __add__(self, page: Sequence[Row]) -> Contents:
        digest = sum((int.from_bytes(sha256(_written(row)).digest(), "big") for row in page), self.digest)
        return Contents(self.rows + len(page), digest % (1 << 256))


async def copy(source: Look, target: Database, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Contents]:
    """Copy every table, and say what each holds; CannotCopy when the target is not empty or reads back otherwise.

    `progress` is told how many rows were written or read back, and of how many.
    """
    async with source.view() as view:
        await view(expect_newest)
        total = 2 * await view(_count)
        loop, here = asyncio.get_running_loop(), threading.get_ident()

        def wait(work: Coroutine[Any, Any, T]) -> T:
            """A database writes on this thread, in a greenlet, or on one of its own: either way the source is read here."""
            if threading.get_ident() == here:
                return await_only(work)
            return asyncio.run_coroutine_threadsafe(work, loop).result()

        return await target.write(_fill, view, wait, lambda done: progress(done, total))


async def expect_empty(target: Look) -> None:
    """Raises CannotCopy when the database has rows, or tables of another gateway; one without tables is empty."""
    async with target.view() as view:
        present = await view(version)
        if present is None:
            return
        if present != newest():
            raise CannotCopy(f"its tables are at version {present}, and this gateway's at {newest()}")
        await view(_expect_no_rows)


def _expect_no_rows(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(exists().select_from(table))).scalar_one():
            raise CannotCopy(f"it is not empty: there are rows in {table.name}")


def _count(connection: Connection) -> int:
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables)


def _fill(
    connection: Connection, view: View, wait: Callable[[Coroutine[Any, Any, list[Row]]], list[Row]], done: Callable[[int], None]
) -> dict[str, Contents]:
    """Write every table's rows, parents before children, and then read them all back."""
    _expect_no_rows(connection)
    passed = 0
    copied: dict[str, Contents] = {}
    for table in metadata.sorted_tables:
        held = Contents()
        for page in _pages(table, lambda table, after: wait(view(_page, table, after))):
            connection.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in page])
            held += page
            done(passed := passed + len(page))
        copied[table.name] = held
        _go_on_counting(connection, table)
    for table in metadata.sorted_tables:
        found = Contents()
        for page in _pages(table, partial(_page, connection)):
            found += page
            done(passed := passed + len(page))
        if found != copied[table.name]:
            raise CannotCopy(f"{table.name} reads back otherwise: {found.rows} rows of {copied[table.name].rows}, or others")
    return copied


def _pages(table: Table, read: Callable[[Table, Row | None], list[Row]]) -> Iterator[list[Row]]:
    places = [table.c.keys().index(key.name) for key in table.primary_key.columns]
    after: Row | None = None
    while page := read(table, after):
        yield page
        after = tuple(page[-1][place] for place in places)


def _page(connection: Connection, table: Table, after: Row | None) -> list[Row]:
    """The next rows in order of the primary key."""
    keys = list(table.primary_key.columns)
    statement = select(table).order_by(*keys).limit(_PAGE)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*(literal(value, key.type) for key, value in zip(keys, after, strict=True))))
    try:
        return [tuple(row) for row in connection.execute(statement)]
    except ValueError as error:
        raise CannotCopy(f"{table.name} cannot be read: {error}") from error


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Columns that PostgreSQL counts up by itself go on after the greatest; SQLite looks for it each time."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.columns:
        asked = {"table": table.name, "column": column.name}
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), asked).scalar()
        greatest = connection.execute(select(func.max(column))).scalar() if sequence else None
        if greatest is not None:
            connection.execute(select(func.setval(sequence, greatest)))


def _written(row: Row) -> bytes:
    """A row in the one way that is the same on every database."""
    return canonical([_plain(value) for value in row])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value
