"""Databases for tests: a file for each on SQLite, a database of its own for each on PostgreSQL, emptied and used again.

PostgreSQL is used where `DATABASE_TEST_URL` names a server. Where `BILLING_REQUIRE_SERVICES` is set and there is
none, that is a failure; elsewhere those tests are left out, and say so.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest

_SERVER = os.environ.get("DATABASE_TEST_URL", "postgresql://postgres@127.0.0.1:5432/test")
_REQUIRED = bool(os.environ.get("BILLING_REQUIRE_SERVICES"))
_TEMPLATE = f"bgw_template_{os.getpid()}"
_numbers = count()
_idle: list[str] = []

KINDS = ("sqlite", "postgresql")


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
        assert await database.read(version)
        await database.close()

    _run(tables())


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


async def _do(url: str, statements: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _run(work: object) -> None:
    """Run on a loop of its own, also where one runs already."""
    import threading

    problems: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)  # type: ignore[arg-type]
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
