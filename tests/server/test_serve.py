"""The process: from a port that is free to an end at which everybody knows and nothing is lost."""

import asyncio
import json
import signal
import socket
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from gateway.server.auth import Role, Tokens
from gateway.server.cli import cli
from gateway.server.clock import system_now
from gateway.server.keys import read_keys
from gateway.server.serve import PortTaken, address, bind
from tests.server.running import Running, command, environment, serving

pytestmark = pytest.mark.anyio

LIVE = {"query": "subscription { forever }"}


@pytest.fixture
def passing() -> Iterator[str]:
    """A folder for what a process that is killed leaves behind; its path is short, as those of sockets must be."""
    with TemporaryDirectory() as folder:
        yield folder


def operator_token(folder: Path) -> str:
    """A token signed with the keys that the gateway made."""
    tokens = Tokens(read_keys(folder / "keys.json"), issuer="billing-gateway", audience="billing-gateway", now=system_now)
    return tokens.issue(subject="ops", role=Role.OPERATOR, account_id=None, now=system_now(), ttl=timedelta(hours=1))


def modes(admin: Path) -> tuple[bool, int]:
    """Whether it is a socket, and who may enter its folder."""
    return stat.S_ISSOCK(admin.stat().st_mode), stat.S_IMODE(admin.parent.stat().st_mode)


async def asked(running: Running, query: str, token: str) -> object:
    async with httpx2.AsyncClient(base_url=running.address) as client:
        response = await client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"}, timeout=15)
        return response.json()


def waiting(mark: str) -> dict[str, str]:
    """A mutation that takes its time and leaves marks in the folder the process runs in."""
    return {"query": f'mutation {{ wait(seconds: 1, mark: "{mark}") }}'}


def left(folder: Path) -> list[str]:
    """The marks there are."""
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".begun", ".finished"))


async def test_sigterm_lets_everybody_know_finishes_mutations_and_exits_with_0(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, BILLING_DATABASE_URL=database_url) as running:
        bearer = {"Authorization": f"Bearer {operator_token(tmp_path)}"}
        url = running.address.replace("http", "ws") + "/graphql"
        async with (
            httpx2.AsyncClient(base_url=running.address, headers=bearer, timeout=15) as client,
            connect(url, subprotocols=["graphql-transport-ws"], proxy=None) as ws,  # type: ignore[list-item]
            client.stream("POST", "/graphql", json=LIVE, headers={"accept": "text/event-stream"}) as events,
        ):
            # given a live estimate on a socket and on an event stream, and a mutation over each of socket and HTTP
            await ws.send(json.dumps({"type": "connection_init", "payload": bearer}))
            assert json.loads(await ws.recv()) == {"type": "connection_ack"}
            await ws.send(json.dumps({"id": "1", "type": "subscribe", "payload": LIVE}))
            assert json.loads(await ws.recv()) == {"id": "1", "type": "next", "payload": {"data": {"forever": 1}}}
            lines = events.aiter_lines()
            assert 'data: {"data":{"forever":1}}' in [await anext(lines) for _ in range(4)]
            await ws.send(json.dumps({"id": "2", "type": "subscribe", "payload": waiting("socket")}))
            answer = asyncio.create_task(client.post("/graphql", json=waiting("http")))
            async with asyncio.timeout(10):
                while left(tmp_path) != ["http.begun", "socket.begun"]:  # noqa: ASYNC110 - they are another process's
                    await asyncio.sleep(0.01)

            running.process.send_signal(signal.SIGTERM)

            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(ws.recv(), 5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
            assert [line async for line in lines if line] == []
            assert (await answer).json() == {"data": {"wait": "finished"}}
        # a supervisor that asks twice changes nothing
        code, errors = await asyncio.to_thread(running.stop)
    assert (code, errors) == (0, "")
    assert left(tmp_path) == ["http.begun", "http.finished", "socket.begun", "socket.finished"]


async def test_ctrl_c_exits_with_0_too_and_leaves_only_its_log_where_a_fault_is_one_line(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, BILLING_DATABASE_URL=database_url) as running:
        answer = await asked(running, "{ fault }", operator_token(tmp_path))
        code, errors = await asyncio.to_thread(running.stop, signal.SIGINT)

    assert code == 0
    number = answer["errors"][0]["extensions"]["errorId"]  # type: ignore[index]
    (line,) = errors.splitlines()
    logged = json.loads(line)
    assert logged["event"] == f"fault {number} at ['fault']"
    assert (logged["level"], logged["logger"]) == ("error", "gateway.graphql")
    assert "RuntimeError: dsn=secret" in logged["exception"]


async def test_a_new_gateway_makes_its_keys_and_catalog_and_after_kill_9_the_next_one_goes_on_with_them(
    tmp_path: Path, database_url: str, passing: str
) -> None:
    with serving(tmp_path, BILLING_DATABASE_URL=database_url, TMPDIR=passing) as running:
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
        token = operator_token(tmp_path)
        assert await asked(running, "{ catalog }", token) == {"data": {"catalog": 1}}
        async with httpx2.AsyncClient(base_url=running.address) as client:
            assert "server" not in (await client.get("/health")).headers
        running.process.kill()
        running.process.wait()
    with serving(tmp_path, BILLING_DATABASE_URL=database_url) as running:
        assert await asked(running, "{ who catalog }", token) == {"data": {"who": "ops OPERATOR None", "catalog": 1}}


def test_the_owner_of_a_file_has_a_socket_for_its_user_alone_and_a_second_one_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        admin = Path(json.loads((tmp_path / "billing.db.lock").read_text())["admin"])
        assert modes(admin) == (True, 0o700)
        busy = command(tmp_path, "serve")
        assert busy.returncode == 1
        assert busy.stderr == (
            f"Error: {tmp_path}/billing.db is in use by process {running.process.pid}. "
            "One gateway serves one database: stop that one, or set BILLING_DATABASE_URL to another file.\n"
        )
        code, errors = running.stop()

    assert (code, errors) == (0, "")
    assert not admin.parent.exists()


def test_a_taken_port_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(cli, ["serve", "--port", str(port)], env=environment(tmp_path))

    assert done.exit_code == 1
    assert done.stderr == f"Error: Port {port} on 127.0.0.1 is taken. Choose another one with --port or BILLING_PORT.\n"
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["serve", "--host", "192.0.2.1"], env=environment(tmp_path))

    assert done.exit_code == 1
    assert done.stderr == "Error: Nothing can listen on 192.0.2.1 port 0: Cannot assign requested address. See --host or BILLING_HOST.\n"


def test_the_next_free_port_is_taken_when_there_may_be_several_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", port, tries=20) as listener:
            assert port < listener.getsockname()[1] < port + 20
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is taken"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "127.0.0.1")])
def test_an_address_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    with bind(host, 0) as listener:
        assert address(listener) == f"http://{shown}:{listener.getsockname()[1]}"
