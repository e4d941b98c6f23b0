"""A watcher: subscribes to an account's estimate, and comes back wherever it is cut off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from .documents import ESTIMATE
from .record import Record, Sight
from .wire import FAILURES, Socket


class Watcher:
    """One of many; `reach` gives a socket to a server by its number."""

    def __init__(
        self, number: int, account_id: str, record: Record, reach: Callable[[int], Socket], servers: int, rng: random.Random
    ) -> None:
        self._reach, self._servers, self._rng = reach, servers, rng
        self._sights = record.sights.setdefault(number, [])
        self.account_id = account_id

    @property
    def newest(self) -> int:
        """The revision it saw last; 0 before it saw any."""
        return next((sight.events[-1][1] for sight in reversed(self._sights) if sight.events), 0)

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            server = self._rng.randrange(self._servers)
            socket = self._reach(server)
            try:
                await self._watch(socket, server)
            except FAILURES:
                await asyncio.sleep(self._rng.uniform(0.05, 0.3))
            finally:
                await socket.close()

    async def _watch(self, socket: Socket, server: int) -> None:
        time = asyncio.get_running_loop().time
        async with asyncio.timeout(10):
            await socket.begin(ESTIMATE, {"account": self.account_id})
        sight = Sight(self.account_id, server, time())
        self._sights.append(sight)
        while True:
            message = await socket.hear()
            if message["type"] in ("error", "complete"):
                raise ConnectionError(str(message)[:200])
            payload = message["payload"]
            if "errors" in payload:
                raise ConnectionError(str(payload["errors"])[:200])
            event = payload["data"]["estimate"]
            sight.events.append((time(), event["revision"], event["asOf"]))
