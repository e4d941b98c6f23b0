"""Other services for tests: Redis, and a way to the database that can be cut off."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import pytest

_REDIS = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/0")


async def redis_url() -> str:
    """The URL of a Redis server; where `BILLING_REQUIRE_SERVICES` is set it must be there, elsewhere its tests are left out."""
    why = ""
    try:
        from redis.asyncio import Redis
        from redis.exceptions import RedisError
    except ImportError:
        why = "the extra `redis` is not installed"
    else:
        try:
            async with Redis.from_url(_REDIS) as client:
                await client.ping()
        except (RedisError, OSError) as error:
            why = str(error)
    if why and os.environ.get("BILLING_REQUIRE_SERVICES"):
        pytest.fail(f"Redis is required and not there: {why}")
    if why:
        pytest.skip(f"Redis is not there ({why}); REDIS_TEST_URL names one")
    return _REDIS


class Way:
    """A port that leads to a server as long as it is open."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._passing: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The server's URL, by this way."""
        user = self._url.netloc.rpartition("@")[0]
        return urlunsplit(self._url._replace(netloc=f"{user}@127.0.0.1:{self._port}"))

    async def open(self) -> None:
        """Let through."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut off what passes, and refuse whoever comes."""
        assert self._server is not None
        self._server.close()
        while self._passing:
            for writer in self._passing:
                writer.transport.abort()
            await asyncio.sleep(0)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._url.hostname, self._url.port)
        ends = {writer, back}
        self._passing |= ends
        both = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.transport.abort()
        await asyncio.wait(both)
        self._passing -= ends


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def way_to(url: str) -> AsyncIterator[Way]:
    """An open way to the server of a URL."""
    way = Way(url)
    await way.open()
    try:
        yield way
    finally:
        await way.close()
