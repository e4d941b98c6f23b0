"""Mutations under way: whoever asked may leave, they run to their end."""

import asyncio
from collections.abc import Coroutine

from .answer import Answer


class Mutations:
    """Keeps each running mutation in a task of its own, out of reach of what happens to its caller."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Answer]] = set()

    async def complete(self, mutation: Coroutine[None, None, Answer]) -> Answer:
        """The mutation's answer. When the caller is cancelled, the mutation still runs on."""
        task = asyncio.create_task(mutation)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait until none is running."""
        while self._running:
            await asyncio.wait(self._running)
