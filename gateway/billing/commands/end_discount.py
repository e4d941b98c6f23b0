"""End a discount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..errors import NotFound, Refusal
from ..redeemed import DiscountEnded
from .command import Right


@dataclass(frozen=True, kw_only=True)
class EndDiscount:
    """Take a discount back. The running billing period is the first one without it; bills of the past keep it."""

    redemption_id: Annotated[str, "The discount, as the account has it."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound,)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Take the discount back."""
        if all(each.id != self.redemption_id for each in books.standing.discounts):
            raise NotFound("There is no discount {id} on this account.", "redemptionId", id=self.redemption_id[:40])
        ended = DiscountEnded(revision=books.revision, at=books.now, redemption=self.redemption_id)
        return books.about(self.redemption_id).add(ended)
