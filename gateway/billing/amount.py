"""Amounts of money as people give them: exact decimals, checked against their currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from .errors import InvalidInput
from .money import Money, exponent

LARGEST: Final = 10**15
"""In minor units: beyond any bill, and a thousand such amounts still fit where sums are kept."""


def minor_units(amount: Decimal, currency: str, field: str = "amount") -> int:
    """An amount in minor units; refuses with InvalidInput what is not more than zero, too fine for the currency, or beyond any bill."""
    decimals = exponent(currency)
    exact = Fraction(amount) * 10**decimals if amount.is_finite() else Fraction(0)
    if exact <= 0 or exact.denominator != 1:
        raise InvalidInput(
            "An amount in {currency} is more than zero and has at most {decimals} decimals.", field, currency=currency, decimals=decimals
        )
    if exact > LARGEST:
        raise InvalidInput(
            "An amount in {currency} is at most {limit}.", field, currency=currency, limit=str(Money(LARGEST, currency).amount)
        )
    return int(exact)
