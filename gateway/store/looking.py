"""Looking: reading a database without owning it, writing to it or bringing it up to date, beside whoever does.

On SQLite this is a connection that can only read: it neither writes nor checkpoints, so the owner of the file remains
the only one that does (see sqlite.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from .migrate import newest, version

P = ParamSpec("P")
T = TypeVar("T")


class CannotLook(RuntimeError):
    """The database cannot be read, or its tables are not those of this gateway; the message says why."""


class View(Protocol):
    """One moment of a database: every function that runs on it sees the same."""

    async def __call__(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function; what it writes is refused."""
        ...


class Look(Protocol):
    """A database that is only looked at."""

    def view(self) -> AbstractAsyncContextManager[View]:
        """Hold on to one moment of it; CannotLook when it cannot be read."""
        ...


def look(url: str) -> Look:
    """Look at the database a URL names."""
    parsed = make_url(url)
    return _Server(parsed) if parsed.get_backend_name() == "postgresql" else _File(Path(parsed.database or ""))


def expect_newest(connection: Connection) -> None:
    """Raises CannotLook when the tables are not at the version this gateway knows."""
    present = version(connection)
    if present != newest():
        raise CannotLook(f"its tables are at version {present or 'none'}, and this gateway's at {newest()}")


class _File:
    def __init__(self, path: Path) -> None:
        self._engine = create_engine("sqlite://", creator=lambda: _read_only(path), poolclass=NullPool)

        @event.listens_for(self._engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

    @asynccontextmanager
    async def view(self) -> AsyncGenerator[View, None]:
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise CannotLook(str(error.orig)) from error

        async def look_on(run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return run(connection, *args, **kwargs)
            except DBAPIError as error:
                raise CannotLook(str(error.orig)) from error

        with connection:
            yield look_on


def _read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    for pragma in ("busy_timeout=10000", "trusted_schema=OFF", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _Server:
    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            poolclass=NullPool,
            connect_args={"server_settings": {"application_name": "billing-gateway looking", "timezone": "UTC"}},
        ).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def view(self) -> AsyncGenerator[View, None]:
        try:
            connection = await self._engine.connect()
        except (DBAPIError, OSError, TimeoutError) as error:
            raise CannotLook(str(getattr(error, "orig", error))) from error

        async def look_on(run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return await connection.run_sync(run, *args, **kwargs)
            except (DBAPIError, OSError, TimeoutError) as error:
                raise CannotLook(str(getattr(error, "orig", error))) from error

        try:
            yield look_on
        finally:
            await connection.close()
