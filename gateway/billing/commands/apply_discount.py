"""Apply a discount code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..discount import Promotion
from ..errors import DiscountNotAvailable, NotFound, Refusal
from ..redeeming import give
from .command import Right


@dataclass(frozen=True, kw_only=True)
class ApplyDiscount:
    """Redeem a discount code. It is for whole billing periods, the running one included."""

    code: Annotated[str, "The code; small letters do as well."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, DiscountNotAvailable)
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Redeem the code. How often it can be redeemed in all is known to the store alone, which counts."""
        promotion = books.catalog.promotion(self.code)
        _check(books, promotion)
        return give(books, promotion.terms, promotion.code)


def _check(books: Books, promotion: Promotion) -> None:
    code, currency = promotion.code, books.account.currency
    if promotion.from_on is not None and books.today < promotion.from_on:
        raise DiscountNotAvailable("The code {code} can be redeemed from {on} on.", "code", code=code, on=str(promotion.from_on))
    if promotion.until_on is not None and books.today > promotion.until_on:
        raise DiscountNotAvailable("The code {code} could be redeemed until {on}.", "code", code=code, on=str(promotion.until_on))
    if not promotion.terms.is_in(currency):
        raise DiscountNotAvailable("The code {code} is not for accounts in {currency}.", "code", code=code, currency=currency)
    if books.standing.codes.count(code) >= promotion.per_account:
        raise DiscountNotAvailable("This account has used the code {code} already.", "code", code=code)
