"""The ticker: looks at the clock a few times a second and does what its hands have passed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final

from gateway.billing.dates import local_day
from gateway.store import outcomes
from gateway.store.store import Store

from .bill_run import bill_run

log = logging.getLogger("gateway.jobs")

RETRY_SECONDS: Final = 60.0
"""How long something that failed is left alone, so that a lasting fault does not fill the log."""


class Ticker:
    """Wakes watchers whose day has begun, cuts periods that are over, and once a day clears old outcomes away.

    What is to be done follows from the clock's reading alone, so a clock that is set, forwards or back, does no harm.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], *, interval: float = 0.25) -> None:
        """`interval` is in seconds: how late, at most, midnight is noticed."""
        self._store, self._now, self._interval = store, now, interval
        self._last = now()
        self._cleared_on: date | None = None
        self._resting: dict[str, float] = {}

    async def run(self) -> None:
        """Tick until cancelled. A write that is under way is then finished by the database's own thread."""
        while True:
            await self.tick()
            await asyncio.sleep(self._interval)

    async def tick(self) -> None:
        """Do what has come due. Never raises: faults are logged, and tried again a minute later."""
        now = self._now()
        await self._try("waking watchers", lambda: self._wake(now))
        await self._try("the bill run", lambda: self._cut(now))
        await self._try("clearing old outcomes", lambda: self._clear(now))

    async def _wake(self, now: datetime) -> None:
        """Ring those whose local day differs from the last tick's. Who began to watch in between counts as well: theirs may be old."""
        last, self._last = self._last, now
        for zone in self._store.feed.zones():
            if local_day(last, zone) != local_day(now, zone):
                self._store.feed.touch_zone(zone)

    async def _cut(self, now: datetime) -> None:
        run = await bill_run(self._store, until=now, now=now, leave_out=self._still_resting())
        for account_id in run.failures:
            self._rest(account_id)

    async def _clear(self, now: datetime) -> None:
        if now.date() != self._cleared_on:
            await self._store.database.write(outcomes.forget, now)
            self._cleared_on = now.date()

    async def _try(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        if what in self._still_resting():
            return
        try:
            await act()
        except Exception:
            log.exception("%s failed", what)
            self._rest(what)

    def _rest(self, what: str) -> None:
        self._resting[what] = asyncio.get_running_loop().time() + RETRY_SECONDS

    def _still_resting(self) -> set[str]:
        """What failed less than a minute ago, by the clock that nobody can set."""
        time = asyncio.get_running_loop().time()
        self._resting = {what: until for what, until in self._resting.items() if until > time}
        return set(self._resting)
