"""Several processes on one database: what one does the others show, and none of them is needed."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import ClientConnection

from gateway.billing.commands import AddPackage
from gateway.server.cli import cli
from tests import databases
from tests.server.running import Running, command, environment, serving
from tests.services import way_to
from tests.store.given import Bench

from .gateway import Clock, Gateway, Json

pytestmark = pytest.mark.anyio

ESTIMATE = "subscription { estimate { revision cause { verb } forecast { period { start } } } }"
OPEN = """mutation { openAccount(input: {name: "A", currency: "EUR", timeZone: "Europe/Berlin", idempotencyKey: "o"}) {
    ... on Outcome { account { id } } } }"""
ADD = """mutation($key: ID!) { addPackage(input: {plan: "team", idempotencyKey: $key}) {
    ... on PackageAdded { entry { revision } } ... on Error { code } } }"""


class RealClock(Clock):
    """Nothing is moved."""

    @property
    def environment(self) -> dict[str, str]:
        return {}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with databases.database_url("postgresql", tmp_path) as url:
        yield url


@contextmanager
def served(folder: Path, url: str, *arguments: str, **more: str) -> Iterator[Gateway]:
    """A gateway on this database."""
    own = ("--schema", "schema:schema", "--context", "resolvers:make_context")
    with serving(folder, *own, *arguments, BILLING_DATABASE_URL=url, **more) as running:
        yield Gateway(running, folder, RealClock(folder), url)


@contextmanager
def working(folder: Path, url: str) -> Iterator[Running]:
    """A worker that is ready."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "gateway", "worker"],
        cwd=folder,
        env=environment(folder, BILLING_DATABASE_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert re.fullmatch(r"Working on postgresql://\S+\. Ctrl\+C stops it\.\n", process.stdout.readline())
        yield Running(process, "")
    finally:
        process.kill()
        process.communicate()


async def owner(gateway: Gateway) -> str:
    """The token of a new account's owner."""
    opened = await gateway.ask(gateway.token(), OPEN)
    return gateway.token(opened["openAccount"]["account"]["id"])


@asynccontextmanager
async def watching(gateway: Gateway, token: str) -> AsyncIterator[ClientConnection]:
    async with gateway.socket(token) as socket:
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": ESTIMATE}}))
        yield socket


async def pushed(socket: ClientConnection) -> Json:
    message = json.loads(await asyncio.wait_for(socket.recv(), 15))
    assert message["type"] == "next" and "errors" not in message["payload"], message
    event: Json = message["payload"]["data"]["estimate"]
    return event


async def added(gateway: Gateway, token: str, key: str) -> int:
    revision: int = (await gateway.ask(token, ADD, key=key))["addPackage"]["entry"]["revision"]
    return revision


async def database(url: str, statement: str, *values: Any) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()


def children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_change_in_one_process_reaches_a_subscriber_of_another_also_after_their_connections_were_cut(
    tmp_path: Path, url: str
) -> None:
    with served(tmp_path, url) as one, served(tmp_path, url) as other:
        token = await owner(one)
        async with watching(other, token) as socket:
            assert (await pushed(socket))["revision"] == 1
            for revision in (2, 3):
                assert await added(one, token, f"k{revision}") == revision
                event = await pushed(socket)
                assert (event["revision"], event["cause"]) == (revision, {"verb": "addPackage"})
            ended = await database(
                url,
                "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'billing-gateway hints'",
            )
            assert [row["ended"] for row in ended] == [True, True]
            assert await added(one, token, "k4") == 4
            assert (await pushed(socket))["revision"] == 4
        for each in (one, other):
            code, errors = await asyncio.to_thread(each.running.stop)
            assert code == 0
            assert all("hints of other processes cannot be heard" in line or "cannot be handed on" in line for line in errors.splitlines())
    assert await database(url, "SELECT * FROM outbox") == []


async def test_several_processes_behind_one_port_outlive_a_kill_and_end_in_order(tmp_path: Path, url: str) -> None:
    with served(tmp_path, url, "--workers", "2") as gateway:
        parent = gateway.running.process
        token = await owner(gateway)
        before = children(parent.pid)
        assert len(before) == 2

        os.kill(before[0], signal.SIGKILL)

        assert [await added(gateway, token, f"k{number}") for number in range(2, 6)] == [2, 3, 4, 5]
        async with asyncio.timeout(15):
            while len(children(parent.pid)) < 2 or before[0] in children(parent.pid):  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.01)
        after = children(parent.pid)
        code, errors = await asyncio.to_thread(gateway.running.stop)

    assert code == 0
    (line,) = errors.splitlines()
    assert json.loads(line)["event"] == f"process {before[0]} ended with code -9; another one takes its place"
    assert not any(is_running(process) for process in (*before, *after))


async def test_when_the_first_process_is_killed_the_others_end_too(tmp_path: Path, url: str) -> None:
    with served(tmp_path, url, "--workers", "2") as gateway:
        started = children(gateway.running.process.pid)
        gateway.running.process.kill()
        async with asyncio.timeout(15):
            while any(is_running(process) for process in started):  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.01)


async def test_a_worker_cuts_what_a_gateway_leaves_to_it_and_the_subscriber_sees_it(tmp_path: Path, url: str) -> None:
    bench = Bench(url)
    await bench.publish()
    bench.now = datetime.now(UTC) - timedelta(days=40)
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.store.close()
    with served(tmp_path, url, BILLING_JOBS="elsewhere") as gateway:
        token = gateway.token(account_id)
        async with watching(gateway, token) as socket:
            first = await pushed(socket)
            assert first["revision"] == 2
            assert await database(url, "SELECT number FROM invoice") == []
            with working(tmp_path, url) as worker:
                event = await pushed(socket)
                code, errors = await asyncio.to_thread(worker.stop)
    assert (code, errors) == (0, "")
    invoices = await database(url, "SELECT number FROM invoice WHERE status = 'OPEN'")
    assert len(invoices) in (1, 2)
    # Each period leaves two entries: it is cut, and its invoice is issued.
    assert (event["revision"], event["cause"]) == (2 + 2 * len(invoices), {"verb": "issueInvoice"})


async def test_an_outage_of_the_database_is_told_and_ends_no_stream(tmp_path: Path, url: str) -> None:
    async with way_to(url) as way:
        # The way lies in this very loop, which starting and stopping must not hold up.
        starting = served(tmp_path, way.url)
        gateway = await asyncio.to_thread(starting.__enter__)
        try:
            token = await owner(gateway)
            async with watching(gateway, token) as socket:
                assert (await pushed(socket))["revision"] == 1

                await way.close()
                answer = await gateway.post(token, ADD, key="k")
                assert [error["message"] for error in answer["errors"]] == ["The database is busy; send the same request again."]
                assert answer["errors"][0]["extensions"] == {"code": "CONFLICT", "retryAfter": 1}
                await way.open()

                assert await added(gateway, token, "k") == 2
                assert (await pushed(socket))["revision"] == 2
            code, _ = await asyncio.to_thread(gateway.running.stop)
            assert code == 0
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


@pytest.mark.parametrize(
    ("arguments", "more", "says"),
    [
        (
            ["serve", "--workers", "2"],
            {},
            "One process owns a SQLite file, so there cannot be several. Leave --workers out, "
            "or set BILLING_DATABASE_URL to a PostgreSQL database.",
        ),
        (
            ["worker"],
            {},
            "A worker needs PostgreSQL. One process owns a SQLite file, and the gateway that serves it does by itself what falls due.",
        ),
        (
            ["serve"],
            {"BILLING_JOBS": "elsewhere"},
            "BILLING_JOBS cannot be elsewhere with SQLite: one process owns the file, and nobody else could do them.",
        ),
    ],
)
def test_what_takes_several_processes_is_refused_on_sqlite(tmp_path: Path, arguments: list[str], more: dict[str, str], says: str) -> None:
    done = CliRunner().invoke(cli, arguments, env=environment(tmp_path, **more))

    assert (done.exit_code, done.stderr) == (1, f"Error: {says}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = command(tmp_path, "worker", BILLING_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/billing")

    assert done.returncode == 1
    assert re.fullmatch(r"Error: The database postgresql://me:\*\*\*@127\.0\.0\.1:1/billing cannot be reached: .+\n", done.stderr)
