"""The file: one owner, strict tables, readers that cannot write, tables that match their migrations."""

import multiprocessing
import multiprocessing.synchronize
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from gateway.store.database import DatabaseBusy, open_database
from gateway.store.migrate import newest, version
from gateway.store.tables import metadata

from .given import Bench

pytestmark = pytest.mark.anyio


async def test_a_second_opening_of_the_file_is_refused_and_names_the_owner(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    database = open_database(url, admin="the/socket")
    with pytest.raises(DatabaseBusy) as busy:
        open_database(url)
    assert busy.value.owner["admin"] == "the/socket"
    await database.close()
    await open_database(url).close()


def _hold(url: str, ready: "multiprocessing.synchronize.Event") -> None:
    database = open_database(url)
    ready.set()
    time.sleep(60)
    del database


async def test_the_lock_ends_with_its_process_even_by_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    holder = spawn.Process(target=_hold, args=(url, ready))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(DatabaseBusy):
        open_database(url)
    holder.kill()
    holder.join()
    await open_database(url).close()


async def test_a_reader_cannot_write(file_bench: Bench) -> None:
    with pytest.raises(DBAPIError, match="readonly"):
        await file_bench.database.read(lambda c: c.execute(text("DELETE FROM plan")))


async def test_the_file_is_set_up_to_lose_nothing(file_bench: Bench) -> None:
    def pragmas(connection):  # type: ignore[no-untyped-def]
        names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in names}

    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
    assert await file_bench.database.write(pragmas) == wanted
    assert await file_bench.database.read(pragmas) == wanted


async def test_the_migrations_make_exactly_the_tables_that_are_declared(file_bench: Bench) -> None:
    def differences(connection):  # type: ignore[no-untyped-def]
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await file_bench.database.write(differences) == []
    assert await file_bench.database.read(version) == newest()


async def test_every_table_is_strict_and_tables_of_accounts_lead_with_the_account(file_bench: Bench) -> None:
    def definitions(connection):  # type: ignore[no-untyped-def]
        return {row.name: row.sql for row in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))}

    created = await file_bench.database.read(definitions)
    ours = {name: sql for name, sql in created.items() if name in metadata.tables}
    assert len(ours) == len(metadata.tables)
    assert all(sql.rstrip().endswith("STRICT") for sql in ours.values())
    of_accounts = await file_bench.database.read(
        lambda c: {name: inspect(c).get_pk_constraint(name)["constrained_columns"] for name in ours if "account_id" in ours[name]}
    )
    leading = {name: columns[0] for name, columns in of_accounts.items()}
    of_one = dict.fromkeys(("account", "profile", "journal", "checkpoint", "invoice", "posting"), "account_id")
    assert leading == {**of_one, "outcome": "scope", "outbox": "id"}


async def test_a_database_of_a_newer_gateway_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    database = open_database(url)
    await database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.close()
    with pytest.raises(RuntimeError, match="newer"):
        open_database(url)
