"""PostgreSQL, through asyncpg: any number of processes, each with a pool.

The same plain functions run on it as on SQLite. Writes are READ COMMITTED and lock the account's row before they
read anything else; reads are REPEATABLE READ, so that what one answer shows is of one moment.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import create_async_engine

from .busy import DatabaseBusyNow
from .migrate import LOCK_SECONDS, standing, upgrade

P = ParamSpec("P")
T = TypeVar("T")

# Serialization failure, deadlock, and a row that somebody else inserted first: run again, all of it, it can succeed.
_AGAIN: Final = {"40001", "40P01", "23505"}
# No lock within the time-out, statement cancelled for taking too long, too many connections, server starting or stopping.
_BUSY: Final = {"55P03", "57014", "53300", "57P01", "57P02", "57P03", "08006", "08003", "08001"}
_TRIES: Final = 8
# One at a time brings the tables up to date: "bgw" and a number of its own.
_MIGRATING: Final = 0x626777_0001
# No lock within the time-out, or a deadlock: a migration lets others through, and tries again.
_IN_USE: Final = {"55P03", "40P01"}
_TURNS: Final = 60
_PAUSE: Final = 0.5


class PostgreSQL:
    """A database on a server."""

    def __init__(self, url: URL, *, migrate: bool = False, pool: int = 10, lock_seconds: int = 5, statement_seconds: int = 30) -> None:
        """`pool` is how many connections a process keeps; connecting, locks and statements are given up after their seconds.

        `migrate`: bring tables that are behind up to date, rather than refuse to run on them.
        """
        settings = {
            "application_name": "billing-gateway",
            "lock_timeout": f"{lock_seconds}s",
            "statement_timeout": f"{statement_seconds}s",
            "idle_in_transaction_session_timeout": "60s",
            "timezone": "UTC",
        }
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=pool,
            max_overflow=0,
            pool_timeout=lock_seconds,
            pool_pre_ping=True,
            connect_args={"server_settings": settings, "timeout": lock_seconds},
            query_cache_size=1500,
        )
        event.listen(self._engine.sync_engine, "handle_error", _note_loss)
        self._migrate = migrate
        self._prepared = False
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._engine.sync_engine,)

    async def read(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async def once() -> T:
            await self._prepare()
            async with self._reader.connect() as connection:
                return await connection.run_sync(run, *args, **kwargs)

        return await _persist(once)

    async def write(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async def once() -> T:
            await self._prepare()
            async with self._engine.begin() as connection:
                return await connection.run_sync(run, *args, **kwargs)

        return await _persist(once)

    async def hand_over(self, take: Callable[[Connection], T], tell: Callable[[T], Coroutine[Any, Any, None]]) -> T:
        await self._prepare()
        async with self._engine.begin() as connection:
            taken = await connection.run_sync(take)
            await tell(taken)
        return taken

    async def close(self) -> None:
        await self._engine.dispose()

    async def _prepare(self) -> None:
        """Make sure, once, that the tables are such that this gateway may run on them; in an empty database, make them.

        :raises TablesUnfit: they are not.
        """
        if self._prepared:
            return
        async with self._engine.connect() as connection:
            present = await connection.run_sync(standing)
        if present.is_behind:
            await self._take_turn()
        else:
            present.expect_fit()
        self._prepared = True

    async def _take_turn(self) -> None:
        """One process at a time; the others find what it has done."""
        async with self._engine.connect() as connection:
            try:
                await _until(lambda: connection.run_sync(_locked), "Another process is bringing its tables up to date.")
                present = await connection.run_sync(standing)
                if present.version is not None and not self._migrate:
                    present.expect_fit()
                await _until(lambda: connection.run_sync(_upgraded), "Its tables are in use for longer than a migration may wait.")
            finally:
                await connection.invalidate()  # with it go the turn, and time-outs that are not the pool's


async def _until(done: Callable[[], Awaitable[bool]], why: str) -> None:
    """Try until it is done; DatabaseBusyNow after a minute or two."""
    for _ in range(_TURNS):
        if await done():
            return
        await asyncio.sleep(_PAUSE)
    raise DatabaseBusyNow(why)


def _locked(connection: Connection) -> bool:
    """Whether it is this process's turn. Nobody waits for it inside a statement: an index that is being built would wait for them."""
    mine = bool(connection.execute(text(f"SELECT pg_try_advisory_lock({_MIGRATING})")).scalar_one())
    connection.commit()
    return mine


def _upgraded(connection: Connection) -> bool:
    """Whether the tables are up to date; False when a table was in use for too long, and those who queue are to be let through first."""
    connection.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
    connection.execute(text("SET statement_timeout = 0"))
    connection.commit()
    try:
        upgrade(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _IN_USE:
            raise
        connection.rollback()
        return False
    return True


def _note_loss(context: ExceptionContext) -> None:
    """A connection that the server ended between two statements: asyncpg then says that its own state is at odds with itself."""
    if isinstance(context.original_exception, AsyncAdapt_asyncpg_dbapi.InternalClientError):
        context.is_disconnect = True


async def _persist(once: Callable[[], Awaitable[T]]) -> T:
    """Run a whole transaction again when it lost a race; DatabaseBusyNow when it would not do to wait longer."""
    for attempt in range(_TRIES):
        try:
            return await once()
        except Exception as error:
            # What goes wrong while connecting comes as the driver raised it, everything later in SQLAlchemy's wrapping.
            cause = error.orig if isinstance(error, DBAPIError) else error
            state = getattr(cause, "sqlstate", None)
            if state in _AGAIN and attempt + 1 < _TRIES:
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - only spreads retries
                continue
            lost = isinstance(error, DBAPIError) and error.connection_invalidated
            if lost or state in _BUSY or isinstance(cause, OSError | TimeoutError | NoConnectionFree):
                raise DatabaseBusyNow(str(cause) or type(cause).__name__) from error
            raise
    raise AssertionError("unreachable: the last try raises")
