"""Packages and add-ons."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import item, timeline
from gateway.billing.catalog import Interval, Kind, Listing
from gateway.billing.item import Status
from gateway.billing.texts import say

from .catalog import Plan, Price
from .info import Info
from .money import LocaleArgument, Period
from .window import interface, window


@window(timeline.Scheduled)
class ScheduledChange:
    """A change that will act on a day to come; what is null stays as it is by then."""

    on: Annotated[datetime.date, "The day it acts, as the day begins."]
    ends: Annotated[bool, "Whether the package or add-on ends."]
    interval: Annotated[Interval | None, "The interval it changes to."]

    @strawberry.field(description="Its id, by which it can be undone.")
    def id(root: Parent[timeline.Scheduled]) -> strawberry.ID:
        return strawberry.ID(root.id)

    @strawberry.field(description="How many representatives it changes to.")
    def representatives(root: Parent[timeline.Scheduled]) -> int | None:
        return root.quantity

    @strawberry.field(description="Why it was scheduled, where that was not asked for: the plan it is on is no longer offered.")
    def reason(root: Parent[timeline.Scheduled], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str | None:
        if root.retires is None:
            return None
        return say("{plan} is no longer offered.", locale or info.context.locale, plan=root.retires)

    @strawberry.field(description="Code of the plan it changes to.")
    def plan(root: Parent[timeline.Scheduled]) -> strawberry.ID | None:
        return strawberry.ID(root.plan) if root.plan is not None else None


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
