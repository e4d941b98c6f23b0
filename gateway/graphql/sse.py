"""Answers as server-sent events: the "distinct connections" mode of graphql-sse."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.types import Receive, Send

from .answer import Answer
from .connections import GOING_AWAY, SERVICE_RESTART, Connection

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # Proxies of the nginx family hold a stream back until a buffer is full, unless told so.
    (b"x-accel-buffering", b"no"),
]
# The empty data line is needed: a browser drops an event that has none.
_COMPLETE = b"event: complete\ndata:\n\n"
_HEARTBEAT = b":\n\n"


class EventStream:
    """One stream of answers to one client.

    It ends with `complete` when the answers do, and when the token expires. When the server goes down it just breaks off, which makes
    clients come back.
    """

    def __init__(self, answers: AsyncGenerator[Answer, None], connection: Connection, receive: Receive, send: Send) -> None:
        self._answers = answers
        self._connection = connection
        self._receive = receive
        self._send = send
        self._sent = 0
        self._sending = False

    async def run(self, heartbeat_seconds: float) -> None:
        """Stream until the answers, the token, the client or the server end it."""
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._write(_HEARTBEAT)
        pump = asyncio.create_task(self._pump())
        watch = asyncio.create_task(self._end_when_client_leaves())
        over = self._connection.over
        ends: set[asyncio.Future[Any]] = {pump, over}
        try:
            sent = self._sent
            while not pump.done() and not over.done():
                await asyncio.wait(ends, timeout=heartbeat_seconds, return_when=asyncio.FIRST_COMPLETED)
                if sent == self._sent and not self._sending and not pump.done() and not over.done():
                    await self._write(_HEARTBEAT)
                sent = self._sent
        finally:
            pump.cancel()
            watch.cancel()
            await asyncio.gather(pump, watch, return_exceptions=True)
        code = over.result()[0] if over.done() else None
        if code == GOING_AWAY:
            return
        if code != SERVICE_RESTART:
            await self._write(_COMPLETE)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pump(self) -> None:
        async with aclosing(self._answers) as answers:
            async for answer in answers:
                await self._write(b"event: next\ndata: " + answer.encode() + b"\n\n")
                # Neither a source that never waits nor a transport that never fills may keep the loop to themselves.
                await asyncio.sleep(0)

    async def _write(self, chunk: bytes) -> None:
        self._sending = True
        try:
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        finally:
            self._sending = False
            self._sent += 1

    async def _end_when_client_leaves(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self._connection.end(GOING_AWAY, "Client left")
