"""Everything that can be asked."""

from typing import Annotated

import strawberry

from gateway.billing import commands
from gateway.billing.catalog import Assortment
from resolvers import lookup

from .account import Account, AccountConnection, AccountEdge, AccountFilter, chosen
from .catalog import Catalog
from .entitlements import Entitlements
from .info import Info
from .node import Node
from .page import After, First, checked, cursor, page_info, place
from .scalars import CurrencyCode
from .verb import looking
from .viewer import Viewer
from .what_if import comparing

AccountId = Annotated[strawberry.ID | None, strawberry.argument(description="The account; the token's own when left out.")]


@strawberry.type(description="Everything that can be asked.")
class Query:
    """Everything that can be asked."""

    @strawberry.field(description="Who this token stands for, and what it may do.")
    def viewer(self, info: Info) -> Viewer:
        return info.context.principal

    @strawberry.field(description="One account; null when there is none such, or it is not yours to see.")
    async def account(self, info: Info, id: AccountId = strawberry.UNSET) -> Account | None:
        return await lookup.account(info.context, id or None)

    @strawberry.field(description="Every account, for operators.")
    async def accounts(
        self,
        info: Info,
        first: First = 20,
        after: After = strawberry.UNSET,
        filter: Annotated[AccountFilter | None, strawberry.argument(description="Which accounts to list.")] = strawberry.UNSET,
    ) -> AccountConnection:
        wanted = filter or AccountFilter()
        page = await lookup.accounts(info.context, checked(first), place(after), *chosen(wanted))
        edges = [AccountEdge(cursor=cursor(books.account.id), node=books) for books in page.rows]
        return AccountConnection(filter=wanted, edges=edges, page_info=page_info([edge.cursor for edge in edges], page.more, after))

    @strawberry.field(description="Everything that is on sale.")
    async def catalog(
        self,
        info: Info,
        currency: Annotated[CurrencyCode | None, strawberry.argument(description="Only prices in this currency.")] = strawberry.UNSET,
    ) -> Catalog:
        return Assortment(await lookup.catalog(info.context), info.context.now.date(), currency or None)

    @strawberry.field(description="What a customer may use right now; null when the account is not yours to see.")
    async def entitlements(self, info: Info, account_id: AccountId = strawberry.UNSET) -> Entitlements | None:
        books = await lookup.account(info.context, account_id or None)
        return Entitlements(books=books) if books else None

    @strawberry.field(description="Something by its id; null when there is none such, or it is not yours to see.")
    async def node(self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]) -> Node | None:
        return await lookup.node(info.context, id)

    @strawberry.field(description="Several things by their ids, in that order; at most 100.")
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")]
    ) -> list[Node | None]:
        return await lookup.nodes(info.context, ids)

    preview_billing_calendar_change = looking(commands.ChangeBillingCalendar, "BillingCalendarChange")
    preview_package_addition = looking(commands.AddPackage, "PackageAddition")
    preview_package_change = looking(commands.ChangePackage, "PackageChange")
    preview_package_cancellation = looking(commands.CancelPackage, "PackageCancellation")
    preview_package_reactivation = looking(commands.ReactivatePackage, "PackageReactivation")
    preview_scheduled_change_undoing = looking(commands.UndoScheduledChange, "ScheduledChangeUndoing")
    preview_add_on_addition = looking(commands.AddAddOn, "AddOnAddition")
    preview_add_on_removal = looking(commands.RemoveAddOn, "AddOnRemoval")
    preview_discount = looking(commands.ApplyDiscount, "Discount")
    preview_discount_grant = looking(commands.GrantDiscount, "DiscountGrant")
    preview_discount_end = looking(commands.EndDiscount, "DiscountEnd")
    preview_credit_grant = looking(commands.GrantCredit, "CreditGrant")
    preview_credit_revocation = looking(commands.RevokeCredit, "CreditRevocation")
    preview_tax_identity = looking(commands.SetTaxIdentity, "TaxIdentity")
    preview_tax_exemption = looking(commands.SetTaxExemption, "TaxExemption")
    preview_own_price_setting = looking(commands.SetOwnPrice, "OwnPriceSetting")
    preview_own_price_ending = looking(commands.EndOwnPrice, "OwnPriceEnding")
    preview_trial_granting = looking(commands.GrantTrial, "TrialGranting")
    preview_trial_ending = looking(commands.EndTrial, "TrialEnding")
    preview_plan_migration = looking(commands.MigratePlan, "PlanMigration")

    what_if = comparing()
