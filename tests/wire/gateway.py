"""The very gateway an operator starts, as a process, with a clock that can be moved from outside."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import libfaketime
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests import databases
from tests.server.running import Running, command, serving

Json = dict[str, Any]
_LIBRARY = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"


class Clock:
    """The gateway's wall clock. Its process has no part in this; its timers keep running by the real one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._offset = timedelta()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to see this clock."""
        return {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Waits of threads for one another (5 ms, as for the interpreter lock) must not be measured on the moved clock.
            "FAKETIME_WAIT_MS": "5",
            "FAKETIME_FORCE_MONOTONIC_FIX": "1",
        }

    def set(self, to: datetime) -> None:
        """Set the clock; it goes on from there."""
        self._offset = to - datetime.now(UTC)
        seconds = self._offset / timedelta(seconds=1)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+.3f}\n")
        fresh.replace(self._file)

    @property
    def now(self) -> datetime:
        """What the gateway reads, give or take a moment."""
        return datetime.now(UTC) + self._offset


@dataclass
class Gateway:
    """A running gateway, and how to talk to it."""

    running: Running
    folder: Path
    clock: Clock
    database_url: str

    def token(self, account_id: str | None = None) -> str:
        """A token of an account's owner, or of an operator, signed by the command line."""
        role = ("--role", "OWNER", "--account", account_id) if account_id else ("--role", "OPERATOR")
        done = command(self.folder, "token", *role, "--days", "400", **self.clock.environment)
        assert done.returncode == 0, done.stderr
        return next(word for word in done.stdout.split() if word.count(".") == 2 and word.startswith("ey"))

    async def ask(self, token: str, document: str, **variables: Any) -> Json:
        """The data of an answer over HTTP, on a connection of its own."""
        answer = await self.post(token, document, **variables)
        assert "errors" not in answer, answer
        data: Json = answer["data"]
        return data

    async def post(self, token: str, document: str, **variables: Any) -> Json:
        """The whole answer over HTTP."""
        reader, writer = await asyncio.open_connection(*self.host)
        writer.write(self.request(token, document, **variables))
        answer = await reader.read()
        writer.close()
        body: Json = json.loads(answer.partition(b"\r\n\r\n")[2])
        return body

    def request(self, token: str, document: str, **variables: Any) -> bytes:
        """A request as it goes over the wire."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        head = f"POST /graphql HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\nauthorization: Bearer {token}\r\n"
        return head.encode() + b"content-type: application/json\r\ncontent-length: " + str(len(body)).encode() + b"\r\n\r\n" + body

    @property
    def host(self) -> tuple[str, int]:
        """Where it listens."""
        url = urlsplit(self.running.address)
        return str(url.hostname), int(url.port or 0)

    @asynccontextmanager
    async def socket(self, token: str) -> AsyncIterator[ClientConnection]:
        """A socket that has been acknowledged."""
        url = f"ws://{self.host[0]}:{self.host[1]}/graphql"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            yield socket

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[Callable[[str], Awaitable[int]]]:
        """How many rows of a table are committed, seen from outside on one connection."""
        if databases.is_file(self.database_url):
            with closing(sqlite3.connect(f"file:{self.folder}/billing.db?mode=ro", uri=True)) as file:

                async def count(table: str) -> int:
                    return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

                yield count
            return
        import asyncpg

        connection = await asyncpg.connect(self.database_url)
        try:
            yield lambda table: connection.fetchval(f"SELECT count(*) FROM {table}")
        finally:
            await connection.close()


@contextmanager
def gateway(folder: Path, clock: Clock, database_url: str) -> Iterator[Gateway]:
    """Start the gateway."""
    own = ("--schema", "schema:schema", "--context", "resolvers:make_context")
    with serving(folder, *own, BILLING_DATABASE_URL=database_url, **clock.environment) as running:
        yield Gateway(running, folder, clock, database_url)
