"""Discounts: what is promised, how long for, and to whom (rules §5)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .dates import Calendar
from .money import Money

PERCENT: Final = 1_000_000
"""Percentages are counted in millionths of a percent, so that 7.5 % is a whole number."""

WHOLE: Final = 100 * PERCENT

# Whoever types a code on a Turkish keyboard means the same letters.
_LETTERS: Final = str.maketrans({"İ": "I", "ı": "i"})


class Duration(StrEnum):
    """How long a discount lasts."""

    ONCE = "ONCE"
    PERIODS = "PERIODS"
    FOREVER = "FOREVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """The terms of a discount: so much percent, or an amount in minor units by currency; never both.

    It comes off the whole bill, or, where `plans` are named, off the lines of these. `periods` says how many billing
    periods it lasts; None unless the duration is PERIODS.
    """

    names: dict[str, str] = field(hash=False)
    percent: int | None = None
    amounts: dict[str, int] = field(default_factory=dict, hash=False)
    duration: Duration = Duration.ONCE
    periods: int | None = None
    plans: tuple[str, ...] = ()

    def covers(self, plan: str) -> bool:
        """Whether lines of a plan are discounted."""
        return not self.plans or plan in self.plans

    def is_in(self, currency: str) -> bool:
        """Whether it can be had by who pays in a currency."""
        return self.percent is not None or currency in self.amounts

    def nominal(self, currency: str) -> Money | None:
        """The amount it promises; None when it is a percentage."""
        return None if self.percent is not None else Money(self.amounts.get(currency, 0), currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A discount an account was given; its terms are copied, so that nothing can alter them afterwards.

    `left` counts the billing periods it is still for, the running one included; None when it waits for its one bill, or
    lasts for ever.
    """

    id: str
    terms: Discount
    redeemed_on: date
    code: str | None = None
    left: int | None = None

    def after(self, *, used: bool) -> Redemption | None:
        """What is left of it after a billing period; None when it is over.

        Periods run by the calendar; a ONCE waits for the first bill it takes something off.
        """
        if self.terms.duration is Duration.ONCE:
            return None if used else self
        if self.left is None:
            return self
        return replace(self, left=self.left - 1) if self.left > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A discount that can be had by its code, between two local days of the account's, both included.

    `limit` is how often it can be redeemed in all (None: as often as one likes), `per_account` how often by one account.
    """

    code: str
    terms: Discount
    from_on: date | None = None
    until_on: date | None = None
    limit: int | None = None
    per_account: int = 1


@dataclass(frozen=True, slots=True)
class HeldDiscount:
    """A redemption as one sees it during a billing period of the account's."""

    redemption: Redemption
    period_start: date
    calendar: Calendar
    currency: str

    @property
    def nominal(self) -> Money | None:
        """The amount it promises for each bill; None when it is a percentage."""
        return self.redemption.terms.nominal(self.currency)

    @property
    def ends_on(self) -> date | None:
        """The first day it is no longer for; None when it waits for its one bill, or lasts for ever."""
        left = self.redemption.left
        return None if left is None else self.calendar.start(self.calendar.month(self.period_start) + left)


def canonical_code(text: str) -> str:
    """A code as it is kept: it may be typed in small letters too, and with a Turkish i."""
    return text.strip().translate(_LETTERS).upper()


def percent_text(millionths: int) -> str:
    """A percentage as people write it, with no more decimals than it has: 20, 7.5."""
    return f"{Decimal(millionths).scaleb(-6).normalize():f}"
