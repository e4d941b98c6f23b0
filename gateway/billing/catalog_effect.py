"""The effect of a catalog that is not published yet on the bills of an account: the same walks, with one catalog and with the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from .bill import Bill
from .books import Books
from .catalog import Catalog
from .catalog_difference import Reach
from .dates import Period
from .money import Money
from .timeline import Change, Scheduled

AHEAD: Final = 25
"""How many periods ahead is looked for the first that differs: an offer of the coming year, and a yearly term until it acts."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What one period costs before and after: with tax and without account credit, which runs out."""

    period: Period
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        """By how much it moves."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of an account's running period, of the next, and of the first one that differs; None when none does."""

    account: str
    current: Shift
    next: Shift
    first: Shift | None


def effect(books: Books, after: Catalog, reach: Reach) -> Effect:
    """The effect on an account, as it stands now; refuses as billing would where there is no price."""
    coming = replace(books, catalog=after)
    here = there = books.running
    shifts: list[Shift] = []
    first: Shift | None = None
    last = AHEAD if _within(books, reach) else 1
    while len(shifts) <= last and (first is None or len(shifts) < 2):
        walked = books.walk(here)
        # Both are one until the first day on which anything differs.
        if last == 1 or (here is there and walked.bill.period.end <= reach.since):
            other = walked
        else:
            other = coming.walk(there)
        shifts.append(_shift(walked.bill, other.bill))
        if first is None and shifts[-1].difference.minor:
            first = shifts[-1]
        here, there = walked.closing, other.closing
    return Effect(books.account.id, shifts[0], shifts[1], first)


def _shift(before: Bill, after: Bill) -> Shift:
    return Shift(before.period, before.gross, after.gross)


def _within(books: Books, reach: Reach) -> bool:
    """Whether anything the account has, or will have, is in reach."""
    if reach.plans is None:
        return True
    held = {each.last.plan for each in books.opening.items if each.last is not None}
    changed = {move.state.plan for move in books.moves if isinstance(move, Change) and move.state is not None}
    scheduled = {move.plan for move in books.moves if isinstance(move, Scheduled) and move.plan is not None}
    return not reach.plans.isdisjoint(held | changed | scheduled)
