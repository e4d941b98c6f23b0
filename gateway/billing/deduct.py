"""Deducting: what discounts take off the lines of a billing period (rules §5).

Percentages first and then amounts, each in the order of redemption. A percentage is taken of what is left of its lines, an
amount as far as they reach; each is rounded half up, once. Negative lines are corrections and are not discounted; neither
may what is left of the whole bill fall below zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from .bill import Deduction, Line
from .dates import Period
from .discount import WHOLE, Redemption
from .money import Money, divide_half_up


def deduct(
    lines: Sequence[Line], discounts: tuple[Redemption, ...], period: Period, currency: str
) -> tuple[tuple[Deduction, ...], tuple[Redemption, ...]]:
    """What comes off the lines of a whole period, and the discounts that are left after it."""
    if not discounts:
        return (), ()
    left = [line.minor for line in lines]
    taken: dict[str, Deduction] = {}
    for each in sorted(discounts, key=lambda each: each.terms.percent is None):
        base = [max(0, rest) if each.terms.covers(line.plan) else 0 for line, rest in zip(lines, left, strict=True)]
        amount = max(0, min(_worth(each, sum(base), currency), sum(base), sum(left)))
        if not amount:
            continue
        shares = apportion(amount, base)
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
