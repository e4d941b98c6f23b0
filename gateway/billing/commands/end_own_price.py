"""End an own price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from ..books import Books
from ..errors import DateOutOfRange, NotFound, Refusal
from ..granted import OwnPriceEnded
from .command import Right
from .set_own_price import from_day


@dataclass(frozen=True, kw_only=True)
class EndOwnPrice:
    """End one of an account's own prices. Terms that run at it keep it until they are over."""

    own_price_id: Annotated[str, "The price."]
    until_on: Annotated[date | None, "The first local day it is no longer in force; today when left out."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, DateOutOfRange)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """End the price."""
        if self.own_price_id not in {price.id for price in books.own_prices}:
            raise NotFound("There is no own price {id}.", "ownPriceId", id=self.own_price_id)
        until_on = from_day(books, self.until_on, "untilOn")
        fact = OwnPriceEnded(revision=books.revision, at=books.now, id=self.own_price_id, until_on=until_on)
        return books.add(fact).about(self.own_price_id)
