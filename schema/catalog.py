"""The catalog."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import catalog
from gateway.billing.catalog import EarlyEnd, Interval, Kind, Listing

from .info import Info
from .money import LocaleArgument, UnitPrice
from .scalars import CurrencyCode
from .window import window


@window(catalog.Price)
class Price:
    """What a plan costs in one currency, per interval or once."""

    interval: Annotated[Interval | None, "The run of time it pays for; null for what is bought once."]
    base: Annotated[UnitPrice, "The price with the representatives that are included."]
    per_representative: Annotated[UnitPrice, "The price for each further representative."]
    minimum_months: Annotated[int, "Billing months one is committed to who takes it at this price; 0 for none."]

    @strawberry.field(description="What leaving a term early costs beside the days used.")
    def early_end(root: Parent[catalog.Price]) -> EarlyEnd:
        return root.leaving

    @strawberry.field(description="The currency.")
    def currency(root: Parent[catalog.Price]) -> CurrencyCode:
        return CurrencyCode(root.base.currency)


@window(catalog.Offer)
class Offer:
    """What a plan includes and costs from a day on."""

    from_on: Annotated[datetime.date, "The first day it is in force."]
    on_sale: Annotated[bool, "Whether it can be bought; what is held already goes on."]
    prices: Annotated[list[Price], "Its prices."]
    requires: Annotated[list[strawberry.ID], "Codes of plans of which one must be held beside it; empty when it needs none."]
    excludes: Annotated[list[strawberry.ID], "Codes of plans that cannot be held beside it."]
    trial_days: Annotated[int, "Days that are free when an account takes it for the first time."]

    @strawberry.field(description="Representatives included in the base price.")
    def representatives_included(root: Parent[catalog.Offer]) -> int:
        return root.included

    @strawberry.field(description="The most representatives it can have; null when there is no limit.")
    def representatives_maximum(root: Parent[catalog.Offer]) -> int | None:
        return root.maximum

    @strawberry.field(description="Chatbot sessions included per billing period.")
    def chatbot_limit(root: Parent[catalog.Offer]) -> int:
        return root.chatbot_limit

    @strawberry.field(description="Chatbot sessions it adds when bought.")
    def sessions(root: Parent[catalog.Offer]) -> int:
        return root.sessions


@window(Listing)
class Plan:
    """What can be had: a package, an add-on or a pack of sessions."""

    code: Annotated[strawberry.ID, "Its code, by which commands name it."]
    kind: Annotated[Kind, "What it is."]
    offer: Annotated[Offer | None, "What it includes and costs today; null before its first day."]
    next: Annotated[Offer | None, "What it will include and cost from a day to come, once published."]
    prices: Annotated[list[Price], "Today's prices, in the asker's currency where it has one."]

    @strawberry.field(description="Its name.")
    def name(root: Parent[Listing], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.plan.name(locale or info.context.locale)

    @strawberry.field(description="What it is for.")
    def description(root: Parent[Listing], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.plan.description(locale or info.context.locale)


@window(catalog.Assortment)
class Catalog:
    """Everything that is on sale today."""

    revision: Annotated[int, "Rises whenever a catalog is published."]
    packages: Annotated[list[Plan], "Packages."]
    add_ons: Annotated[list[Plan], "Additional packages."]
    session_packs: Annotated[list[Plan], "Packs of extra chatbot sessions."]

    @strawberry.field(description="Currencies there are prices in.")
    def currencies(root: Parent[catalog.Assortment]) -> list[CurrencyCode]:
        return [CurrencyCode(code) for code in sorted(root.catalog.currencies)]
