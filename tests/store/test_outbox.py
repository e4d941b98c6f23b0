"""The outbox: what is written leaves its hint in the same transaction, and a hint goes when it was told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select

from gateway.billing.commands import AddPackage
from gateway.jobs.bill_run import bill_run
from gateway.store import books, outbox
from gateway.store.outbox import HINT, Message
from gateway.store.tables import invoice, metadata
from tests import databases

from .given import Bench

pytestmark = pytest.mark.anyio


@pytest.fixture
async def announcing(database_url: str) -> AsyncIterator[Bench]:
    """A store whose accounts other processes may watch; its outbox is empty."""
    bench = Bench(database_url, announces=True)
    await bench.publish()
    assert await taken(bench) == [None]
    bench.store.outgoing.clear()
    yield bench
    await bench.store.close()


@pytest.fixture
async def several(tmp_path: Path) -> AsyncIterator[list[Bench]]:
    """Two stores on one database, as in two processes."""
    with databases.database_url("postgresql", tmp_path) as url:
        stores = [Bench(url), Bench(url)]
        await stores[0].publish()
        yield stores
        for each in stores:
            await each.store.close()


def hints(connection: Connection) -> list[Message]:
    return [Message(**row._mapping) for row in connection.execute(select(metadata.tables["outbox"]).order_by("id"))]


async def waiting(bench: Bench) -> list[str | None]:
    """Whom the hints in the outbox are about."""
    return [each.account_id for each in await bench.database.read(hints)]


async def told(messages: list[Message]) -> None:
    """They arrive."""


async def lost(messages: list[Message]) -> None:
    raise ConnectionError("nobody listens")


async def taken(bench: Bench, limit: int = 1000) -> list[str | None]:
    messages = await bench.database.hand_over(partial(outbox.take, kind=HINT, limit=limit), told)
    return [message.account_id for message in messages]


async def test_a_command_leaves_one_hint_and_a_refused_or_repeated_one_leaves_none(announcing: Bench) -> None:
    account_id = await announcing.open()
    assert announcing.store.outgoing.is_set()
    await announcing.do(account_id, AddPackage(plan="team"), key="k")
    await announcing.do(account_id, AddPackage(plan="team"), key="k")
    assert (await announcing.do(account_id, AddPackage(plan="team", representatives=100_000))).refusal is not None

    left = await announcing.database.read(hints)

    assert [(each.account_id, each.kind, each.payload) for each in left] == [(account_id, "hint", None)] * 2
    assert left[0].id < left[1].id
    assert left[1].at.astimezone(UTC) == datetime(2026, 5, 17, 9, 0, 2, tzinfo=UTC)


async def test_a_fault_in_the_middle_leaves_no_hint(announcing: Bench) -> None:
    account_id = await announcing.open()
    await taken(announcing)

    class Faulty(AddPackage):
        def __call__(self, books):  # type: ignore[no-untyped-def]
            super().__call__(books)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await announcing.do(account_id, Faulty(plan="team"))

    assert await waiting(announcing) == []


async def test_a_cut_of_several_periods_leaves_one_hint_and_one_with_nothing_to_cut_none(announcing: Bench) -> None:
    account_id = await announcing.open()
    await announcing.do(account_id, AddPackage(plan="team"))
    await taken(announcing)
    at = datetime(2026, 8, 1, 12, tzinfo=UTC)

    assert len(await announcing.store.cut(account_id, at)) == 3
    assert await announcing.store.cut(account_id, at) == ()

    assert await waiting(announcing) == [account_id]


async def test_a_store_that_nobody_else_watches_leaves_nothing(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.store.cut(account_id, datetime(2026, 6, 1, tzinfo=UTC))

    assert await waiting(bench) == []


async def test_the_oldest_are_taken_first_and_what_was_told_is_gone(announcing: Bench) -> None:
    accounts = [await announcing.open() for _ in range(3)]

    assert await taken(announcing, limit=2) == accounts[:2]
    assert await waiting(announcing) == accounts[2:]
    assert await taken(announcing) == accounts[2:]
    assert await taken(announcing) == []


async def test_what_could_not_be_told_stays(announcing: Bench) -> None:
    accounts = [await announcing.open() for _ in range(2)]

    with pytest.raises(ConnectionError, match="nobody listens"):
        await announcing.database.hand_over(partial(outbox.take, kind=HINT, limit=10), lost)

    assert await waiting(announcing) == accounts
    assert await taken(announcing) == accounts


async def test_what_one_process_is_telling_another_neither_takes_nor_waits_for(several: list[Bench]) -> None:
    one, other = several

    def put(connection: Connection) -> None:
        for account_id in ("acc_1", "acc_2", "acc_3"):
            outbox.put(connection, account_id, HINT, one.now)

    await one.database.write(put)
    meanwhile = []

    async def telling(messages: list[Message]) -> None:
        meanwhile.extend(await taken(other))

    first = await one.database.hand_over(partial(outbox.take, kind=HINT, limit=2), telling)

    assert [each.account_id for each in first] == ["acc_1", "acc_2"]
    assert meanwhile == ["acc_3"]
    assert await waiting(one) == []


async def test_an_account_that_another_process_holds_is_left_to_it(several: list[Bench]) -> None:
    one, other = several
    account_id = await one.open()
    await one.do(account_id, AddPackage(plan="team"))
    at = datetime(2026, 6, 1, tzinfo=UTC)
    meanwhile = []

    async def holding(found: bool) -> None:
        meanwhile.append(await other.store.cut(account_id, at, shared=True))

    assert await one.database.hand_over(lambda connection: books.lock(connection, account_id), holding)

    assert meanwhile == [()]
    (issue,) = await other.store.cut(account_id, at, shared=True)
    assert issue.number == "INV-2026-000001"
    assert await one.store.cut(account_id, at, shared=True) == ()


async def test_two_processes_that_bill_at_once_bill_each_account_once(several: list[Bench]) -> None:
    one, _ = several
    accounts = [await one.open() for _ in range(12)]
    for account_id in accounts:
        await one.do(account_id, AddPackage(plan="team"))
    at = datetime(2026, 7, 1, tzinfo=UTC)

    runs = await asyncio.gather(*(bill_run(each.store, until=at, now=at, shared=True) for each in several * 2))
    rest = await bill_run(one.store, until=at, now=at)

    assert sum(run.invoices for run in (*runs, rest)) == 24
    assert [run.failures for run in runs] == [()] * 4
    rows = await one.database.read(lambda c: c.execute(select(invoice.c.number, invoice.c.account_id).order_by(invoice.c.number)).all())
    assert [row.number for row in rows] == [f"INV-2026-{n:06d}" for n in range(1, 25)]
    assert sorted(row.account_id for row in rows) == sorted(accounts * 2)


async def test_the_migrations_make_exactly_the_tables_that_are_declared(announcing: Bench) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await announcing.database.write(differences) == []
