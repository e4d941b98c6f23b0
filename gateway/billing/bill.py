"""Bills: what a period costs, line by line. Computed, never stored; an invoice copies one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .catalog import Interval, Rate
from .dates import Period
from .discount import percent_text
from .early_end import BEYOND, EARLY_END, REST, REST_REPRESENTATIVES
from .money import Money
from .tax import TaxNote, TaxSource, TaxStatus
from .texts import in_language, say


class Line(NamedTuple):
    """One part of one item over one run of days.

    `before` and `after` are the units of its key billed since the term began, without and with this line; the
    amount is the difference of the two rounded shares (rules §5), so that all lines of a term add up exactly. For a term
    left early (rules §3) the units are amounts in the smallest unit of the currency: billed before, and due by the month.
    """

    account: str
    item: str
    plan: str
    names: dict[str, str]
    interval: Interval
    part: str
    quantity: int
    representatives: int
    days: Period
    rate: Rate
    before: int
    after: int
    whole: int
    convention: str
    because: tuple[int, ...]

    @property
    def amount(self) -> Money:
        """What the line owes."""
        return Money(self.minor, self.rate.currency)

    @property
    def minor(self) -> int:
        """What the line owes, in minor units."""
        return self.rate.between(self.before, self.after, self.whole)

    def description(self, locale: str) -> str:
        """What the line is for, in a language."""
        name = in_language(self.names, locale)
        if self.part == "representatives" and self.quantity == 1:
            return say("{plan}: 1 further representative", locale, plan=name)
        if self.part == "representatives":
            return say("{plan}: {quantity} further representatives", locale, plan=name, quantity=self.quantity)
        if self.part == EARLY_END:
            return say("{plan}: the days used of the term, at the monthly price", locale, plan=name)
        if self.part == REST:
            return say("{plan}: the rest of the term", locale, plan=name)
        if self.part == REST_REPRESENTATIVES:
            return say("{plan}: the rest of the term, further representatives: {quantity}", locale, plan=name, quantity=self.quantity)
        if self.part == BEYOND:
            return say("{plan}: beyond what was paid to the end of the term", locale, plan=name)
        return name

    @property
    def formula(self) -> str:
        """The arithmetic behind the amount, as one would type it into a calculator; each product is rounded half up."""
        if self.part == EARLY_END:
            return f"{Money(self.after, self.rate.currency).amount} − {Money(self.before, self.rate.currency).amount}"
        price = self.rate.figure
        unit = " s" if self.convention == "SECOND" else ""
        now = f"{price} × {self.after}/{self.whole}{unit}"
        return f"{now} − {price} × {self.before}/{self.whole}{unit}" if self.before else now


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What one discount takes off a period's bill; `shares` says how much of it off each line, in minor units.

    It is `percent` (in millionths of a percent) of `base`, or the `nominal` amount as far as `base` reaches. `plans` are
    those whose lines it comes off; all lines where none is named.
    """

    redemption: str
    code: str | None
    names: dict[str, str]
    amount: Money
    shares: tuple[int, ...]
    percent: int | None = None
    nominal: Money | None = None
    base: Money | None = None
    plans: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The arithmetic behind the amount, as one would type it into a calculator; rounded half up."""
        if self.percent is not None and self.base is not None:
            return f"{self.base.amount} × {percent_text(self.percent)}%"
        if self.nominal is not None and self.nominal != self.amount:
            return f"min({self.nominal.amount}, {self.amount.amount})"
        return str(self.amount.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """The tax at one rate: `percent` in millionths of a percent of `base`, rounded once; who said the rate, and what else to know."""

    category: str
    names: dict[str, str]
    percent: int
    base: Money
    amount: Money
    source: TaxSource = TaxSource.TABLE
    notes: tuple[TaxNote, ...] = ()


@dataclass(frozen=True)
class Bill:
    """Lines and totals of a period.

    `credited` is the account credit it consumes, in minor units; below zero what a negative bill adds to it.
    subtotal − discount + tax − credit = due, always (rules §5).
    """

    period: Period
    currency: str
    lines: tuple[Line, ...]
    deductions: tuple[Deduction, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    tax_status: TaxStatus = TaxStatus.NOT_CHARGED
    credited: int = 0

    @cached_property
    def subtotal(self) -> Money:
        """The sum of the lines."""
        return Money(sum([line.minor for line in self.lines]), self.currency)

    @cached_property
    def discount(self) -> Money:
        """What the discounts take off."""
        return Money(sum(each.amount.minor for each in self.deductions), self.currency)

    @property
    def net(self) -> Money:
        """What is left of the lines, before tax."""
        return self.subtotal - self.discount

    @property
    def tax(self) -> Money:
        """The tax of all rates."""
        return Money(sum(each.amount.minor for each in self.taxes), self.currency)

    @property
    def gross(self) -> Money:
        """What it costs with tax."""
        return self.net + self.tax

    @property
    def credit(self) -> Money:
        """Account credit that pays for a part of it; below zero what it adds to the credit."""
        return Money(self.credited, self.currency)

    @property
    def due(self) -> Money:
        """What is to be paid; never negative."""
        return self.gross - self.credit
