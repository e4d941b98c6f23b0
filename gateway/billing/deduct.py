"""Deducting: what discounts take off the lines of a billing period (rules §5).

Percentages first and then amounts, each in the order of redemption. A percentage is taken of what is left of its lines, an
amount as far as they reach; each is rounded half up, once. Negative lines are corrections and are not discounted; neither
may what is left of the whole bill fall below zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .bill import Deduction, Line
from .dates import Period
from .discount import WHOLE, Redemption
from .money import Money, divide_half_up


def deduct(
    lines: Sequence[Line],
    discounts: tuple[Redemption, ...],
    period: Period,
    currency: str,
    category: Callable[[str], str] | None = None,
) -> tuple[tuple[Deduction, ...], tuple[Redemption, ...]]:
    """What comes off the lines of a whole period, and the discounts that are left after it.

    `category` says by which category a plan is taxed; without it there is one for all.
    """
    if not discounts:
        return (), ()
    groups = _groups(lines, category)
    left = [line.minor for line in lines]
    taken: dict[str, Deduction] = {}
    for each in sorted(discounts, key=lambda each: each.terms.percent is None):
        base = [max(0, rest) if each.terms.covers(line.plan) else 0 for line, rest in zip(lines, left, strict=True)]
        amount = max(0, min(_worth(each, sum(base), currency), sum(base), sum(left)))
        if not amount:
            continue
        shares = spread(amount, base, groups)
        left = [rest - share for rest, share in zip(left, shares, strict=True)]
        taken[each.id] = Deduction(
            redemption=each.id,
            code=each.code,
            names=each.terms.names,
            amount=Money(amount, currency),
            shares=shares,
            percent=each.terms.percent,
            nominal=each.terms.nominal(currency),
            base=Money(sum(base), currency),
            plans=each.terms.plans,
        )
    remaining = (each.after(used=each.id in taken) for each in discounts)
    return tuple(taken.values()), tuple(each for each in remaining if each is not None)


def _worth(redemption: Redemption, base: int, currency: str) -> int:
    """What a discount would take off so much."""
    terms = redemption.terms
    return terms.amounts.get(currency, 0) if terms.percent is None else divide_half_up(base * terms.percent, WHOLE)


def _groups(lines: Sequence[Line], category: Callable[[str], str] | None) -> Sequence[Sequence[int]]:
    """The places of the lines of each tax category, in the order of the lines."""
    if category is None:
        return (range(len(lines)),)
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault(category(line.plan), []).append(place)
    return tuple(places.values())


def spread(amount: int, weights: Sequence[int], groups: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """An amount shared out over groups of places first, then over the places within each.

    What falls to a tax category is so as near to its share as cents can be, however many lines it has (rules §5).
    """
    shares = [0] * len(weights)
    for group, part in zip(groups, apportion(amount, [sum(weights[at] for at in group) for group in groups]), strict=True):
        if part:
            for at, share in zip(group, apportion(part, [weights[at] for at in group]), strict=True):
                shares[at] = share
    return tuple(shares)


def apportion(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """An amount shared out by weights of zero or more, by largest remainder; the earlier goes first where remainders are equal.

    No share is greater than its weight as long as the amount is not greater than all of them.
    """
    whole = sum(weights)
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(amount * weights[at] % whole))
    for at in by_remainder[: amount - sum(shares)]:
        shares[at] += 1
    return tuple(shares)
