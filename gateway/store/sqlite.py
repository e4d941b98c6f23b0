"""SQLite: one process owns the file; one connection writes, on a thread of its own, and one reads.

Two connections that write or checkpoint at once can corrupt a WAL database (SQLite 3.7.0 to 3.51.2), and deferred
transactions lose updates silently: hence the lock file, the single writer and BEGIN IMMEDIATE. Reads are short and
run where they are called, for a thread costs more than the read.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from .busy import DatabaseBusy
from .migrate import upgrade

P = ParamSpec("P")
T = TypeVar("T")

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "trusted_schema=OFF", "cache_size=-65536")


class SQLite:
    """A database in one file."""

    def __init__(self, path: Path, *, admin: str | None = None) -> None:
        """Own the file; `admin` tells other processes where this one takes requests."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _own(path, {"pid": str(os.getpid()), **({"admin": admin} if admin else {})})
        with contextlib.suppress(OSError):  # SQLite says it better
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # what is in it is nobody else's
        self._thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._writer = _engine(path, "BEGIN IMMEDIATE")
        try:
            with self._writer.connect() as connection:
                upgrade(connection)
        except BaseException:
            self._release()
            raise
        self._reader = _engine(path, "BEGIN", "query_only=ON")

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._reader, self._writer)

    async def read(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._reader.connect() as connection:
            return run(connection, *args, **kwargs)

    async def write(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work() -> T:
            with self._writer.begin() as connection:
                return run(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def hand_over(self, take: Callable[[Connection], T], tell: Callable[[T], Coroutine[Any, Any, None]]) -> T:
        loop = asyncio.get_running_loop()

        def work() -> T:
            with self._writer.begin() as connection:
                taken = take(connection)
                asyncio.run_coroutine_threadsafe(tell(taken), loop).result()
                return taken

        return await loop.run_in_executor(self._thread, work)

    async def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._reader.dispose()
        self._release()

    def _release(self) -> None:
        self._writer.dispose()
        self._lock.close()


def _engine(path: Path, begin: str, *pragmas: str) -> Engine:
    def connect() -> sqlite3.Connection:
        # Autocommit for the driver: it must not open transactions of its own, deferred ones at that.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
        for pragma in (*_PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, query_cache_size=1500)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _own(path: Path, card: dict[str, str]) -> IO[str]:
    """Take the file's lock, which ends with the process, and leave a card in it."""
    name = path.with_name(path.name + ".lock")
    descriptor = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.fdopen(descriptor, "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner: dict[str, Any] = {}
        with contextlib.suppress(ValueError):
            owner = json.loads(lock.read())
        lock.close()
        raise DatabaseBusy(path, owner) from None
    lock.truncate(0)
    json.dump(card, lock)
    lock.flush()
    return lock
