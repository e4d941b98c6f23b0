"""Scheduled changes."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import timeline
from gateway.billing.catalog import Interval
from gateway.billing.texts import say

from .info import Info
from .money import LocaleArgument
from .window import window


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
