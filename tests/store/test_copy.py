"""Copying a database: identical rows there and back, into an empty one only, and all of it or nothing."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from gateway.billing.commands import AddPackage
from gateway.store import copy as copying
from gateway.store.audit import audit
from gateway.store.copy import CannotCopy, copy, expect_empty
from gateway.store.database import Database, open_database
from gateway.store.finding import Seen
from gateway.store.looking import CannotLook, look
from gateway.store.tables import account, journal, metadata, outbox
from tests import databases

from .given import START, Bench
from .grown import grown

pytestmark = pytest.mark.anyio

Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=databases.KINDS)
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database to copy into, of each kind."""
    (tmp_path / "target").mkdir()
    with databases.database_url(request.param, tmp_path / "target") as url:
        yield url


def rows(connection: Connection) -> Tables:
    """Every row of every table, in an order that is the same everywhere."""
    return {table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr) for table in metadata.sorted_tables}


async def held(url: str) -> Tables:
    async with look(url).view() as view:
        return await view(rows)


async def copied(source: str, target: str) -> dict[str, int]:
    """Copy, and give how many rows each table got."""
    database = open_database(target)
    try:
        return {name: contents.rows for name, contents in (await copy(look(source), database)).items()}
    finally:
        await database.close()


async def test_everything_arrives_as_it_was_and_the_audit_is_clean(bench: Bench, database_url: str, target_url: str) -> None:
    await grown(bench)
    before = await held(database_url)

    counts = await copied(database_url, target_url)

    assert await held(target_url) == before == await held(database_url)
    assert counts == {name: len(each) for name, each in before.items()}
    assert {counts[name] for name in ("account", "journal", "checkpoint", "invoice")} == {4, 43, 22, 11}
    assert await audit(look(target_url)) == Seen((), accounts=4, entries=43, checkpoints=22, invoices=11)


async def test_there_and_back_gives_identical_rows(bench: Bench, database_url: str, target_url: str, tmp_path: Path) -> None:
    await grown(bench)
    await copied(database_url, target_url)

    (tmp_path / "back").mkdir()
    with databases.database_url("postgresql" if database_url.startswith("postgresql") else "sqlite", tmp_path / "back") as back:
        await copied(target_url, back)
        assert await held(back) == await held(database_url)


async def test_pages_join_without_a_seam(bench: Bench, database_url: str, target_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of one and of several columns, with pages that end in the midst of an account."""
    await grown(bench)
    monkeypatch.setattr(copying, "_PAGE", 2)

    await copied(database_url, target_url)

    assert await held(target_url) == await held(database_url)


async def test_the_copy_goes_on_where_the_source_stood(bench: Bench, database_url: str, target_url: str) -> None:
    yearly, *_ = await grown(bench)
    await copied(database_url, target_url)

    there = Bench(target_url)
    there.now, there._keys = bench.now, bench._keys
    answer = await there.do(yearly, AddPackage(plan="starter"))
    await there.store.close()

    assert answer.revision == 16
    assert await audit(look(target_url)) == Seen((), accounts=4, entries=44, checkpoints=22, invoices=11)


async def test_what_counts_up_by_itself_goes_on_after_the_greatest(bench: Bench, database_url: str, target_url: str) -> None:
    await bench.database.write(_told, 41)
    await copied(database_url, target_url)

    database = open_database(target_url)
    await database.write(_told, None)
    newest = await database.read(lambda connection: connection.execute(select(func.max(outbox.c.id))).scalar_one())
    await database.close()

    assert newest == 42


def _told(connection: Connection, id: int | None) -> None:
    named = {} if id is None else {"id": id}
    connection.execute(insert(outbox).values(account_id=None, kind="hint", at=START, payload=None, **named))


async def test_what_is_written_meanwhile_stays_behind(bench: Bench, database_url: str, target_url: str) -> None:
    """One moment of the source is copied, however much goes on in it."""
    account_id = await bench.open()
    before = await held(database_url)
    database = open_database(target_url)
    async with look(database_url).view() as view:
        await view(rows)
        await bench.do(account_id, AddPackage(plan="team"))
        await copy(_Held(view), database)
    await database.close()

    assert await held(target_url) == before


class _Held:
    """A look whose moment was chosen before."""

    def __init__(self, view: Any) -> None:
        self._view = view

    def view(self) -> Any:
        return nullcontext(self._view)


async def test_a_database_that_is_not_empty_is_refused_and_nothing_is_written(bench: Bench, database_url: str, target_url: str) -> None:
    await grown(bench)
    there = Bench(target_url)
    await there.publish()
    before = await held(target_url)

    for refused in (copy(look(database_url), there.database), expect_empty(look(target_url))):
        with pytest.raises(CannotCopy, match=r"^it is not empty: there are rows in (plan|reference)$"):
            await refused

    await there.store.close()
    assert await held(target_url) == before


async def test_what_reads_back_otherwise_is_not_kept(
    bench: Bench, database_url: str, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await grown(bench)
    database = open_database(target_url)
    _damage_when_journal_is_filled(monkeypatch)

    with pytest.raises(CannotCopy, match=r"^journal reads back otherwise: 43 rows of 43, or others$"):
        await copy(look(database_url), database)

    await database.close()
    await expect_empty(look(target_url))


def _damage_when_journal_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target on which an actor's name changes as soon as the journal was written."""
    whole = copying._go_on_counting

    def damaging(connection: Connection, table: Any) -> None:
        whole(connection, table)
        if table is journal:
            connection.execute(update(journal).where(journal.c.revision == 1).values(actor="another"))

    monkeypatch.setattr(copying, "_go_on_counting", damaging)


async def test_a_source_that_cannot_be_read_leaves_the_target_empty(bench: Bench, database_url: str, target_url: str) -> None:
    await grown(bench)

    def spoil(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE checkpoint SET state = 'no JSON' WHERE revision = 5")

    await bench.database.write(spoil)
    database = open_database(target_url)

    with pytest.raises(CannotCopy, match=r"^checkpoint cannot be read: "):
        await copy(look(database_url), database)

    await database.close()
    await expect_empty(look(target_url))


async def test_a_source_of_another_version_is_refused(bench: Bench, database_url: str, target_url: str) -> None:
    def older(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    await bench.database.write(older)
    database = open_database(target_url)

    with pytest.raises(CannotLook, match=r"^its tables are at version 0000, and this gateway's at 0"):
        await copy(look(database_url), database)

    await database.close()


async def test_a_database_without_tables_counts_as_empty_and_an_older_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "bare.db").touch()
    await expect_empty(look(f"sqlite:///{tmp_path}/bare.db"))

    database: Database = open_database(f"sqlite:///{tmp_path}/older.db")
    await database.write(lambda connection: connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'") and None)
    await database.close()
    with pytest.raises(CannotCopy, match=r"^its tables are at version 0000, and this gateway's at 0"):
        await expect_empty(look(f"sqlite:///{tmp_path}/older.db"))


async def test_looking_writes_nothing_and_does_not_keep_the_owner_from_writing(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    async with look(database_url).view() as view:
        await view(rows)
        with pytest.raises(CannotLook, match=r"(?i)read.?only"):
            await view(lambda connection: connection.execute(update(account).values(anchor=9)))
    await bench.do(account_id, AddPackage(plan="team"))

    assert [row[7] for row in (await held(database_url))["account"]] == [1]
