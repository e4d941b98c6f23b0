"""Forecasts: what a period's invoice is so far, and what it is expected to be (rules §1, §8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from .bill import Bill
from .dates import Period
from .money import Money
from .texts import Param, say

if TYPE_CHECKING:
    from .quote import Quote


class Which(StrEnum):
    """Which period a forecast is for."""

    CURRENT = "CURRENT"
    NEXT = "NEXT"


class Expectation(StrEnum):
    """Whether an invoice is expected."""

    EXPECTED = "EXPECTED"
    NOTHING_DUE = "NOTHING_DUE"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The running or the next period: `so_far` with what has happened, `expected` with what stands carried on to its end.

    `as_of` is the newest fact or the start of the local day, whichever is later: until something happens, the
    forecast of an account at one `as_of` is one and the same. Where seconds are billed it is the instant of the answer.
    `closing_bills` are those of periods that are over and not cut yet: what they claim of the account's credit is not there
    for `so_far` and `expected` any more (rules §5).
    """

    period: Period
    cut_off_at: datetime
    as_of: datetime
    revision: int
    so_far: Bill
    expected: Bill
    closing_bills: tuple[Bill, ...] = ()

    @property
    def cut_off_on(self) -> date:
        """The day at whose first instant the invoice is cut: the first day of the next period."""
        return self.period.end

    @property
    def status(self) -> Expectation:
        """Whether an invoice is expected."""
        return Expectation.EXPECTED if self.expected.lines else Expectation.NOTHING_DUE


@dataclass(frozen=True, slots=True)
class Warning:
    """Something worth knowing before or after a change; it stops nothing."""

    code: str
    template: str
    params: dict[str, Param]

    def text(self, locale: str) -> str:
        """The message in a language."""
        return say(self.template, locale, **self.params)


@dataclass(frozen=True, slots=True)
class Preview:
    """The running period's forecast without a change and with it: what the change would do, were it made now.

    `quote` is what it can be held to; None where nobody asked for one.
    """

    before: Forecast
    after: Forecast
    effective_on: date
    warnings: tuple[Warning, ...]
    quote: Quote | None = None

    @property
    def difference(self) -> Money:
        """By how much the expected invoice moves."""
        return self.after.expected.due - self.before.expected.due
