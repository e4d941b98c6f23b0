"""Quotes."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import bill, quote
from gateway.billing.tax import TaxStatus

from .bill import BillDiscount, BillLine, TaxLine
from .info import Info
from .money import Money, Period
from .window import window


@window(bill.Bill)
class QuotedBill:
    """What a period costs by contract: what recurs or is bought, discounts, and the tax on it. No credit, and no use to come."""

    period: Annotated[Period, "The billing period."]
    lines: Annotated[list[BillLine], "What will be billed."]
    subtotal: Annotated[Money, "The sum of the lines."]
    discount: Annotated[Money, "The sum of the discounts."]
    net: Annotated[Money, "What is left of the lines, before tax."]
    gross: Annotated[Money, "What it costs with tax."]
    tax_status: Annotated[TaxStatus, "What is known of the tax on it."]

    @strawberry.field(description="What is taken off, in the order it is.")
    def discounts(root: Parent[bill.Bill]) -> list[BillDiscount]:
        return list(root.deductions)

    @strawberry.field(description="The tax, rate by rate.")
    def tax(root: Parent[bill.Bill]) -> list[TaxLine]:
        return list(root.taxes)


@window(quote.Quote)
class Quote:
    """An offer that can be held to: sent with the same input, its token makes the change then and at these figures, or not at all."""

    effective_at: Annotated[datetime.datetime, "The instant at which the change is made, whenever it is sent."]
    expires_at: Annotated[datetime.datetime, "When the offer ends: after ten minutes, or with the running period."]
    current: Annotated[QuotedBill, "The running period with the change."]
    next: Annotated[QuotedBill, "The next period with the change."]

    @strawberry.field(description="What to send as `quote`. It can be read by whoever has it, and altered by nobody.")
    def token(root: Parent[quote.Quote], info: Info) -> str:
        return info.context.services.quotes.write(root.promise)
