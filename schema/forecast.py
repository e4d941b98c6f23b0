"""Forecasts, previews and the live estimate."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import forecast
from gateway.billing.forecast import Expectation

from .bill import Bill
from .info import Info
from .money import LocaleArgument, Money, Period
from .quote import Quote
from .window import window


@window(forecast.Forecast)
class Forecast:
    """What a period's invoice is so far, and what it is expected to be. The last one of a period is its invoice."""

    period: Annotated[Period, "The billing period."]
    status: Annotated[Expectation, "Whether an invoice is expected."]
    cut_off_on: Annotated[datetime.date, "The day on which, as it begins, the invoice is cut."]
    cut_off_at: Annotated[datetime.datetime, "The instant at which the invoice is cut."]
    as_of: Annotated[datetime.datetime, "The newest fact, or the start of the account's day, whichever is later; by seconds, now."]
    revision: Annotated[int, "The account's revision it was computed from."]
    so_far: Annotated[Bill, "With what has happened until now."]
    expected: Annotated[Bill, "With what stands now carried on to the period's end, and what is scheduled."]
    closing_bills: Annotated[
        list[Bill],
        "Bills of periods that are over and not cut yet, oldest first. The credit they claim is not there for this one any more.",
    ]


@window(forecast.Warning)
class Warning:
    """Something worth knowing; it stops nothing."""

    code: Annotated[str, "What it is about, for programs."]

    @strawberry.field(description="What it is about, in words.")
    def message(root: Parent[forecast.Warning], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.text(locale or info.context.locale)


@window(forecast.Preview)
class ChangePreview:
    """What a change would do to the running period's invoice. Nothing was changed."""

    before: Annotated[Forecast, "Without the change."]
    after: Annotated[Forecast, "With it: exactly what the same command would lead to now."]
    difference: Annotated[Money, "By how much the expected invoice moves."]
    effective_on: Annotated[datetime.date, "The first day on which the change acts."]
    warnings: Annotated[list[Warning], "What is worth knowing first."]
    quote: Annotated[Quote, "The same as an offer that can be held to."]
