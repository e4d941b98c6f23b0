"""Standing: what an account carries from period to period beside its items.

It is part of the checkpoint of every cut. A fact that alters it says how, by its own `stand`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from .dates import Calendar
from .discount import Redemption
from .in_use import InUse
from .own_price import OwnPrice
from .tax import TaxIdentity
from .trial import Trial, TrialEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Discounts in the order of their redemption, who the account is to the tax office, and its credit in minor units.

    `codes` are those it has ever redeemed, as often as it has. `in_use` is what the product counted last, `prices` are its own
    in the order they were set, `trials` those it was given, by an operator or by taking a plan for the first time; `plans` are
    those it ever took. `calendar` is the one that comes into force at the next cut-off, None when it stays.
    """

    discounts: tuple[Redemption, ...] = ()
    codes: tuple[str, ...] = ()
    tax: TaxIdentity | None = None
    credit: int = 0
    in_use: tuple[InUse, ...] = ()
    prices: tuple[OwnPrice, ...] = ()
    trials: tuple[Trial, ...] = ()
    trial_ends: tuple[TrialEnd, ...] = ()
    plans: tuple[str, ...] = ()
    calendar: Calendar | None = None


NOTHING: Final = Standing()
"""The standing of an account that was just opened."""


class Mark(ABC):
    """A fact that alters the standing from an instant on."""

    __slots__ = ()
    at: datetime

    @property
    def acts_on(self) -> date | None:
        """The first local day on which it moves what is billed, where that is not the day it was made."""
        return None

    @abstractmethod
    def stand(self, standing: Standing) -> Standing:
        """The standing with it."""


def stand(standing: Standing, marks: Iterable[Mark], since: datetime, until: datetime | None) -> Standing:
    """The standing with the marks of a run of time: `since` is in, `until` is out (None: all that follow)."""
    for mark in marks:
        if since <= mark.at and (until is None or mark.at < until):
            standing = mark.stand(standing)
    return standing
