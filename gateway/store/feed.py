"""The feed: tells watchers *that* an account changed, never *what*. They read the newest state themselves.

So a slow watcher skips straight to the newest state, nothing queues, and a lost hint costs time, not truth.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Watch:
    """One watcher's bell: however often it was rung, it is heard once. `zone` is the account's; it moves with a new calendar."""

    __slots__ = ("_bell", "account_id", "zone")

    def __init__(self, account_id: str, zone: str) -> None:
        self.account_id, self.zone = account_id, zone
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Tell the watcher to look again."""
        self._bell.set()

    async def heard(self) -> None:
        """Wait until there is something to look at."""
        await self._bell.wait()
        self._bell.clear()


class Feed:
    """Who watches which account, within this process."""

    def __init__(self) -> None:
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)

    def watch(self, account_id: str, zone: str) -> Watch:
        """Begin to watch; changes from here on ring."""
        watch = Watch(account_id, zone)
        self._watches[account_id].add(watch)
        return watch

    def leave(self, watch: Watch) -> None:
        """Stop watching."""
        watches = self._watches.get(watch.account_id)
        if watches is not None:
            watches.discard(watch)
            if not watches:
                del self._watches[watch.account_id]

    def touch(self, account_id: str) -> None:
        """Ring everybody who watches an account."""
        for watch in self._watches.get(account_id, ()):
            watch.ring()

    def touch_all(self) -> None:
        """Ring everybody: something changed that every answer depends on."""
        for account_id in self._watches:
            self.touch(account_id)

    def zones(self) -> frozenset[str]:
        """The time zones of watched accounts."""
        return frozenset(watch.zone for watches in self._watches.values() for watch in watches)

    def touch_zone(self, zone: str) -> None:
        """Ring everybody who watches an account of a zone: its day has begun."""
        for watches in self._watches.values():
            for watch in watches:
                if watch.zone == zone:
                    watch.ring()
