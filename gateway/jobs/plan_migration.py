"""Plan migration: move the holders of a retired plan, account by account, and tell what it means for each."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import date, datetime

from gateway.billing.bill import Bill
from gateway.billing.books import Books
from gateway.billing.commands.migrate_plan import MigratePlan, holding
from gateway.billing.errors import Refusal
from gateway.billing.money import Money
from gateway.store import accounts
from gateway.store.database import DatabaseBusyNow
from gateway.store.store import SYSTEM, Store
from gateway.store.writing import Request

log = logging.getLogger("gateway.jobs")

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """One account's first whole period from the day on: what it is without the move, and with it."""

    account_id: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Migration:
    """What a run did: accounts whose packages will move, how many had been told before, and those that cannot be moved, with why."""

    moved: tuple[Moved, ...] = ()
    present: int = 0
    problems: tuple[tuple[str, str], ...] = ()


async def migrate_plan(
    store: Store, command: MigratePlan, now: datetime, *, progress: Callable[[int], None] | None = None, dry_run: bool = False
) -> Migration:
    """Schedule the move for every account that holds the plan. Run again it goes on where it was, and does nothing twice.

    `progress` is told how many accounts were seen. An account that cannot be moved is named, and the run goes on.

    :raises DatabaseBusyNow: the database is not to be reached; what was scheduled by then is scheduled.
    """
    moved: list[Moved] = []
    problems: list[tuple[str, str]] = []
    present = seen = 0
    async for books in _open(store, now):
        if holding(books, command.plan):
            try:
                became = await _move(store, command, books, now, dry_run)
            except Refusal as refusal:
                problems.append((books.account.id, refusal.text("en")))
            except DatabaseBusyNow:
                raise
            except Exception:
                log.exception("plan migration: account %s failed", books.account.id)
                problems.append((books.account.id, "It failed; the log says why."))
            else:
                moved += [became] if became else []
                present += became is None
        seen += 1
        if progress is not None:
            progress(seen)
    return Migration(tuple(moved), present, tuple(problems))


async def _open(store: Store, now: datetime) -> AsyncGenerator[Books, None]:
    """The books of every account that is not closed, batch by batch."""
    after: str | None = None
    while ids := await store.database.read(accounts.page, _BATCH, after, None, False):
        found = await store.books(ids, now)
        for account_id in ids:
            if account_id in found:
                yield found[account_id]
        after = ids[-1]


async def _move(store: Store, command: MigratePlan, books: Books, now: datetime, dry_run: bool) -> Moved | None:
    """What it means for one account; None when it had been scheduled before. Raises the command's refusal."""
    account_id = books.account.id
    drafted = await store.draft(account_id, command, now)
    if drafted is None or not drafted[1].added:
        return None
    before, after = drafted
    if not dry_run:
        # A further change of the account asks anew: a refusal must not be replayed once its reason is gone.
        key = f"migrate-plan:{command.plan}:{command.to_plan}:{command.on}:{before.account.revision}"
        answer = await store.perform(Request(command=command, account_id=account_id, actor=SYSTEM, key=key), now)
        if answer.refusal is not None:
            raise answer.refusal
    return Moved(account_id, _whole(before, command.on).due, _whole(after, command.on).due)


def _whole(books: Books, on: date) -> Bill:
    """The bill of the first period that begins on a day or after it."""
    opening = books.running
    while opening.on < on:
        opening = books.walk(opening).closing
    return books.walk(opening).bill
