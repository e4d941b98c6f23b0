"""Open sockets and event streams: how many each principal has, and telling them to end."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from .identity import Identity

GOING_AWAY = 1001
SERVICE_RESTART = 1012
FORBIDDEN = 4403

_CLOCK_IS_READ_EVERY = 30.0
_FAREWELL_SECONDS = 5.0


class Connection:
    """One open socket or stream. Any part may end it; only the first call counts."""

    def __init__(self) -> None:
        self.over: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.subject: str | None = None
        self._timer: asyncio.TimerHandle | None = None

    def end(self, code: int, reason: str) -> None:
        """Ask for the end, with the close code and reason of a WebSocket."""
        if not self.over.done():
            self.over.set_result((code, reason))

    def end_at_expiry(self, identity: Identity, now: Callable[[], datetime]) -> None:
        """End with 4403 when the token expires; clients come back with a fresh one.

        The clock is read again every half minute: timers do not notice when it is set or the machine slept.
        """
        if identity.expires_at is None:
            return
        remaining = (identity.expires_at - now()).total_seconds()
        if remaining <= 0:
            self.end(FORBIDDEN, "Token expired")
            return
        delay = min(remaining, _CLOCK_IS_READ_EVERY)
        self._timer = asyncio.get_running_loop().call_later(delay, self.end_at_expiry, identity, now)

    def release(self) -> None:
        """Stop the timer; nobody waits for the end any more."""
        if self._timer is not None:
            self._timer.cancel()
        self.over.cancel()


class Connections:
    """All that are open."""

    def __init__(self, per_principal: int) -> None:
        self._per_principal = per_principal
        self._open: set[Connection] = set()
        self._held: Counter[str] = Counter()
        self._draining = False
        self._all_closed = asyncio.Event()

    def open(self) -> Connection:
        """A new connection; one that opens while the process is going down is told to end at once."""
        connection = Connection()
        self._open.add(connection)
        self._all_closed.clear()
        if self._draining:
            connection.end(SERVICE_RESTART, "Service restart")
        return connection

    def claim(self, connection: Connection, identity: Identity) -> bool:
        """Count the connection for its principal; false when that one holds as many as it may."""
        if self._held[identity.subject] >= self._per_principal:
            return False
        self._held[identity.subject] += 1
        connection.subject = identity.subject
        return True

    def close(self, connection: Connection) -> None:
        """The connection is gone."""
        connection.release()
        self._open.discard(connection)
        subject = connection.subject
        if subject is not None:
            self._held[subject] -= 1
            if self._held[subject] <= 0:
                del self._held[subject]
        if not self._open:
            self._all_closed.set()

    async def drain(self) -> None:
        """End all of them with 1012, and wait a few seconds for their farewells: a client that reads nothing may not hold up the rest."""
        self._draining = True
        for connection in self._open:
            connection.end(SERVICE_RESTART, "Service restart")
        if self._open:
            try:
                await asyncio.wait_for(self._all_closed.wait(), _FAREWELL_SECONDS)
            except TimeoutError:
                return
