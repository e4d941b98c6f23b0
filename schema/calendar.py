"""Billing calendars."""

import datetime

import strawberry
from strawberry import Parent

from gateway.billing.era import Era

from .money import Period
from .scalars import TimeZone
from .window import window


@window(Era)
class UpcomingCalendar:
    """The time zone and anchor day that come into force at the next cut-off, and the first period under them."""

    @strawberry.field(description="The time zone its days will begin in.")
    def time_zone(root: Parent[Era]) -> TimeZone:
        return TimeZone(root.zone)

    @strawberry.field(description="The day of the month on which its billing periods will begin.")
    def anchor_day(root: Parent[Era]) -> int:
        return root.anchor

    @strawberry.field(description="The first day of it.")
    def begins_on(root: Parent[Era]) -> datetime.date:
        return root.on

    @strawberry.field(description="The instant it comes into force: the cut-off of the running period, by the calendar of that one.")
    def begins_at(root: Parent[Era]) -> datetime.datetime:
        return root.since

    @strawberry.field(description="The first billing period under it; it ends at the new anchor, so it may be shorter than a month.")
    def first_period(root: Parent[Era]) -> Period:
        return root.period(root.on)
