"""What is told to the oracle, and what it says is owed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache

from .almanac import Almanac
from .conventions import Day
from .days import Run
from .prices import OwnPrice, Price, Trial
from .spans import Event, Span, Term

EARLY_END = "early_end"
REPRICE = "REPRICE"
REST_OF_TERM = "REST_OF_TERM"

Key = tuple[str, str, Decimal, Run]


@dataclass(frozen=True, slots=True)
class Part:
    """What one key (item, part, unit price, term) owes in the billed period."""

    item: str
    part: str  # "base" or "representatives"
    unit_price: Decimal
    term: Run
    units: int  # quantity-days billed within the period, up to the horizon; or seconds, or thirtieths
    amount: int  # minor units
    whole: int = field(default=0, compare=False)  # the term in the same units


@dataclass(frozen=True, slots=True)
class Charge:
    """What a run of days of one plan owes of one part."""

    item: str
    plan: str
    part: str
    unit_price: Decimal
    term: Run
    units: int
    amount: int
    whole: int

    @property
    def key(self) -> Key:
        """What it is part of."""
        return self.item, self.part, self.unit_price, self.term


@dataclass(frozen=True, slots=True)
class Told:
    """All there is to know of an account's items: what happened, what is listed, and the days it is counted by."""

    events: tuple[Event, ...]
    prices: tuple[Price, ...]
    almanac: Almanac
    exponent: int
    convention: str
    own: tuple[OwnPrice, ...] = ()  # in the order they were set
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Billed:
    """A share of a day: the state it went to, its price and, where leaving early is re-rated by it, the monthly one; the units."""

    day: Day
    span: Span
    price: Price
    monthly: Price | None
    term: Term
    units: int
    whole: int


def rounded(amount: Fraction) -> int:
    """To the nearest integer; a half goes up, of a negative amount away from zero (rules 5)."""
    magnitude = int(abs(amount) + Fraction(1, 2))
    return magnitude if amount >= 0 else -magnitude


@cache
def ratio(price: Decimal, exponent: int) -> tuple[int, int]:
    """A price in minor units, as a fraction of two integers."""
    numerator, denominator = price.as_integer_ratio()
    return numerator * 10**exponent, denominator


def share(price: Decimal, exponent: int, units: int, whole: int) -> int:
    """What so many units of a term cost, in minor units: price × units/whole, rounded as `rounded` does."""
    numerator, denominator = ratio(price, exponent)
    magnitude = (2 * abs(numerator) * units + denominator * whole) // (2 * denominator * whole)
    return magnitude if numerator >= 0 else -magnitude
