"""A plan: what publishing a catalog file would do, to the catalog and to the bills of every account. It only looks.

Each batch of accounts is looked at as of one moment, like in the audit, beside whatever else goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Final

from sqlalchemy import Connection

from gateway.billing.catalog_difference import Difference, Reach, differences, reach
from gateway.billing.catalog_effect import Effect, Shift, effect
from gateway.billing.catalog_file import CatalogFile
from gateway.billing.money import Money

from . import accounts, books, catalog
from .catalog_merge import Merged, merge
from .looking import Look, expect_newest
from .store import earliest_day

_BATCH: Final = 50
_IDS: Final = 1000
SHOWN: Final = 10
"""How many of the accounts that change most are named."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Bills of one period of many accounts added up."""

    before: Money
    after: Money

    def __add__(self, shift: Shift) -> Sum:
        return Sum(self.before + shift.before, self.after + shift.after)

    @property
    def difference(self) -> Money:
        """By how much they move."""
        return self.after - self.before


@dataclass
class Totals:
    """The accounts of one currency: how many there are, how many ever change, and their bills added up.

    `first` adds up the first differing period of each account that changes, whichever that is; `largest` are those that
    change most by then.
    """

    accounts: int
    changed: int
    current: Sum
    next: Sum
    first: Sum
    largest: list[Effect] = field(default_factory=list)

    def add(self, one: Effect) -> None:
        """Count one more account."""
        self.accounts += 1
        self.current += one.current
        self.next += one.next
        if one.first is not None:
            self.changed += 1
            self.first += one.first
            self.largest = nlargest(SHOWN, (*self.largest, one), key=_size)


def _size(one: Effect) -> int:
    return abs(one.first.difference.minor) if one.first is not None else 0


@dataclass
class CatalogPlan:
    """What publishing would do. With `problems` it would be refused, and accounts are not looked at.

    `of` says how many open accounts there are, of which `seen` were looked at.
    """

    merged: Merged
    differences: tuple[Difference, ...]
    of: int = 0
    seen: int = 0
    totals: dict[str, Totals] = field(default_factory=dict)

    def add(self, one: Effect) -> None:
        """Count one more account."""
        self.seen += 1
        currency = one.current.before.currency
        if currency not in self.totals:
            nothing = Sum(Money(0, currency), Money(0, currency))
            self.totals[currency] = Totals(0, 0, nothing, nothing, nothing)
        self.totals[currency].add(one)


async def plan(
    at: Look,
    file: CatalogFile,
    now: datetime,
    sample: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CatalogPlan:
    """Plan the publishing of a file; CannotLook when the database cannot be read.

    `sample` looks at so many accounts at most, spread evenly over all of them; totals are then those of the sample.
    `progress` is told how many accounts were looked at, and of how many.
    """
    async with at.view() as view:
        await view(expect_newest)
        merged = merge(await view(catalog.read), file, earliest_day(now))
        found = CatalogPlan(merged, differences(merged.before, merged.after))
        if merged.problems or not merged.changes:
            return found
        found.of = await view(accounts.count, None, False)
        ids = await view(_spread, found.of, sample)
    within = reach(merged.before, merged.after)
    for place in range(0, len(ids), _BATCH):
        # A moment per batch: one that is held for long keeps the database from tidying up.
        async with at.view() as view:
            for one in await view(_effects, ids[place : place + _BATCH], merged, within, now):
                found.add(one)
        progress(found.seen, len(ids))
    return found


def _spread(connection: Connection, of: int, sample: int | None) -> list[str]:
    """The ids of all open accounts, or of so many of them: every n-th in order of id, and so of age."""
    wanted = of if sample is None else min(sample, of)
    chosen: list[str] = []
    place, after = 0, ""
    while page := accounts.page(connection, _IDS, after, None, False):
        for each in page:
            if place * wanted >= len(chosen) * of and len(chosen) < wanted:
                chosen.append(each)
            place += 1
        after = page[-1]
    return chosen


def _effects(connection: Connection, ids: Sequence[str], merged: Merged, within: Reach, now: datetime) -> list[Effect]:
    return [effect(each, merged.after, within) for each in books.load(connection, ids, merged.before, now).values()]
