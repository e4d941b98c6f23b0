"""The day ledger."""

import datetime
import decimal
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import billed_day
from gateway.billing.billed_day import Reason
from gateway.billing.catalog import Interval
from gateway.billing.texts import in_language

from .bill import BillLine
from .info import Info
from .money import LocaleArgument, Money
from .window import window


@window(billed_day.DayState)
class DayState:
    """A state a package or an add-on was in on a day."""

    representatives: Annotated[int, "How many representatives it had; 1 for add-ons."]
    interval: Annotated[Interval, "The interval it was priced by."]
    since: Annotated[datetime.datetime, "When it began within the day."]
    until: Annotated[datetime.datetime, "When it ended, the day's end at the latest."]
    billed: Annotated[bool, "Whether the day, or by seconds this part of it, is billed as this state."]

    @strawberry.field(description="Code of the plan.")
    def plan(root: Parent[billed_day.DayState]) -> strawberry.ID:
        return strawberry.ID(root.plan)

    @strawberry.field(description="The plan's name, as it is today.")
    def name(root: Parent[billed_day.DayState], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return in_language(root.names, locale or info.context.locale)


@window(billed_day.DayShare)
class DayShare:
    """What a day adds to a line of the bill. The amounts of a line's days add up to the line to the cent."""

    line: Annotated[BillLine, "The line."]
    formula: Annotated[str, "The day's exact share, as one would type it into a calculator."]
    exact: Annotated[decimal.Decimal, "The same before rounding to money, to ten decimals of the smallest unit."]
    amount: Annotated[Money, "By how much the line's rounded amount grows on this day."]


@window(billed_day.BilledDay)
class BilledDay:
    """One day of a package or an add-on: what it saw, what is billed of it, and why."""

    on: Annotated[datetime.date, "The day."]
    since: Annotated[datetime.datetime, "The instant it begins."]
    until: Annotated[datetime.datetime, "The instant the next one begins."]
    expected: Annotated[bool, "Whether the day is still to come."]
    reason: Annotated[Reason, "Why it is billed as it is."]
    states: Annotated[list[DayState], "The states it saw, in order."]
    shares: Annotated[list[DayShare], "What it adds to which lines; empty when nothing is billed."]

    @strawberry.field(description="Why, in words.")
    def because(root: Parent[billed_day.BilledDay], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.reason.text(locale or info.context.locale)
