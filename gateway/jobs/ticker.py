"""The ticker: looks at the clock a few times a second and does what its hands have passed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final

from gateway.billing.dates import local_day
from gateway.store import outcomes
from gateway.store.database import DatabaseBusyNow
from gateway.store.store import Store

from .bill_run import bill_run

log = logging.getLogger("gateway.jobs")

RETRY_SECONDS: Final = 60.0
"""How long something that failed is left alone, so that a lasting fault does not fill the log."""

_BUSY_SECONDS: Final = 1.0
"""The same for a database that cannot be reached: it is expected back."""


class Ticker:
    """Wakes watchers whose day has begun, cuts periods that are over, and once a day clears old outcomes away.

    What is to be done follows from the clock's reading alone, so a clock that is set, forwards or back, does no harm.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], *, interval: float = 0.25, jobs: bool = True) -> None:
        """`interval` is in seconds: how late, at most, midnight is noticed. Without `jobs` it only wakes: others cut and clear."""
        self._store, self._now, self._interval, self._jobs = store, now, interval, jobs
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
        if not self._jobs:
            return
        await self._try("the bill run", lambda: self._cut(now))
        await self._try("clearing old outcomes", lambda: self._clear(now))

    async def _wake(self, now: datetime) -> None:
        """Ring those whose local day differs from the last tick's. Who began to watch in between counts as well: theirs may be old."""
        last, self._last = self._last, now
        for zone in self._store.feed.zones():
            if local_day(last, zone) != local_day(now, zone):
                self._store.feed.touch_zone(zone)

    async def _cut(self, now: datetime) -> None:
        run = await bill_run(self._store, until=now, now=now, leave_out=self._still_resting(), shared=True)
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
        except DatabaseBusyNow as busy:
            log.warning("%s waits for the database: %s", what, busy)
            self._rest(what, _BUSY_SECONDS)
        except Exception:
            log.exception("%s failed", what)
            self._rest(what)

    def _rest(self, what: str, seconds: float = RETRY_SECONDS) -> None:
        self._resting[what] = asyncio.get_running_loop().time() + seconds

    def _still_resting(self) -> set[str]:
        """What failed a short time ago, by the clock that nobody can set."""
        time = asyncio.get_running_loop().time()
        self._resting = {what: until for what, until in self._resting.items() if until > time}
        return set(self._resting)
