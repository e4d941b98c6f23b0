"""A database of an older release, with all that is in it, is brought forward: nothing is lost, and its audit is clean."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, insert, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.store.audit import audit
from gateway.store.database import open_database
from gateway.store.looking import look
from gateway.store.migrate import VERSIONS, newest, standing
from tests import databases
from tests.server.running import environment

from .given import Bench
from .grown import grown
from .next_version.ddl import SCRIPTS, scripts

pytestmark = pytest.mark.anyio

OLDER = [script.revision for script in scripts(VERSIONS[0]) if script.revision < newest()]
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def full(database_url: str) -> Iterator[str]:
    """A database of this release, with months in it."""

    async def fill() -> None:
        bench = Bench(database_url)
        await bench.publish()
        await grown(bench)
        await bench.store.close()

    asyncio.run(fill())
    yield database_url
    # Tables of other releases are nothing for other tests: a database without tables is not used again.
    databases.take_tables_away(database_url)


@pytest.fixture
def bare(full: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind, without tables."""
    (tmp_path / "bare").mkdir()
    with databases.database_url("sqlite" if databases.is_file(full) else "postgresql", tmp_path / "bare") as url:
        databases.take_tables_away(url)
        yield url
        databases.take_tables_away(url)


async def reach(url: str, run: Callable[[Connection], Any]) -> Any:
    """Run a function in a transaction of a database, whatever its tables are."""
    if databases.is_file(url):
        engine = create_engine(url)
        with engine.begin() as connection:
            found = run(connection)
        engine.dispose()
        return found
    server = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    async with server.begin() as connected:
        found = await connected.run_sync(run)
    await server.dispose()
    return found


def make_as_of(revision: str) -> Callable[[Connection], None]:
    """What makes the tables as a release of that version did."""

    def make(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    return make


def rows(connection: Connection) -> Rows:
    """Everything that is stored, as it is stored."""
    found = MetaData()
    found.reflect(connection)
    # The outbox is handed on and emptied by whoever runs.
    tables = [table for table in found.sorted_tables if table.name not in ("alembic_version", "outbox")]
    return {
        table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()] for table in tables
    }


def store(given: Rows) -> Callable[[Connection], None]:
    """What stores rows in tables that may not have all of their columns yet."""

    def write(connection: Connection) -> None:
        found = MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            for row in given.get(table.name, []):
                connection.execute(insert(table).values({name: row[name] for name in table.c.keys()}))  # noqa: SIM118 - columns by name

    return write


def without_news(after: Rows, before: Rows) -> Rows:
    """What of the rows there was before: tables and columns that came are left out."""
    return {name: [{column: row[column] for column in was[0]} if was else row for row in after[name]] for name, was in before.items()}


def later_release(url: str, folder: Path, *arguments: str) -> str:
    """Run a command of the release after the next one; what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.next_version", "contract", *arguments],
        cwd=folder,
        env=environment(folder, BILLING_DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.mark.parametrize("revision", OLDER)
async def test_a_database_of_an_older_release_is_brought_forward_with_all_that_is_in_it(full: str, bare: str, revision: str) -> None:
    await reach(bare, make_as_of(revision))
    await reach(bare, store(await reach(full, rows)))
    before = await reach(bare, rows)

    database = open_database(bare, migrate=True)
    present = await database.read(standing)
    await database.close()

    assert (present.version, present.oldest_reader) == (newest(), scripts(VERSIONS[0])[-1].module.oldest_reader)
    assert without_news(await reach(bare, rows), before) == before
    assert len(before["account"]) == 4 and before["journal"] and before["invoice"] and before["checkpoint"]
    seen = await audit(look(bare))
    assert (seen.findings, seen.accounts) == ((), 4)


async def test_data_of_this_release_is_brought_forward_and_a_later_one_finds_nothing_wrong(full: str, tmp_path: Path) -> None:
    before = await reach(full, rows)

    assert later_release(full, tmp_path, "migrate").endswith(" is at version 9003.\n")

    after = await reach(full, rows)
    assert without_news(after, before) == before
    assert {row["note"] for row in after["account"]} == {"filled in"} and {row["copies"] for row in after["invoice"]} == {1}
    assert later_release(full, tmp_path, "audit").startswith("Nothing wrong in 4 accounts, ")
