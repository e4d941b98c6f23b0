"""Hints over Redis: publish and subscribe."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from gateway.store import hint

if TYPE_CHECKING:
    from redis.asyncio import Redis

_CONNECT_SECONDS: Final = 5
_QUIET_SECONDS: Final = 5
"""After so long without a word the server is asked whether it is still there."""


class RedisHints:
    """Sends and hears hints through a Redis server."""

    def __init__(self, url: str) -> None:
        """`url` is such as redis://host:6379/0; nothing is connected yet."""
        self._url = url
        self._client: Redis | None = None

    async def announce(self, account_ids: Collection[str | None]) -> None:
        """Tell every process that listens.

        :raises ConnectionError: there is no connection at present.
        """
        if self._client is None:
            raise ConnectionError("nothing is connected that could send hints")
        for text in hint.written(account_ids):
            await self._client.publish(hint.CHANNEL, text)

    async def hear(self, ring: Callable[[str | None], None]) -> None:
        """Listen until the connection is lost; the first ring is for everybody, for hints may have been missed before.

        :raises Exception: there is no connection to be had, or it was lost.
        """
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        # A connection that mended itself would hide that hints were missed.
        client = Redis.from_url(
            self._url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=_CONNECT_SECONDS, socket_timeout=_QUIET_SECONDS
        )
        try:
            async with client, client.pubsub() as listening:
                await listening.subscribe(hint.CHANNEL)
                asked = False
                while True:
                    message = await listening.get_message(timeout=_QUIET_SECONDS)
                    if message is None:
                        if asked:
                            raise ConnectionError("Redis does not answer")
                        await listening.ping()
                        asked = True
                        continue
                    asked = False
                    if message["type"] == "subscribe":
                        self._client = client
                        ring(None)
                    elif message["type"] == "message":
                        for account_id in hint.read(message["data"]):
                            ring(account_id)
        finally:
            self._client = None
