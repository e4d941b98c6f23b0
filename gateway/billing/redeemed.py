"""Facts of discounts: one was given to an account, or taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .discount import Redemption
from .standing import Mark, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed(Mark):
    """The account was given a discount, for whole billing periods, the running one included (rules §5)."""

    revision: int
    at: datetime
    redemption: Redemption

    def stand(self, standing: Standing) -> Standing:
        """Discounts stack in the order of their redemption; codes are remembered when they are used up, too."""
        codes = (*standing.codes, self.redemption.code) if self.redemption.code is not None else standing.codes
        return replace(standing, discounts=(*standing.discounts, self.redemption), codes=codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountEnded(Mark):
    """A discount was taken back: the running billing period is the first one without it."""

    revision: int
    at: datetime
    redemption: str

    def stand(self, standing: Standing) -> Standing:
        """All the others stay in their order."""
        return replace(standing, discounts=tuple(each for each in standing.discounts if each.id != self.redemption))
