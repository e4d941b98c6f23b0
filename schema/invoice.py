"""Invoices."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing import dates, invoice
from gateway.billing.invoice import InvoiceStatus
from gateway.billing.tax import TaxStatus

from .bill import BillLine, TaxLine
from .info import Info
from .money import Money, Period
from .node import Node
from .page import PageInfo
from .window import window


@window(invoice.Invoice)
class Invoice(Node):
    """An invoice that was issued. What it says can never change; its status can."""

    number: Annotated[str | None, "Its number; null while it is a draft."]
    total: Annotated[Money, "What it amounts to."]
    issued_at: Annotated[datetime.datetime | None, "When it was issued."]
    issued_on: Annotated[datetime.date | None, "The day it was issued, in the account's time zone."]
    due_on: Annotated[datetime.date | None, "The last day to pay it."]

    @strawberry.field(description="The period it bills.")
    def period(root: Parent[invoice.Invoice]) -> Period:
        return dates.Period(root.period_start, root.period_end)

    @strawberry.field(description="Where it stands: whether it was paid.")
    def status(root: Parent[invoice.Invoice], info: Info) -> InvoiceStatus:
        return root.status(info.context.now)

    @strawberry.field(description="What is still to be paid.")
    def due(root: Parent[invoice.Invoice]) -> Money:
        return root.due

    @strawberry.field(description="What it bills.")
    async def lines(root: Parent[invoice.Invoice], info: Info) -> list[BillLine]:
        bill = await info.context.loaders.bills.load((root.account_id, root.id))
        return bill.lines if bill else ()

    @strawberry.field(description="What is left of the lines after discounts, before tax.")
    async def net(root: Parent[invoice.Invoice], info: Info) -> Money | None:
        bill = await info.context.loaders.bills.load((root.account_id, root.id))
        return bill.net if bill else None

    @strawberry.field(description="The tax on it, rate by rate.")
    async def tax(root: Parent[invoice.Invoice], info: Info) -> list[TaxLine]:
        bill = await info.context.loaders.bills.load((root.account_id, root.id))
        return bill.taxes if bill else ()

    @strawberry.field(description="What is known of the tax on it.")
    async def tax_status(root: Parent[invoice.Invoice], info: Info) -> TaxStatus | None:
        bill = await info.context.loaders.bills.load((root.account_id, root.id))
        return bill.tax_status if bill else None


@strawberry.type(description="An invoice and its place in the list.")
class InvoiceEdge:
    """An invoice and its place in the list."""

    cursor: str = strawberry.field(description="Its place.")
    node: Invoice = strawberry.field(description="The invoice.")


@strawberry.type(description="A page of invoices, newest first.")
class InvoiceConnection:
    """A page of invoices, newest first."""

    account_id: strawberry.Private[str]
    edges: list[InvoiceEdge] = strawberry.field(description="The invoices with their places.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @strawberry.field(description="The invoices.")
    def nodes(root: Parent["InvoiceConnection"]) -> list[Invoice]:
        return [edge.node for edge in root.edges]

    @strawberry.field(description="How many there are in all.")
    async def total_count(root: Parent["InvoiceConnection"], info: Info) -> int:
        return await info.context.loaders.invoice_counts.load(root.account_id) or 0
