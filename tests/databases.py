"""Databases for tests: a file for each on SQLite, a database of its own for each on PostgreSQL, emptied and used again.

PostgreSQL is used where `DATABASE_TEST_URL` names a server. Where `BILLING_REQUIRE_SERVICES` is set and there is
none, that is a failure; elsewhere those tests are left out, and say so.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

_SERVER = os.environ.get("DATABASE_TEST_URL", "postgresql://postgres@127.0.0.1:5432/test")
_REQUIRED = bool(os.environ.get("BILLING_REQUIRE_SERVICES"))
_TEMPLATE = f"bgw_template_{os.getpid()}"
_numbers = count()
_idle: list[str] = []

KINDS = ("sqlite", "postgresql")
T = TypeVar("T")


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of a kind, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/billing.db"
        return
    _template()
    name = _idle.pop() if _idle else _fresh()
    try:
        yield _named(name)
    finally:
        if _emptied(name):
            _idle.append(name)
        else:
            _admin(f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statements: str) -> None:
    """Change a database behind the gateway's back."""
    if is_file(url):
        with closing(sqlite3.connect(_path(url))) as connection, connection:
            connection.executescript(statements)
    else:
        _run(_do(url, statements))


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    """What is committed, seen from outside."""
    if not is_file(url):
        return _run(_rows(url, query))
    with closing(sqlite3.connect(f"file:{_path(url)}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def take_tables_away(url: str) -> None:
    """Leave a database as its administrator makes it."""
    if not is_file(url):
        execute(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    for name in ("", "-wal", "-shm"):
        Path(f"{_path(url)}{name}").unlink(missing_ok=True)
    _path(url).touch()


def is_held(url: str) -> bool:
    """Whether a gateway has it open: owns the file, or has connections to the server."""
    from gateway.store.database import DatabaseBusy, open_database

    if not is_file(url):
        theirs = "datname = current_database() AND application_name LIKE 'billing-gateway%'"
        return bool(fetch(url, f"SELECT pid FROM pg_stat_activity WHERE {theirs}"))
    try:
        database = open_database(url)
    except DatabaseBusy:
        return True
    _run(database.close())
    return False


def is_file(url: str) -> bool:
    """Whether it is SQLite's."""
    return url.startswith("sqlite:///")


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _fresh() -> str:
    name = f"bgw_{os.getpid()}_{next(_numbers)}"
    _admin(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    # Tests ask whether what was committed is there, not whether it outlives a loss of power.
    _admin(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return name


def _emptied(name: str) -> bool:
    """Empty a database for the next test, which takes a tenth of making one; False when its tables are not what they were."""
    from gateway.store.migrate import newest
    from gateway.store.tables import metadata

    tables = ", ".join(table.name for table in metadata.sorted_tables)
    _admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        _run(_do(_named(name), f"TRUNCATE {tables} RESTART IDENTITY; UPDATE alembic_version SET version_num = '{newest()}'"))
    except Exception:
        return False
    return True


def drop_template() -> None:
    """Take away the databases of this process, and what they were copied from."""
    for name in (*_idle, *([_TEMPLATE] if _template.cache_info().currsize else [])):
        _admin(f"DROP DATABASE {name} WITH (FORCE)")
    _idle.clear()


@cache
def _template() -> None:
    """A database with the tables in it, to copy: quicker than making them each time."""
    from gateway.store.database import open_database
    from gateway.store.migrate import version

    why = _missing()
    if why and _REQUIRED:
        pytest.fail(f"PostgreSQL is required and not there: {why}")
    if why:
        pytest.skip(f"PostgreSQL is not there ({why}); DATABASE_TEST_URL names one")
    _admin(f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")
    _admin(f"CREATE DATABASE {_TEMPLATE}")

    async def tables() -> None:
        database = open_database(_named(_TEMPLATE))
        try:
            assert await database.read(version)
        finally:
            await database.close()

    try:
        _run(tables())
    except BaseException:
        _admin(f"DROP DATABASE {_TEMPLATE} WITH (FORCE)")
        raise


@cache
def _missing() -> str | None:
    try:
        import asyncpg  # noqa: F401
    except ImportError:
        return "the extra `postgres` is not installed"
    try:
        _admin("SELECT 1")
    except (OSError, TimeoutError) as error:
        return str(error)
    return None


def _named(name: str) -> str:
    return f"{_SERVER.rpartition('/')[0]}/{name}"


def _admin(statement: str) -> None:
    _run(_do(_SERVER, statement))


async def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=5)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def _do(url: str, statements: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run on a loop of its own, also where one runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
