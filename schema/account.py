"""Accounts."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing.books import Books
from gateway.billing.catalog import Kind
from gateway.billing.forecast import Which
from gateway.billing.item import Item, Status
from gateway.billing.own_price import OwnListing
from resolvers import pages

from .calendar import UpcomingCalendar
from .catalog import Plan
from .credit import CreditConnection, CreditEdge
from .discount import Discount
from .forecast import Forecast
from .granted import OwnPrice, Trial
from .info import Info
from .invoice import Invoice, InvoiceConnection, InvoiceEdge
from .item import AddOn, Package
from .journal import JournalConnection, JournalEdge
from .money import Money
from .node import Node
from .page import After, First, PageInfo, bad_cursor, checked, cursor, page_info, place
from .scalars import CurrencyCode, Locale, TimeZone
from .tax_identity import TaxIdentity
from .window import window

IncludeEnded = Annotated[bool, strawberry.argument(description="Whether to list those that have ended too; they can be brought back.")]


@window(Books)
class Account(Node):
    """Who is billed: what they hold, what it will cost, what it has cost."""

    @strawberry.field(description="Its id.")
    def id(root: Parent[Books]) -> strawberry.ID:
        return strawberry.ID(root.account.id)

    @strawberry.field(description="Who is billed, as shown on invoices.")
    def name(root: Parent[Books]) -> str:
        return root.account.name

    @strawberry.field(description="The currency it is billed in.")
    def currency(root: Parent[Books]) -> CurrencyCode:
        return CurrencyCode(root.account.currency)

    @strawberry.field(description="The time zone its days begin in.")
    def time_zone(root: Parent[Books]) -> TimeZone:
        return TimeZone(root.calendar.zone)

    @strawberry.field(description="The day of the month on which its billing periods begin.")
    def anchor_day(root: Parent[Books]) -> int:
        return root.calendar.anchor

    @strawberry.field(description="The calendar that was asked for and comes into force at the next cut-off; null when it stays.")
    def upcoming_calendar(root: Parent[Books]) -> UpcomingCalendar | None:
        return root.upcoming

    @strawberry.field(description="The language its documents are written in.")
    def locale(root: Parent[Books]) -> Locale:
        return Locale(root.account.locale)

    @strawberry.field(description="Who it is to the tax office; null while nobody said so, and its bills are net.")
    def tax_identity(root: Parent[Books]) -> TaxIdentity | None:
        standing = root.standing
        return TaxIdentity(identity=standing.tax, account=root.account) if standing.tax else None

    @strawberry.field(description="When it was opened.")
    def opened_at(root: Parent[Books]) -> datetime.datetime:
        return root.account.opened_at

    @strawberry.field(description="When it was closed for good; null while it is open.")
    def closed_at(root: Parent[Books]) -> datetime.datetime | None:
        return root.account.closed_at

    @strawberry.field(description="How many commands were performed on it; every change makes it one more.")
    def revision(root: Parent[Books]) -> int:
        return root.account.revision

    @strawberry.field(description="Its packages, in the order they were first had.")
    def packages(root: Parent[Books], include_ended: IncludeEnded = True) -> list[Package]:
        return _items(root.packages, include_ended)

    @strawberry.field(description="One of its packages.")
    def package(root: Parent[Books], id: Annotated[strawberry.ID, strawberry.argument(description="The package.")]) -> Package | None:
        return next((item for item in root.packages if item.id == id), None)

    @strawberry.field(description="Its add-ons, in the order they were first had.")
    def add_ons(root: Parent[Books], include_ended: IncludeEnded = True) -> list[AddOn]:
        return _items(root.add_ons, include_ended)

    @strawberry.field(description="Add-ons it could take: on sale, and not in use.")
    def available_add_ons(root: Parent[Books]) -> list[Plan]:
        in_use = {item.plan.code for item in root.add_ons if item.status is not Status.ENDED}
        plans = root.catalog.on_sale(Kind.ADD_ON, root.today)
        return [OwnListing(plan, root.today, root.account.currency, root.prices.own) for plan in plans if plan.code not in in_use]

    @strawberry.field(description="Its own prices that are in force or will be, in the order they were set.")
    def own_prices(root: Parent[Books]) -> list[OwnPrice]:
        return list(root.own_prices)

    @strawberry.field(description="What it has free of charge for a time, until that is over.")
    def trials(root: Parent[Books]) -> list[Trial]:
        return list(root.trials)

    @strawberry.field(description="The discounts it has for the running period, in the order of their redemption.")
    def discounts(root: Parent[Books]) -> list[Discount]:
        return list(root.discounts)

    @strawberry.field(description="What the running or the next period's invoice is so far, and is expected to be.")
    def forecast(
        root: Parent[Books], period: Annotated[Which, strawberry.argument(description="Which period.")] = Which.CURRENT
    ) -> Forecast:
        return root.forecast(period)

    @strawberry.field(description="Its credit, without what bills of periods that are over and not cut yet will use of it.")
    def credit(root: Parent[Books]) -> Money:
        return root.credit

    @strawberry.field(description="What moved its credit, newest first.")
    async def credit_history(root: Parent[Books], info: Info, first: First = 20, after: After = strawberry.UNSET) -> CreditConnection:
        try:
            page = await pages.credit(info.context, root.account.id, checked(first), place(after))
        except ValueError:
            raise bad_cursor() from None
        edges = [CreditEdge(cursor=cursor(f"{each.revision}.{each.position}"), node=each) for each in page.rows]
        return CreditConnection(edges=edges, page_info=page_info([edge.cursor for edge in edges], page.more, after))

    @strawberry.field(description="Past invoices, newest first.")
    async def past_invoices(root: Parent[Books], info: Info, first: First = 20, after: After = strawberry.UNSET) -> InvoiceConnection:
        try:
            page = await pages.invoices(info.context, root.account.id, checked(first), place(after))
        except ValueError:
            raise bad_cursor() from None
        edges = [InvoiceEdge(cursor=cursor(each.period_start.isoformat()), node=each) for each in page.rows]
        info_ = page_info([edge.cursor for edge in edges], page.more, after)
        return InvoiceConnection(account_id=root.account.id, edges=edges, page_info=info_)

    @strawberry.field(description="One past invoice by its number.")
    async def invoice(
        root: Parent[Books], info: Info, number: Annotated[str, strawberry.argument(description="The invoice's number.")]
    ) -> Invoice | None:
        return await info.context.loaders.numbers.load((root.account.id, number))

    @strawberry.field(description="What was done to the account, newest first.")
    async def history(root: Parent[Books], info: Info, first: First = 20, after: After = strawberry.UNSET) -> JournalConnection:
        try:
            page = await pages.entries(info.context, root.account.id, checked(first), place(after))
        except ValueError:
            raise bad_cursor() from None
        edges = [JournalEdge(cursor=cursor(str(each.revision)), node=each) for each in page.rows]
        # Every entry made the revision one more, and the first one made it 1.
        total, info_ = root.account.revision, page_info([edge.cursor for edge in edges], page.more, after)
        return JournalConnection(total=total, edges=edges, page_info=info_)


def _items(items: tuple[Item, ...], include_ended: bool) -> list[Item]:
    return [item for item in items if include_ended or item.status is not Status.ENDED]


@strawberry.type(description="An account and its place in the list.")
class AccountEdge:
    """An account and its place in the list."""

    cursor: str = strawberry.field(description="Its place.")
    node: Account = strawberry.field(description="The account.")


@strawberry.input(description="Which accounts to list.")
class AccountFilter:
    """Which accounts to list."""

    currency: CurrencyCode | None = strawberry.field(default=strawberry.UNSET, description="Only those billed in this currency.")
    closed: bool | None = strawberry.field(default=strawberry.UNSET, description="Only those that are closed, or only those that are not.")


def chosen(filter: AccountFilter) -> tuple[str | None, bool | None]:
    """The currency and the state to list, None where any will do."""
    return filter.currency or None, filter.closed if isinstance(filter.closed, bool) else None


@strawberry.type(description="A page of accounts, in order of id.")
class AccountConnection:
    """A page of accounts, in order of id."""

    filter: strawberry.Private[AccountFilter]
    edges: list[AccountEdge] = strawberry.field(description="The accounts with their places.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @strawberry.field(description="The accounts.")
    def nodes(root: Parent["AccountConnection"]) -> list[Account]:
        return [edge.node for edge in root.edges]

    @strawberry.field(description="How many there are in all.")
    async def total_count(root: Parent["AccountConnection"], info: Info) -> int:
        return await pages.account_count(info.context, *chosen(root.filter))
