"""PostgreSQL: whatever becomes of a connection, a request is told to come again and the next one is served."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gateway.billing.commands import AddPackage
from gateway.store.database import DatabaseBusyNow, open_database
from tests import databases

from .given import Bench

pytestmark = pytest.mark.anyio


@pytest.fixture
async def on_server(tmp_path: Path) -> AsyncIterator[Bench]:
    with databases.database_url("postgresql", tmp_path) as url:
        bench = Bench(url)
        await bench.publish()
        yield bench
        await bench.store.close()


def own_process(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


async def test_a_connection_that_is_cut_in_the_middle_makes_busy_and_the_next_request_succeeds(on_server: Bench) -> None:
    account_id = await on_server.open()

    def cut_off(connection: Connection) -> None:
        databases._admin(f"SELECT pg_terminate_backend({own_process(connection)})")
        connection.execute(text("DELETE FROM journal"))

    def cut_off_at_the_end(connection: Connection) -> None:
        databases._admin(f"SELECT pg_terminate_backend({own_process(connection)})")

    for number, act in enumerate([cut_off, cut_off_at_the_end] * 5):
        with pytest.raises(DatabaseBusyNow):
            await on_server.database.write(act)
        assert (await on_server.do(account_id, AddPackage(plan="team"))).revision == 2 + number


async def test_connections_that_were_cut_while_idle_are_replaced_unnoticed(on_server: Bench) -> None:
    account_id = await on_server.open()
    process = await on_server.database.read(own_process)

    databases._admin(f"SELECT pg_terminate_backend({process})")

    assert (await on_server.do(account_id, AddPackage(plan="team"))).revision == 2


async def test_a_server_that_is_not_there_makes_busy() -> None:
    database = open_database("postgresql://me@127.0.0.1:1/billing")
    with pytest.raises(DatabaseBusyNow):
        await database.read(own_process)
    await database.close()
