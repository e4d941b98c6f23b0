"""Everything a process does without being asked, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Final

from gateway.store.store import Store

from .hints import Hints, Listener
from .outbox_runner import OutboxRunner
from .ticker import Ticker

_FLUSH_SECONDS: Final = 2.0


@asynccontextmanager
async def at_work(store: Store, now: Callable[[], datetime], hints: Hints | None, *, jobs: bool) -> AsyncGenerator[None, None]:
    """Tick, and with `hints` hand on and hear what concerns other processes. `jobs` is false where others do what falls due.

    At the end what this process has written is handed on once more.
    """
    async with _running(Ticker(store, now, jobs=jobs).run()):
        if hints is None:
            yield
            return
        async with _running(Listener(store.feed, hints).run()):
            runner = OutboxRunner(store, hints)
            async with _running(runner.run()):
                yield
            with suppress(TimeoutError):
                async with asyncio.timeout(_FLUSH_SECONDS):
                    await runner.flush()


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None, None]:
    """Run work beside; cancelled at the end, it is waited for."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
