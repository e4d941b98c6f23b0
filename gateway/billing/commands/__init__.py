"""Commands: one small pure file per verb. The only way to write.

A command is a frozen dataclass whose fields say what is asked, and a function from Books to Books that adds
facts, or refuses. From the class come its GraphQL input, its result union, its preview, its journal entry and
its idempotency fingerprint.
"""

from .add_add_on import AddAddOn
from .add_package import AddPackage
from .cancel_package import CancelPackage
from .change_billing_calendar import ChangeBillingCalendar
from .change_package import ChangePackage
from .close_account import CloseAccount
from .command import Command, Right, apply
from .cut_period import CutPeriod
from .issue_invoice import IssueInvoice
from .open_account import OpenAccount
from .reactivate_package import ReactivatePackage
from .remove_add_on import RemoveAddOn
from .undo_scheduled_change import UndoScheduledChange

__all__ = [
    "AddAddOn",
    "AddPackage",
    "CancelPackage",
    "ChangeBillingCalendar",
    "ChangePackage",
    "CloseAccount",
    "Command",
    "CutPeriod",
    "IssueInvoice",
    "OpenAccount",
    "ReactivatePackage",
    "RemoveAddOn",
    "Right",
    "UndoScheduledChange",
    "apply",
]
