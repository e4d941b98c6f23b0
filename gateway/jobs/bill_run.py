"""The bill run: cut and issue every period that is over, account by account."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from gateway.billing.books import Books
from gateway.billing.money import Money
from gateway.store.database import DatabaseBusyNow
from gateway.store.store import Store

log = logging.getLogger("gateway.jobs")

_BATCH = 200


@dataclass(frozen=True, slots=True)
class BillRun:
    """What a run did: accounts invoiced, invoices issued, their sum per currency, and accounts that failed."""

    accounts: int = 0
    invoices: int = 0
    totals: tuple[Money, ...] = ()
    failures: tuple[str, ...] = ()


async def bill_run(
    store: Store,
    *,
    until: datetime,
    now: datetime,
    progress: Callable[[int], None] | None = None,
    ended_by: date | None = None,
    dry_run: bool = False,
    leave_out: Collection[str] = (),
    shared: bool = False,
) -> BillRun:
    """Bring every account with a period that was over at `until` up to date; running it again does nothing.

    `ended_by` leaves periods out that end after that local day of the account's. A dry run computes the same bills and
    writes nothing. `progress` is told how many accounts were seen. An account that fails is logged and named, and the run goes on.
    `shared`: other processes may run too; what one of them holds is left to it.

    :raises DatabaseBusyNow: the database is not to be reached; what was billed by then is billed.
    """
    accounts = invoices = seen = 0
    totals: Counter[str] = Counter()
    failures: list[str] = []
    async for account_id in _due(store, until):
        if account_id in leave_out:
            continue
        try:
            due = await _bill(store, account_id, now, ended_by, dry_run, shared)
        except DatabaseBusyNow:
            raise
        except Exception:
            log.exception("bill run: account %s failed", account_id)
            failures.append(account_id)
        else:
            accounts += bool(due)
            invoices += len(due)
            for amount in due:
                totals[amount.currency] += amount.minor
        seen += 1
        if progress is not None:
            progress(seen)
    sums = tuple(Money(minor, currency) for currency, minor in sorted(totals.items()))
    return BillRun(accounts, invoices, sums, tuple(failures))


async def _due(store: Store, until: datetime) -> AsyncGenerator[str, None]:
    """Accounts with a period that is over, batch by batch; those that were cut on the way do not come again."""
    after: tuple[datetime, str] | None = None
    while batch := await store.due(until, _BATCH, after):
        for _, account_id in batch:
            yield account_id
        after = batch[-1]


async def _bill(store: Store, account_id: str, now: datetime, ended_by: date | None, dry_run: bool, shared: bool) -> list[Money]:
    """What was (or would be) invoiced."""
    if dry_run:
        return _uncut((await store.books([account_id], now))[account_id], ended_by)
    return [issue.total for issue in await store.cut(account_id, now, ended_by, shared=shared)]


def _uncut(books: Books, ended_by: date | None) -> list[Money]:
    """The sums of the invoices that cutting would issue. A closed account has none: it was cut as it closed."""
    sums, walk = [], books.walk(books.opening)
    last = books.today if ended_by is None else min(books.today, ended_by)
    while walk.bill.period.end <= last:
        if walk.bill.lines:
            sums.append(walk.bill.due)
        walk = books.walk(walk.closing)
    return sums
