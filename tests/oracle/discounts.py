"""What discounts take off a bill, and which are left for the next (rules 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .values import rounded


@dataclass(frozen=True, slots=True)
class Discount:
    """Either so much percent or so many minor units off each bill, or off the lines of some plans only.

    `bills` says for how many billing periods, the one of redemption included; None: for ever. A `once` waits for the first
    bill it takes something off.
    """

    id: str
    percent: Decimal | None = None
    amount: int = 0
    plans: frozenset[str] = frozenset()
    once: bool = False
    bills: int | None = None

    def covers(self, plan: str) -> bool:
        """Whether it is for a plan's lines."""
        return not self.plans or plan in self.plans


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a bill, as far as what comes after the lines is concerned: minor units of a plan."""

    plan: str
    amount: int


@dataclass(frozen=True, slots=True)
class Off:
    """What one discount takes off, in all and of each line."""

    id: str
    amount: int
    shares: tuple[int, ...]


def taken_off(rows: Sequence[Row], discounts: Sequence[Discount], categories: Sequence[str] = ()) -> list[Off]:
    """What each discount takes off, in the order they act: percentages first, then amounts, each in the order of redemption.

    `categories` says by which each row is taxed; without them all are taxed alike.
    """
    left = [max(0, row.amount) for row in rows]  # a correction is not discounted
    bearable = max(0, sum(row.amount for row in rows))  # and the whole bill does not fall below zero
    found = []
    for discount in [*(each for each in discounts if each.percent is not None), *(each for each in discounts if each.percent is None)]:
        mine = [here if discount.covers(row.plan) else 0 for row, here in zip(rows, left, strict=True)]
        if discount.percent is None:
            amount = min(discount.amount, sum(mine), bearable)
        else:
            amount = min(rounded(Fraction(sum(mine)) * Fraction(discount.percent) / 100), bearable)
        if amount > 0:
            shares = spread(amount, mine, categories or ["all"] * len(rows))
            left = [here - share for here, share in zip(left, shares, strict=True)]
            bearable -= amount
            found.append(Off(discount.id, amount, shares))
    return found


def spread(amount: int, weights: Sequence[int], categories: Sequence[str]) -> tuple[int, ...]:
    """Split an amount over the tax categories, in the order they first come, and what falls to each over its rows."""
    names = list(dict.fromkeys(categories))
    totals = [sum(weight for weight, its in zip(weights, categories, strict=True) if its == name) for name in names]
    shares: dict[int, int] = {}
    for name, part in zip(names, largest_remainder(amount, totals), strict=True):
        places = [place for place, its in enumerate(categories) if its == name]
        mine = [weights[place] for place in places]
        shares |= dict(zip(places, largest_remainder(part, mine) if part else [0] * len(places), strict=True))
    return tuple(shares[place] for place in range(len(weights)))


def largest_remainder(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount by weights into whole units: rounded down, and the units left over go to the largest fractions, first come."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda place: (shares[place] - exact[place], place))
    for place in order[: amount - sum(shares)]:
        shares[place] += 1
    return tuple(shares)


def still_there(discount: Discount, used: bool) -> Discount | None:
    """The discount after a bill; None when it is over. An unused period is lost."""
    if discount.once:
        return None if used else discount
    if discount.bills is None:
        return discount
    if discount.bills == 1:
        return None
    return Discount(discount.id, discount.percent, discount.amount, discount.plans, discount.once, discount.bills - 1)
