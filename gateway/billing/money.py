"""Money: an exact amount in the smallest unit of its currency (rules §5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# Currencies whose minor unit is not a hundredth (ISO 4217); a test compares this with the published list.
EXPONENTS: Final = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def exponent(currency: str) -> int:
    """How many decimals an amount in this currency has."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` counts the currency's smallest unit (cent, kuruş, yen)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    @property
    def amount(self) -> Decimal:
        """The amount in units of the currency, with exactly its decimals."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))


def divide_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes away from zero (rules §5, R). `denominator` is positive."""
    if numerator < 0:
        return -divide_half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)
