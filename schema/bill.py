"""Bills."""

import decimal
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import bill
from gateway.billing.assessment import percent_text
from gateway.billing.catalog import Interval
from gateway.billing.tax import TaxNote, TaxSource, TaxStatus
from gateway.billing.texts import in_language

from .discount import percentage
from .info import Info
from .journal import JournalEntry
from .money import LocaleArgument, Money, Period, UnitPrice
from .window import window


@window(bill.Line)
class BillLine:
    """One part of one package or add-on over one run of days, and how its amount came about."""

    plan: Annotated[strawberry.ID, "Code of the plan."]
    interval: Annotated[Interval, "The interval it is priced by."]
    part: Annotated[
        str,
        "Which part of the price: `base`, or `representatives` beyond those included. Of a longer term that was left early: `early_end`, "
        "what the days used cost more by the month; or `rest_of_term` and `rest_of_term_representatives`, the days to its end. "
        "`beyond_rest_of_term` is what a state costs more than the one that was paid to the end.",
    ]
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


@window(bill.Deduction)
class BillDiscount:
    """What one discount takes off a bill."""

    code: Annotated[str | None, "The code it was redeemed by, if any."]
    amount: Annotated[Money, "How much it takes off."]
    nominal: Annotated[Money | None, "The amount it promises; null when it is a percentage."]
    base: Annotated[Money | None, "What was left of the lines it is for, when it was taken."]
    formula: Annotated[str, "The arithmetic behind the amount; rounded half up to the smallest unit."]

    @strawberry.field(description="The discount, as the account has or had it.")
    def redemption_id(root: Parent[bill.Deduction]) -> strawberry.ID:
        return strawberry.ID(root.redemption)

    @strawberry.field(description="So much percent; null when it is an amount.")
    def percent(root: Parent[bill.Deduction]) -> decimal.Decimal | None:
        return percentage(root.percent)

    @strawberry.field(description="Codes of the plans whose lines it comes off; all lines when there is none.")
    def plans(root: Parent[bill.Deduction]) -> list[strawberry.ID]:
        return [strawberry.ID(plan) for plan in root.plans]

    @strawberry.field(description="What it is called.")
    def name(root: Parent[bill.Deduction], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return in_language(root.names, locale or info.context.locale)


@window(bill.TaxLine)
class TaxLine:
    """The tax at one rate, rounded once."""

    category: Annotated[str, "The category of goods it is for."]
    base: Annotated[Money, "The net amount it is computed on."]
    amount: Annotated[Money, "How much tax that is."]
    source: Annotated[TaxSource, "Who said which rate it is."]
    notes: Annotated[list[TaxNote], "What else is to be known of it."]

    @strawberry.field(description="What it is called.")
    def name(root: Parent[bill.TaxLine], info: Info, locale: LocaleArgument = strawberry.UNSET) -> str:
        return in_language(root.names, locale or info.context.locale)

    @strawberry.field(description="The rate in percent, such as 25.5.")
    def percent(root: Parent[bill.TaxLine]) -> decimal.Decimal:
        return decimal.Decimal(percent_text(root.percent))


@window(bill.Bill)
class Bill:
    """What a period costs: lines and totals. subtotal − discount + tax − credit = due, always."""

    period: Annotated[Period, "The billing period."]
    lines: Annotated[list[BillLine], "What is billed, in the order things were first had."]
    subtotal: Annotated[Money, "The sum of the lines."]
    discount: Annotated[Money, "The sum of the discounts."]
    net: Annotated[Money, "What is left of the lines, before tax."]
    gross: Annotated[Money, "What it costs with tax."]
    credit: Annotated[Money, "Account credit that pays for a part of it; below zero what it adds to the credit."]
    due: Annotated[Money, "What is to be paid; never below zero."]
    tax_status: Annotated[TaxStatus, "What is known of the tax on it."]

    @strawberry.field(description="What is taken off, in the order it is.")
    def discounts(root: Parent[bill.Bill]) -> list[BillDiscount]:
        return list(root.deductions)

    @strawberry.field(description="The tax, rate by rate.")
    def tax(root: Parent[bill.Bill]) -> list[TaxLine]:
        return list(root.taxes)
