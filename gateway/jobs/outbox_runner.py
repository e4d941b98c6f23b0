"""The outbox runner: hands on what commands left in the outbox."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import Final

from gateway.store import outbox
from gateway.store.outbox import HINT, Message
from gateway.store.store import Store

from .hints import Hints

log = logging.getLogger("gateway.jobs")

BATCH: Final = 1000
_GATHER_SECONDS: Final = 0.005
"""What is written within this time of the first goes along with it."""


class OutboxRunner:
    """Announces hints and takes them out. Killed between the two it leaves them where they are, and they are announced again."""

    def __init__(self, store: Store, hints: Hints, *, interval: float = 1.0) -> None:
        """`interval` is in seconds: how late, at most, is seen what another process left and could not hand on."""
        self._store, self._hints, self._interval = store, hints, interval
        self._failures = 0

    async def run(self) -> None:
        """Hand on until cancelled: at once what this process writes, and every interval whatever there is."""
        while True:
            # Not wait_for, which in Python 3.11 can swallow being cancelled.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._store.outgoing.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._store.outgoing.clear()
            if not await self.flush():
                await asyncio.sleep(self._interval)

    async def flush(self) -> bool:
        """Hand on everything there is. False when that is not possible at present: then it stays for the next time.

        Once is no news: the connection may not be there yet, or be about to come back. Twice in a row is told, and not again.
        """
        try:
            while await self._hand_on() == BATCH:
                pass
        except Exception as error:
            self._failures += 1
            if self._failures == 2:
                log.warning("the outbox cannot be handed on, and is tried again: %s", error)
            return False
        self._failures = 0
        return True

    async def _hand_on(self) -> int:
        messages: list[Message] = await self._store.database.hand_over(partial(outbox.take, kind=HINT, limit=BATCH), self._announce)
        return len(messages)

    async def _announce(self, messages: list[Message]) -> None:
        if messages:
            await self._hints.announce({message.account_id for message in messages})
