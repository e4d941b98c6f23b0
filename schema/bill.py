"""Bills."""

from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import bill
from gateway.billing.catalog import Interval

from .info import Info
from .journal import JournalEntry
from .money import LocaleArgument, Money, Period, UnitPrice
from .window import window


@window(bill.Line)
class BillLine:
    """One part of one package or add-on over one run of days, and how its amount came about."""

    plan: Annotated[strawberry.ID, "Code of the plan."]
    interval: Annotated[Interval, "The interval it is priced by."]
    part: Annotated[str, "Which part of the price: `base`, or `representatives` beyond those included."]
    quantity: Annotated[int, "How many units of the part."]
    representatives: Annotated[int, "How many representatives the package had."]
    days: Annotated[Period, "The days that are billed."]
    formula: Annotated[str, "The arithmetic behind the amount; each product is rounded half up to the smallest unit."]
    convention: Annotated[str, "The rule that says which days are billed."]
    amount: Annotated[Money, "What is owed."]

    @strawberry.field(description="The package or add-on.")
    def item(root: Parent[bill.Line]) -> strawberry.ID:
        return strawberry.ID(root.item)

    @strawberry.field(description="The price of one unit for the whole term.")
    def unit_price(root: Parent[bill.Line]) -> UnitPrice:
        return root.rate

    @strawberry.field(description="What it is for, in words.")
    def description(root: Parent[bill.Line], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return root.description(locale or info.context.locale)

    @strawberry.field(description="The journal entries it comes from.")
    async def because(root: Parent[bill.Line], info: Info) -> list[JournalEntry]:
        found = await info.context.loaders.entries.load_many([(root.account, revision) for revision in root.because])
        return [entry for entry in found if entry is not None]


@window(bill.Bill)
class Bill:
    """What a period costs: lines and totals."""

    period: Annotated[Period, "The billing period."]
    lines: Annotated[list[BillLine], "What is billed, in the order things were first had."]
    net: Annotated[Money, "The sum of the lines."]
    due: Annotated[Money, "What is to be paid."]
