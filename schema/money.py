"""Money."""

import datetime
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway import formats
from gateway.billing import catalog, dates, money

from .info import Info
from .scalars import BigInt, CurrencyCode, Locale
from .window import window

LocaleArgument = Annotated[Locale | None, strawberry.argument(description="Language to write it in; the reader's when left out.")]


@window(money.Money)
class Money:
    """An exact amount of money."""

    amount: Annotated[Decimal, "The amount in units of the currency, with exactly its decimals."]
    currency: Annotated[CurrencyCode, "The currency."]

    @strawberry.field(description="The amount in the currency's smallest unit.")
    def minor_units(root: Parent[money.Money]) -> BigInt:
        return BigInt(root.minor)

    @strawberry.field(description="The amount as people write it.")
    def formatted(root: Parent[money.Money], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return formats.money_text(root, locale or info.context.locale)


@window(catalog.Rate)
class UnitPrice:
    """A price for one unit; it can be finer than the currency's smallest unit."""

    amount: Annotated[Decimal, "The price in units of the currency."]
    currency: Annotated[CurrencyCode, "The currency."]


@window(dates.Period)
class Period:
    """A run of days: the first is part of it, the end is not."""

    start: Annotated[datetime.date, "The first day."]
    end: Annotated[datetime.date, "The day after the last."]

    @strawberry.field(description="How many days it has.")
    def days(root: Parent[dates.Period]) -> int:
        return len(root)
