"""Everything that can be done."""

from typing import Annotated

import strawberry

from gateway.billing import commands
from resolvers.perform import Performed

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


