"""Packages and add-ons."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import item
from gateway.billing.catalog import Interval, Kind, Listing
from gateway.billing.forecast import Which
from gateway.billing.item import Status
from resolvers.days import billed_days

from .billed_day import BilledDay
from .catalog import Plan, Price
from .info import Info
from .money import LocaleArgument, Period
from .scheduled_change import ScheduledChange
from .window import interface, window

WhichPeriod = Annotated[Which, strawberry.argument(description="Which period.")]
OnDay = Annotated[datetime.date | None, strawberry.argument(description="A day of the period instead: of any past one too.")]


@interface
class Item:
    """A package or an add-on that an account holds, held, or will hold."""

    status: Annotated[Status, "Where it stands."]
    period: Annotated[Interval, "The interval it is priced by."]
    started_on: Annotated[datetime.date | None, "The day it first began, or will begin."]
    renews_on: Annotated[datetime.date | None, "The day its present term ends and the next begins; null when it does not go on."]
    ends_on: Annotated[datetime.date | None, "The day it ended, or is scheduled to end."]
    scheduled: Annotated[list[ScheduledChange], "What is scheduled for it."]
    price: Annotated[Price | None, "What it costs in its present term, by an own price where there is one; null while it is not active."]
    trial_ends_on: Annotated[datetime.date | None, "The first day that is billed, while it is free; null when it is not."]
    committed_until: Annotated[datetime.date | None, "The day from which it may end or go lower; null when no commitment runs."]

    @strawberry.field(description="Its id.")
    def id(root: Parent[item.Item]) -> strawberry.ID:
        return strawberry.ID(root.id)

    @strawberry.field(description="The plan it is on.")
    def plan(root: Parent[item.Item]) -> Plan:
        return Listing(root.plan, root.today, root.currency)

    @strawberry.field(description="The term its price pays for.")
    def term(root: Parent[item.Item]) -> Period | None:
        return root.held.term

    @strawberry.field(description="Day by day, what it was in a billing period, what is billed of it, and why; empty before it was there.")
    async def billed_days(root: Parent[item.Item], info: Info, period: WhichPeriod = Which.CURRENT, on: OnDay = None) -> list[BilledDay]:
        return await billed_days(info.context, root, period, on)


@window(item.Item, when=lambda value: value.plan.kind is Kind.PACKAGE)
class Package(Item):
    """A package an account holds, held, or will hold."""

    representatives: Annotated[int, "How many representatives it has."]
    representatives_in_use: Annotated[int | None, "How many of them are in use, as the product counted last; null before it did."]
    chatbot_limit: Annotated[int, "Chatbot sessions included per billing period."]

    @strawberry.field(description="Its type: the plan's name.")
    def type(root: Parent[item.Item], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.plan.name(locale or info.context.locale)


@window(item.Item, when=lambda value: value.plan.kind is Kind.ADD_ON)
class AddOn(Item):
    """An add-on an account holds, held, or will hold."""

    @strawberry.field(description="Its name.")
    def name(root: Parent[item.Item], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.plan.name(locale or info.context.locale)
