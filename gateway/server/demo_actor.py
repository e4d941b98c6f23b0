"""The demo's actor: keeps making small believable changes, so that the estimate moves while one watches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from gateway.billing.books import Books
from gateway.billing.catalog import Kind
from gateway.billing.commands import AddAddOn, CancelPackage, ChangePackage, Command, ReactivatePackage, RemoveAddOn
from gateway.billing.effective import Effective, When
from gateway.billing.item import Item, Status
from gateway.store.store import Store
from gateway.store.writing import Answer, Request

ACTOR: Final = "demo-actor"
ROOM: Final = 6
"""How many representatives beyond the included ones the actor goes up to."""
FORTNIGHT: Final = timedelta(days=14)
FEWEST_ADD_ONS, MOST_ADD_ONS = 1, 5

_NOW: Final = Effective(when=When.NOW)
_FIRST_HOUR, _FIRST_DAY = timedelta(hours=1), timedelta(days=1)
log = logging.getLogger("gateway.server")


def pause(running: timedelta, lively: float) -> float:
    """Seconds until the next change: `lively` in the first hour, then so slow that a journal can grow for weeks."""
    if running < _FIRST_HOUR:
        return lively
    return 30.0 if running < _FIRST_DAY else 300.0


def next_change(books: Books, chance: Random) -> Command | None:
    """Something the account's owner could do next; None when there is nothing believable to do.

    What leads back towards the middle weighs more, so the account wanders about and never away: a cancelled package
    soon comes back, and the fuller the seats, the likelier they empty.
    """
    if books.account.closed_at is not None:
        return None
    options = [*_seats(books, chance), *_comings_and_goings(books), *_add_ons(books)]
    if not options:
        return None
    return chance.choices([command for _, command in options], [weight for weight, _ in options])[0]


def _settled(items: Iterable[Item], status: Status) -> list[Item]:
    """Those of a status for which nothing is scheduled: what is, was planned by somebody, and is left alone."""
    return [item for item in items if item.status is status and not item.scheduled]


def _seats(books: Books, chance: Random) -> list[tuple[int, Command]]:
    options: list[tuple[int, Command]] = []
    for package in _settled(books.packages, Status.ACTIVE):
        offer = package.plan.offer(books.today)
        assert offer is not None
        most = min(offer.maximum or offer.included + ROOM, offer.included + ROOM)
        up, down = max(0, most - package.representatives), max(0, package.representatives - offer.included)
        if up:
            options.append((up, _seated(package, package.representatives + min(up, chance.randint(1, 2)))))
        if down:
            options.append((down, _seated(package, package.representatives - min(down, chance.randint(1, 2)))))
    return options


def _seated(package: Item, representatives: int) -> Command:
    return ChangePackage(package_id=package.id, representatives=representatives, effective=_NOW)


def _comings_and_goings(books: Books) -> list[tuple[int, Command]]:
    """At most one package is away at a time. One that ended more than a fortnight ago ended for good, unless none is left."""
    ended = _settled(books.packages, Status.ENDED)
    away = [package for package in ended if package.ends_on is not None and package.ends_on > books.today - FORTNIGHT]
    if not away and all(package.held.state is None for package in books.packages):
        away = ended
    if away:
        return [(12, ReactivatePackage(package_id=package.id)) for package in away]
    return [(1, CancelPackage(package_id=package.id, effective=_NOW)) for package in _settled(books.packages, Status.ACTIVE)]


def _add_ons(books: Books) -> list[tuple[int, Command]]:
    held = {item.plan.code for item in books.add_ons if item.status is not Status.ENDED or item.scheduled}
    options: list[tuple[int, Command]] = []
    if len(held) > FEWEST_ADD_ONS:
        options += [(1, RemoveAddOn(plan=item.plan.code, effective=_NOW)) for item in _settled(books.add_ons, Status.ACTIVE)]
    if len(held) < MOST_ADD_ONS:
        options += [(1, AddAddOn(plan=plan.code)) for plan in books.catalog.on_sale(Kind.ADD_ON, books.today) if plan.code not in held]
    return options


class Actor:
    """Makes one change after the other on some accounts, through the same door as everybody."""

    def __init__(
        self, store: Store, account_ids: Sequence[str], now: Callable[[], datetime], chance: Random, *, lively: float = 4.0
    ) -> None:
        self._store, self._account_ids, self._now, self._chance, self._lively = store, account_ids, now, chance, lively

    async def run(self) -> None:
        """Act until cancelled. A change that fails is logged, and the next one tried."""
        began = self._now()
        while True:
            await asyncio.sleep(pause(self._now() - began, self._lively))
            try:
                await self.act()
            except Exception:
                log.exception("The demo's actor could not make a change.")

    async def act(self) -> Answer | None:
        """Make one change on one of the accounts; None when there was nothing to do."""
        account_id, now = self._chance.choice(self._account_ids), self._now()
        found = await self._store.books([account_id], now)
        command = next_change(found[account_id], self._chance) if found else None
        if command is None:
            return None
        key = f"{ACTOR} {now.isoformat()} {self._chance.getrandbits(64):016x}"
        return await self._store.perform(Request(command=command, account_id=account_id, actor=ACTOR, key=key), now)
