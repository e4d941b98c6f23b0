"""How a client reaches a gateway: over HTTP on a kept connection, or over a WebSocket. Neither asks twice by itself."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

Json = dict[str, Any]

FAILURES = (OSError, EOFError, TimeoutError, WebSocketException, ValueError)
"""What an unanswered request ends in: it may or may not have been performed."""


class Wire(Protocol):
    """A connection to one gateway, made when it is first needed."""

    async def ask(self, document: str, variables: Json) -> Json:
        """The answer: `data`, `errors` or both. Raises one of FAILURES when there was none."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Http:
    """One connection at a time, kept open between requests."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, document: str, variables: Json) -> Json:
        """Post, and read the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = json.dumps({"query": document, "variables": variables}).encode()
        head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._token}\r\n"
        writer.write(f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        top = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.partition(":")[2]) for line in top.split("\r\n") if line.startswith("content-length:"))
        answer: Json = json.loads(await reader.readexactly(length))
        return answer

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Socket:
    """A WebSocket that has been acknowledged; one operation at a time."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._socket: ClientConnection | None = None
        self._ids = count()

    async def _open(self) -> ClientConnection:
        if self._socket is None:
            url = f"ws://127.0.0.1:{self._port}/graphql"
            socket = await connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], compression=None, close_timeout=1, proxy=None)
            self._socket = socket
            await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {self._token}"}}))
            if json.loads(await socket.recv())["type"] != "connection_ack":
                raise ValueError("the socket was not acknowledged")
        return self._socket

    async def ask(self, document: str, variables: Json) -> Json:
        """Send an operation, and read until it is complete."""
        answer: Json | None = None
        name = await self.begin(document, variables)
        while True:
            message = await self.hear()
            if message.get("id") != name:
                continue
            if message["type"] == "next":
                answer = message["payload"]
            elif message["type"] == "error":
                return {"errors": message["payload"]}
            elif message["type"] == "complete" and answer is not None:
                return answer

    async def begin(self, document: str, variables: Json) -> str:
        """Send an operation; gives the id under which its messages come."""
        socket, name = await self._open(), str(next(self._ids))
        await socket.send(json.dumps({"id": name, "type": "subscribe", "payload": {"query": document, "variables": variables}}))
        return name

    async def hear(self) -> Json:
        """The next message; pings are answered on the way."""
        socket = await self._open()
        while True:
            message: Json = json.loads(await socket.recv())
            if message["type"] != "ping":
                return message
            await socket.send(json.dumps({"type": "pong"}))

    async def close(self) -> None:
        """Close the socket, if there is one."""
        if self._socket is not None:
            socket, self._socket = self._socket, None
            await socket.close()
