"""Everything that can be done."""

from typing import Annotated

import strawberry

from gateway.billing import commands
from resolvers.perform import Performed

from . import query  # noqa: F401 - first, for it says which verbs have a preview, and so take a quote
from .discount import Discount
from .item import AddOn, Package
from .verb import Outcome, outcome, verb


@outcome(of=commands.OpenAccount)
class AccountOpened(Outcome):
    """An account was opened."""


@outcome(of=commands.CloseAccount)
class AccountClosed(Outcome):
    """An account was closed for good, and its last invoice cut."""


@outcome(of=commands.ChangeBillingCalendar)
class BillingCalendarChanged(Outcome):
    """The time zone or the anchor day will change at the next cut-off, or will not after all."""


def _item(root: Performed) -> object:
    return root.item


_PACKAGE = "The package as it is now; null when it has not begun and never will."
_ADD_ON = "The add-on as it is now; null when it has not begun and never will."


@outcome(of=commands.AddPackage)
class PackageAdded(Outcome):
    """A package was added, or its start scheduled."""

    package: Package | None = strawberry.field(resolver=_item, description=_PACKAGE)


@outcome(of=commands.ChangePackage)
class PackageChanged(Outcome):
    """A package was changed, or the change scheduled."""

    package: Package | None = strawberry.field(resolver=_item, description=_PACKAGE)


@outcome(of=commands.CancelPackage)
class PackageCancelled(Outcome):
    """A package was ended, or its end scheduled."""

    package: Package | None = strawberry.field(resolver=_item, description=_PACKAGE)


@outcome(of=commands.ReactivatePackage)
class PackageReactivated(Outcome):
    """A package is back, or will be, or will not end after all."""

    package: Package | None = strawberry.field(resolver=_item, description=_PACKAGE)


@outcome(of=commands.UndoScheduledChange)
class ScheduledChangeUndone(Outcome):
    """A scheduled change will not act."""

    scheduled_id: Annotated[strawberry.ID, "x"] = strawberry.field(
        resolver=lambda root: root.command.scheduled_id, description="The scheduled change."
    )


@outcome(of=commands.AddAddOn)
class AddOnAdded(Outcome):
    """An add-on was added or brought back, or that was scheduled."""

    add_on: AddOn | None = strawberry.field(resolver=_item, description=_ADD_ON)


@outcome(of=commands.RemoveAddOn)
class AddOnRemoved(Outcome):
    """An add-on was ended, or its end scheduled."""

    add_on: AddOn | None = strawberry.field(resolver=_item, description=_ADD_ON)


def _discount(root: Performed) -> object:
    return root.discount


_DISCOUNT = "The discount as the account has it; null when it is over by now."


@outcome(of=commands.ApplyDiscount)
class DiscountApplied(Outcome):
    """A discount code was redeemed."""

    discount: Discount | None = strawberry.field(resolver=_discount, description=_DISCOUNT)


@outcome(of=commands.GrantDiscount)
class DiscountGranted(Outcome):
    """An account was given a discount."""

    discount: Discount | None = strawberry.field(resolver=_discount, description=_DISCOUNT)


@outcome(of=commands.EndDiscount)
class DiscountEnded(Outcome):
    """A discount was taken back."""

    redemption_id: Annotated[strawberry.ID, "x"] = strawberry.field(
        resolver=lambda root: root.command.redemption_id, description="The discount."
    )


@outcome(of=commands.GrantCredit)
class CreditGranted(Outcome):
    """An account was given credit."""


@outcome(of=commands.RevokeCredit)
class CreditRevoked(Outcome):
    """Credit was taken back."""


@outcome(of=commands.SetTaxIdentity)
class TaxIdentitySet(Outcome):
    """It was said who the account is to the tax office."""


@outcome(of=commands.SetTaxExemption)
class TaxExemptionSet(Outcome):
    """The account was exempted from tax, or its exemption ended."""
@outcome(of=commands.ReportRepresentatives)
class RepresentativesReported(Outcome):
    """A count of representatives in use was noted."""

    package: Package | None = strawberry.field(resolver=_item, description=_PACKAGE)


@outcome(of=commands.SetOwnPrice)
class OwnPriceSet(Outcome):
    """An account has a price of its own."""


@outcome(of=commands.EndOwnPrice)
class OwnPriceEnded(Outcome):
    """One of an account's own prices ends."""


@outcome(of=commands.GrantTrial)
class TrialGranted(Outcome):
    """An account has something free of charge for a time."""


@outcome(of=commands.EndTrial)
class TrialEnded(Outcome):
    """A trial ends before its time."""


@outcome(of=commands.MigratePlan)
class PlanMigrated(Outcome):
    """Packages on a retired plan will move to another."""


@strawberry.type(description="Everything that can be done. Each takes an idempotency key, and refuses with a typed error.")
class Mutation:
    """Everything that can be done."""

    open_account = verb(commands.OpenAccount, AccountOpened)
    close_account = verb(commands.CloseAccount, AccountClosed)
    change_billing_calendar = verb(commands.ChangeBillingCalendar, BillingCalendarChanged)
    add_package = verb(commands.AddPackage, PackageAdded)
    change_package = verb(commands.ChangePackage, PackageChanged)
    cancel_package = verb(commands.CancelPackage, PackageCancelled)
    reactivate_package = verb(commands.ReactivatePackage, PackageReactivated)
    undo_scheduled_change = verb(commands.UndoScheduledChange, ScheduledChangeUndone)
    add_add_on = verb(commands.AddAddOn, AddOnAdded)
    remove_add_on = verb(commands.RemoveAddOn, AddOnRemoved)
    apply_discount = verb(commands.ApplyDiscount, DiscountApplied)
    grant_discount = verb(commands.GrantDiscount, DiscountGranted)
    end_discount = verb(commands.EndDiscount, DiscountEnded)
    grant_credit = verb(commands.GrantCredit, CreditGranted)
    revoke_credit = verb(commands.RevokeCredit, CreditRevoked)
    set_tax_identity = verb(commands.SetTaxIdentity, TaxIdentitySet)
    set_tax_exemption = verb(commands.SetTaxExemption, TaxExemptionSet)
    set_own_price = verb(commands.SetOwnPrice, OwnPriceSet)
    end_own_price = verb(commands.EndOwnPrice, OwnPriceEnded)
    grant_trial = verb(commands.GrantTrial, TrialGranted)
    end_trial = verb(commands.EndTrial, TrialEnded)
    migrate_plan = verb(commands.MigratePlan, PlanMigrated)
    report_representatives = verb(commands.ReportRepresentatives, RepresentativesReported)
