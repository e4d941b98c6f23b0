"""The store: everything that is kept, behind a few verbs.

It reads the clock nowhere: instants are handed in by whoever stands at the edge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from gateway.billing.books import Books
from gateway.billing.catalog import Catalog, Plan
from gateway.billing.catalog_file import CatalogFile
from gateway.billing.commands import CloseAccount, Command, apply
from gateway.billing.dates import local_day
from gateway.billing.discount import Promotion
from gateway.billing.errors import Refusal
from gateway.billing.tax import TaxIds, TaxTable, no_forms

from . import accounts, books, catalog, discounts, outbox, writing
from .database import Database
from .feed import Feed
from .numbers import Issuer
from .tax_asking import Answers, TaxEngine, ask
from .writing import Answer, Issue, Request

SYSTEM = "system"
# The zone whose days begin first: an offer that begins after this day has begun nowhere yet.
_EARLIEST_ZONE = "Pacific/Kiritimati"


def earliest_day(now: datetime) -> date:
    """The farthest local day there is at an instant."""
    return local_day(now, _EARLIEST_ZONE)


class Store:
    """One database of accounts, its published catalog, and the feed that tells who changed.

    `seed` draws 16 random bytes for the ids of what a command adds. `announces` says that other processes may watch the
    same accounts: what is written then leaves a hint in the outbox, in the same transaction, and `outgoing` is set.
    `tax_ids` knows how tax ids are written; `tax_engine` is asked for rates before periods are cut.
    """

    def __init__(
        self,
        database: Database,
        feed: Feed,
        seed: Callable[[], bytes],
        issuer: Issuer | None = None,
        *,
        announces: bool = False,
        tax_ids: TaxIds = no_forms,
        tax_engine: TaxEngine | None = None,
    ) -> None:
        self.database, self.feed = database, feed
        self.outgoing = asyncio.Event()
        self._announces = announces
        self._seed, self._issuer = seed, issuer or Issuer()
        self._tax_ids, self._tax_engine = tax_ids, tax_engine
        self._catalog = Catalog({})

    def catalog_of(self, connection: Connection) -> Catalog:
        """The published catalog; read anew only when another one was published."""
        if catalog.revision(connection) != self._catalog.revision:
            self._catalog = catalog.read(connection)
        return self._catalog

    async def catalog(self) -> Catalog:
        """The published catalog."""
        return await self.database.read(self.catalog_of)

    async def publish(
        self,
        plans: tuple[Plan, ...],
        convention: str,
        now: datetime,
        *,
        promotions: tuple[Promotion, ...] = (),
        tax: TaxTable | None = None,
        planned: str | None = None,
    ) -> Catalog:
        """Publish a catalog, and tell everybody who watches; raises CatalogConflict when it would alter the past.

        `planned` is the digest of the plan that was looked at: whatever is not as it says is refused too.
        """
        file = CatalogFile(plans, convention, promotions, tax)

        def run(connection: Connection) -> Catalog:
            published = catalog.publish(connection, file, earliest_day(now), planned)
            self._hint(connection, None, now)
            return published

        published = self._catalog = await self.database.write(run)
        self.feed.touch_all()
        self.outgoing.set()
        return published

    async def books(self, account_ids: Sequence[str], now: datetime) -> dict[str, Books]:
        """The books of accounts as of an instant; missing ones are left out."""

        def run(connection: Connection) -> dict[str, Books]:
            return books.load(connection, account_ids, self.catalog_of(connection), now)

        return await self.database.read(run)

    async def perform(self, request: Request, now: datetime) -> Answer:
        """Perform a command once, and tell the feed; its refusal, too, is an answer."""
        seed = self._seed()
        answers = await self._asked_of_closing(request, now)

        def run(connection: Connection) -> Answer:
            catalog = self.catalog_of(connection)
            answer = writing.perform(connection, request, catalog, now, seed, self._issuer, self._tax_ids, answers)
            if answer.books is not None:
                self._hint(connection, answer.account_id, now)
            return answer

        answer = await self.database.write(run)
        if answer.books is not None:
            self._tell(answer.account_id)
        return answer

    async def draft(self, account_id: str, command: Command, now: datetime) -> tuple[Books, Books] | None:
        """The books before and after a command that is only pencilled in; None when there is no such account."""
        found = await self.books([account_id], now)
        if account_id not in found:
            return None
        present = found[account_id]
        present = replace(present, now=max(now, present.account.last_at + writing.TICK), seed=self._seed(), tax_ids=self._tax_ids)
        after = apply(command, present)
        if discounts.codes(after.added):
            await self.database.read(discounts.check, after.added)
        return present, after

    async def due(self, until: datetime, limit: int, after: tuple[datetime, str] | None = None) -> list[tuple[datetime, str]]:
        """Accounts with a period that is over by an instant and not cut yet."""
        return await self.database.read(accounts.due, until, limit, after)

    async def cut(self, account_id: str, now: datetime, ended_by: date | None = None, *, shared: bool = False) -> tuple[Issue, ...]:
        """Cut and issue every period of an account that is over, at the latest by a local day; the invoices that came of it.

        `shared`: others may be at the same work. An account that somebody holds is left to them, and nothing is waited for.
        """
        seed = self._seed()
        answers = None if self._tax_engine is None else await self._asked(self._tax_engine, account_id, now, ended_by)

        def run(connection: Connection) -> tuple[bool, tuple[Issue, ...]]:
            if not shared:
                books.lock(connection, account_id)
            elif not accounts.claim(connection, account_id, now):
                return False, ()
            before = writing.open_books(connection, account_id, self.catalog_of(connection), now, seed)
            after, issues = writing.cut(connection, before, SYSTEM, self._issuer, ended_by, answers)
            moved = after.account.revision > before.account.revision
            if moved:
                self._hint(connection, account_id, now)
            return moved, issues

        moved, issues = await self.database.write(run)
        if moved:
            self._tell(account_id)
        return issues

    async def _asked(self, engine: TaxEngine, account_id: str, now: datetime, ended_by: date | None) -> Answers:
        """What a tax engine says of the periods of an account that are over."""
        found = (await self.books([account_id], now)).get(account_id)
        return {} if found is None else await ask(engine, found, ended_by)

    async def _asked_of_closing(self, request: Request, now: datetime) -> Answers | None:
        """What a tax engine says of the periods that closing an account cuts; nothing when there is no engine, or nothing is closed."""
        if self._tax_engine is None or request.account_id is None or not isinstance(request.command, CloseAccount):
            return None
        try:
            drafted = await self.draft(request.account_id, request.command, now)
        except Refusal:
            return {}
        return {} if drafted is None else await ask(self._tax_engine, drafted[1])

    def _hint(self, connection: Connection, account_id: str | None, now: datetime) -> None:
        if self._announces:
            outbox.put(connection, account_id, outbox.HINT, now)

    def _tell(self, account_id: str) -> None:
        """Those who watch here need no outbox."""
        self.feed.touch(account_id)
        self.outgoing.set()

    async def close(self) -> None:
        """Let go of the database."""
        await self.database.close()
