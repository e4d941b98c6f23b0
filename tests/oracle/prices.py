"""Which price holds for a state (rules 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .almanac import Almanac
from .spans import Span, Term, term_of


@dataclass(frozen=True, slots=True)
class Price:
    """What one plan costs per term of one interval, in currency units, in force from a local date on."""

    plan: str
    interval: str
    from_on: date
    base: Decimal
    included: int  # representatives the base pays for
    per_representative: Decimal
    early_end: str = "NONE"  # what leaving the term early costs: "NONE", "REPRICE" or "REST_OF_TERM"

    def parts(self, quantity: int) -> Iterator[tuple[str, Decimal, int]]:
        """Part, unit price and quantity; what costs nothing is left out."""
        if self.base:
            yield "base", self.base, 1
        if self.per_representative and quantity > self.included:
            yield "representatives", self.per_representative, quantity - self.included

    def whole_term(self, quantity: int) -> Decimal:
        """What a whole term costs at a quantity, in currency units."""
        return self.base + max(0, quantity - self.included) * self.per_representative


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What one account pays in place of a plan's amounts, from a day until another (None: for good)."""

    plan: str
    interval: str
    from_on: date
    base: Decimal
    per_representative: Decimal | None = None  # None: as listed
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Days on which something costs nothing: an item, a plan, or an item while it is on a plan (None: any)."""

    from_on: date
    until_on: date  # the first day that is billed
    plan: str | None = None
    item: str | None = None

    def frees(self, day: date, item: str, plan: str) -> bool:
        """Whether an item on a plan costs nothing on a day."""
        return self.from_on <= day < self.until_on and self.item in (None, item) and self.plan in (None, plan)


def lock_day(spans: Sequence[Span], now: Span, term: Term, almanac: Almanac) -> date:
    """The day whose price holds: the term's first, or if later the day the item first came to the plan within this very term.

    Having been on the plan at another interval, or in a term counted from elsewhere, is not to have been on it in this term.
    """
    begins, ends = almanac.bounds(term.since)[0], almanac.bounds(term.run[1])[0]
    for span in spans:
        seen = max(span.begins, begins)
        if (span.plan, span.interval) == (now.plan, now.interval) and seen < min(span.ends, ends):
            day = almanac.day_at(seen)
            if term_of(day, span.interval, span.counted_from, almanac) == term:
                return term.since if seen == begins else day
    raise AssertionError("the state itself is within the term")


def price_in_force(prices: tuple[Price, ...], plan: str, interval: str, day: date, own: Sequence[OwnPrice] = ()) -> Price:
    """The latest price of the plan and interval that is in force on the day; of the account's own ones the one that began last."""
    in_force = [price for price in _listed(prices, plan, interval) if price.from_on <= day]
    if not in_force:
        raise ValueError(f"no {interval} price of {plan} is in force on {day}")
    listed = max(in_force, key=lambda price: price.from_on)
    mine = [
        each
        for each in reversed(own)
        if (each.plan, each.interval) == (plan, interval) and each.from_on <= day and (each.until_on is None or day < each.until_on)
    ]
    if not mine:
        return listed
    newest = max(mine, key=lambda each: each.from_on)
    extra = listed.per_representative if newest.per_representative is None else newest.per_representative
    return replace(listed, base=newest.base, per_representative=extra)


@lru_cache(maxsize=256)
def _listed(prices: tuple[Price, ...], plan: str, interval: str) -> list[Price]:
    return [price for price in prices if price.plan == plan and price.interval == interval]
