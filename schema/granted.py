"""What an operator granted one account: prices of its own, and trials."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import own_price, trial
from gateway.billing.catalog import Interval

from .money import UnitPrice
from .window import window


@window(own_price.OwnPrice)
class OwnPrice:
    """What an account pays for a plan in place of the list price; terms that begin on one of its days are charged by it."""

    interval: Annotated[Interval, "The interval it is priced by."]
    base: Annotated[UnitPrice, "The price with the representatives that are included."]
    per_representative: Annotated[UnitPrice | None, "The price for each further representative; null where it is as listed."]
    from_on: Annotated[datetime.date, "The first day it is in force."]
    until_on: Annotated[datetime.date | None, "The first day it is no longer in force; null when it is for good."]

    @strawberry.field(description="Its id.")
    def id(root: Parent[own_price.OwnPrice]) -> strawberry.ID:
        return strawberry.ID(root.id)

    @strawberry.field(description="Code of the plan.")
    def plan(root: Parent[own_price.OwnPrice]) -> strawberry.ID:
        return strawberry.ID(root.plan)


@window(trial.Trial)
class Trial:
    """What an account has free of charge for a time."""

    from_on: Annotated[datetime.date, "The first day that is free."]
    until_on: Annotated[datetime.date, "The first day that is billed."]

    @strawberry.field(description="Its id.")
    def id(root: Parent[trial.Trial]) -> strawberry.ID:
        return strawberry.ID(root.id)

    @strawberry.field(description="Code of the plan that is free; null when an item is, whatever plan it is on.")
    def plan(root: Parent[trial.Trial]) -> strawberry.ID | None:
        return strawberry.ID(root.plan) if root.plan is not None else None

    @strawberry.field(description="The package or add-on that is free; null when whatever is on the plan is.")
    def item_id(root: Parent[trial.Trial]) -> strawberry.ID | None:
        return strawberry.ID(root.item) if root.item is not None else None
