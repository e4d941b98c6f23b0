"""Grant a discount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Final

from ..amount import minor_units
from ..books import Books
from ..discount import PERCENT, WHOLE, Discount, Duration
from ..errors import InvalidInput, NotFound, Refusal
from ..redeeming import give
from .command import Right

MOST_PERIODS: Final = 120
MOST_PLANS: Final = 50


@dataclass(frozen=True, kw_only=True)
class GrantDiscount:
    """Give an account a discount of its own terms. It is for whole billing periods, the running one included."""

    name: Annotated[str, "What it is called on bills, 1 to 100 characters."]
    percent: Annotated[Decimal | None, "So much percent, more than 0 and at most 100; either this or an amount."] = None
    amount: Annotated[Decimal | None, "So much off each bill, in units of the account's currency; either this or a percentage."] = None
    duration: Annotated[Duration, "How long it lasts."] = Duration.ONCE
    periods: Annotated[int | None, "For how many billing periods, 1 to 120; only with `PERIODS`."] = None
    plans: Annotated[tuple[str, ...], "Codes of the plans it is for; the whole bill when none is named."] = ()

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, InvalidInput)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Grant the discount."""
        name = self.name.strip()
        if not 1 <= len(name) <= 100 or not name.isprintable():
            raise InvalidInput("A discount's name has 1 to 100 printable characters.", "name")
        if (self.percent is None) == (self.amount is None):
            raise InvalidInput("Say either a percentage or an amount.")
        if len(self.plans) > MOST_PLANS:
            raise InvalidInput("A discount is for at most {most} plans.", "plans", most=MOST_PLANS)
        plans = tuple(books.catalog.plan(code, field="plans").code for code in dict.fromkeys(self.plans))
        currency = books.account.currency
        terms = Discount(
            names={"en": name},
            percent=None if self.percent is None else _percent(self.percent),
            amounts={} if self.amount is None else {currency: minor_units(self.amount, currency)},
            duration=self.duration,
            periods=_periods(self.duration, self.periods),
            plans=plans,
        )
        return give(books, terms)


def _percent(percent: Decimal) -> int:
    millionths = Fraction(percent) * PERCENT if percent.is_finite() else Fraction(0)
    if not 0 < millionths <= WHOLE or millionths.denominator != 1:
        raise InvalidInput("A percentage is more than 0 and at most 100, with at most 6 decimals.", "percent")
    return int(millionths)


def _periods(duration: Duration, periods: int | None) -> int | None:
    if (duration is Duration.PERIODS) != (periods is not None):
        raise InvalidInput("Say for how many billing periods with PERIODS, and only then.", "periods")
    if periods is not None and not 1 <= periods <= MOST_PERIODS:
        raise InvalidInput("A discount lasts 1 to {most} billing periods.", "periods", most=MOST_PERIODS)
    return periods
