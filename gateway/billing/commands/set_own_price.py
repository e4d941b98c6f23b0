"""Set an own price."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Interval, Kind, Rate
from ..effective import HORIZON
from ..errors import DateOutOfRange, InvalidInput, NotFound, PlanNotAvailable, Refusal
from ..granted import OwnPriceSet
from ..own_price import OwnPrice
from .command import Right


@dataclass(frozen=True, kw_only=True)
class SetOwnPrice:
    """Give an account a price of its own for a plan, in place of the list price.

    It acts as list prices do: whoever enters the plan, or begins a new term of it, on one of its days pays it for that term.
    Terms that run already keep their price.
    """

    plan: Annotated[str, "Code of the package or add-on."]
    interval: Annotated[Interval, "The interval it is priced by."] = Interval.MONTH
    base: Annotated[str, "The price with the representatives that are included, in units of the account's currency."]
    per_representative: Annotated[str | None, "The price for each further representative; as listed when left out."] = None
    from_on: Annotated[date | None, "The first local day it is in force; today when left out."] = None
    until_on: Annotated[date | None, "The first local day it is no longer in force; for good when left out."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, InvalidInput, DateOutOfRange, PlanNotAvailable)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Set the price."""
        plan = books.catalog.plan(self.plan)
        if plan.kind is Kind.SESSION_PACK:
            raise NotFound("There is no plan {plan}.", "plan", plan=self.plan)
        from_on = from_day(books, self.from_on)
        if self.until_on is not None and self.until_on <= from_on:
            raise DateOutOfRange("It must be in force for one day at least: choose a day after {on}.", "untilOn", on=str(from_on))
        currency = books.account.currency
        books.catalog.price(plan.code, self.interval, currency, from_on)
        extra = None if self.per_representative is None else rate(self.per_representative, currency, "perRepresentative")
        price = OwnPrice(
            id=books.new_id("prc"),
            plan=plan.code,
            interval=self.interval,
            base=rate(self.base, currency, "base"),
            per_representative=extra,
            from_on=from_on,
            until_on=self.until_on,
        )
        return books.add(OwnPriceSet(revision=books.revision, at=books.now, price=price)).about(price.id)


def from_day(books: Books, on: date | None, field: str = "fromOn") -> date:
    """A day from today on, today when left out; what has been billed keeps its price."""
    today, limit = books.today, books.today + HORIZON
    if on is not None and on < today:
        raise DateOutOfRange("The day {on} has passed; choose {today} or later.", field, on=str(on), today=str(today))
    if on is not None and on >= limit:
        raise DateOutOfRange("The day {on} is too far ahead; choose one before {limit}.", field, on=str(on), limit=str(limit))
    return on or today


def rate(text: str, currency: str, field: str) -> Rate:
    """A price from its text; refuses with InvalidInput what is no price, or finer than one can be."""
    try:
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text):
            return Rate.of(Decimal(text), currency)
    except ValueError:
        pass
    raise InvalidInput("A price is an amount from 0 on such as 249.00, with at most 6 decimals beyond the currency's.", field)
