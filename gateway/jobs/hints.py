"""Hints between processes: that an account changed, never what. A lost one costs time, not truth."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Final, Protocol

from gateway.store.feed import Feed

log = logging.getLogger("gateway.jobs")

POLL_SECONDS: Final = 1.0
"""How often watchers look by themselves while hints cannot be heard."""

_AGAIN_SECONDS: Final = 0.05


class Hints(Protocol):
    """A way for processes to hear of each other's changes. No account stands for everybody's."""

    async def announce(self, account_ids: Collection[str | None]) -> None:
        """Tell every process that listens; raises when that is not possible at present."""
        ...

    async def hear(self, ring: Callable[[str | None], None]) -> None:
        """Listen until the connection is lost, and then raise. The first ring is for everybody: hints may have been missed before."""
        ...


class Listener:
    """Rings the watchers of this process for what other processes did."""

    def __init__(self, feed: Feed, hints: Hints, *, interval: float = POLL_SECONDS) -> None:
        """`interval` is in seconds: how often watchers look by themselves, and a connection is tried, while there is none."""
        self._feed, self._hints, self._interval = feed, hints, interval
        self._hearing = False
        self._warned = False

    async def run(self) -> None:
        """Listen until cancelled. While nothing can be heard every watcher looks once per interval, so nothing is lost."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._listen())
            both.create_task(self._poll())

    async def _listen(self) -> None:
        while True:
            heard = False
            try:
                await self._hints.hear(self._ring)
            except Exception as error:
                heard, self._hearing = self._hearing, False
                if not self._warned:
                    log.warning("hints of other processes cannot be heard, watchers look every second meanwhile: %s", error)
                self._warned = True
            await asyncio.sleep(_AGAIN_SECONDS if heard else self._interval)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            if not self._hearing:
                self._feed.touch_all()

    def _ring(self, account_id: str | None) -> None:
        if not self._hearing:
            self._hearing, self._warned = True, False
        if account_id is None:
            self._feed.touch_all()
        else:
            self._feed.touch(account_id)
