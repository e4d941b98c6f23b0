"""What an operator grants one account, as facts: prices of its own, and trials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from .own_price import OwnPrice
from .standing import Mark, Standing
from .trial import Trial, TrialEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPriceSet(Mark):
    """The account has a price of its own."""

    revision: int
    at: datetime
    price: OwnPrice

    @property
    def acts_on(self) -> date:
        """The first day it is in force."""
        return self.price.from_on

    def stand(self, standing: Standing) -> Standing:
        """The standing with the price."""
        return replace(standing, prices=(*standing.prices, self.price))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPriceEnded(Mark):
    """One of the account's own prices ends: `until_on` is the first day it is not in force."""

    revision: int
    at: datetime
    id: str
    until_on: date

    @property
    def acts_on(self) -> date:
        """The first day without it."""
        return self.until_on

    def stand(self, standing: Standing) -> Standing:
        """The standing with the price cut short."""
        prices = tuple(replace(each, until_on=self.until_on) if each.id == self.id else each for each in standing.prices)
        return replace(standing, prices=prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGranted(Mark):
    """The account has something free for a time."""

    revision: int
    at: datetime
    trial: Trial

    def stand(self, standing: Standing) -> Standing:
        """The standing with the trial."""
        return replace(standing, trials=(*standing.trials, self.trial))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded(Mark):
    """A trial ends before its time, whether it was granted or came with a plan."""

    revision: int
    at: datetime
    end: TrialEnd

    @property
    def acts_on(self) -> date:
        """The first day that is billed."""
        return self.end.until_on

    def stand(self, standing: Standing) -> Standing:
        """The standing with this end."""
        return replace(standing, trial_ends=(*standing.trial_ends, self.end))
