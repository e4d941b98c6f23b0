"""Discounts an account has."""

import datetime
import decimal
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import discount
from gateway.billing.discount import Duration
from gateway.billing.texts import in_language

from .info import Info
from .money import LocaleArgument, Money
from .window import window


def percentage(millionths: int | None) -> decimal.Decimal | None:
    """Millionths of a percent, in percent."""
    return None if millionths is None else decimal.Decimal(discount.percent_text(millionths))


@window(discount.HeldDiscount)
class Discount:
    """A discount an account has. It is for whole billing periods; discounts stack in the order of their redemption."""

    ends_on: Annotated[datetime.date | None, "The first day it is no longer for; null when it waits for its one bill, or lasts for ever."]

    @strawberry.field(description="Its id.")
    def id(root: Parent[discount.HeldDiscount]) -> strawberry.ID:
        return strawberry.ID(root.redemption.id)

    @strawberry.field(description="The code it was redeemed by; null when an operator granted it.")
    def code(root: Parent[discount.HeldDiscount]) -> str | None:
        return root.redemption.code

    @strawberry.field(description="What it is called.")
    def name(root: Parent[discount.HeldDiscount], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return in_language(root.redemption.terms.names, locale or info.context.locale)

    @strawberry.field(description="So much percent off; null when it is an amount.")
    def percent(root: Parent[discount.HeldDiscount]) -> decimal.Decimal | None:
        return percentage(root.redemption.terms.percent)

    @strawberry.field(description="So much off each bill; null when it is a percentage.")
    def nominal(root: Parent[discount.HeldDiscount]) -> Money | None:
        return root.nominal

    @strawberry.field(description="Codes of the plans it is for; the whole bill when there is none.")
    def plans(root: Parent[discount.HeldDiscount]) -> list[strawberry.ID]:
        return [strawberry.ID(plan) for plan in root.redemption.terms.plans]

    @strawberry.field(description="How long it lasts.")
    def duration(root: Parent[discount.HeldDiscount]) -> Duration:
        return root.redemption.terms.duration

    @strawberry.field(description="For how many billing periods it still is, the running one included; null unless it is for so many.")
    def periods_left(root: Parent[discount.HeldDiscount]) -> int | None:
        return root.redemption.left

    @strawberry.field(description="The day it was redeemed or granted.")
    def redeemed_on(root: Parent[discount.HeldDiscount]) -> datetime.date:
        return root.redemption.redeemed_on
