"""Commands: one small pure file per verb. The only way to write.

A command is a frozen dataclass whose fields say what is asked, and a function from Books to Books that adds
facts, or refuses. From the class come its GraphQL input, its result union, its preview, its journal entry and
its idempotency fingerprint.
"""

from .add_add_on import AddAddOn
from .add_package import AddPackage
from .apply_discount import ApplyDiscount
from .cancel_package import CancelPackage
from .change_billing_calendar import ChangeBillingCalendar
from .change_package import ChangePackage
from .close_account import CloseAccount
from .command import Command, Right, apply
from .cut_period import CutPeriod
from .end_discount import EndDiscount
from .end_own_price import EndOwnPrice
from .end_trial import EndTrial
from .grant_credit import GrantCredit
from .grant_discount import GrantDiscount
from .grant_trial import GrantTrial
from .issue_invoice import IssueInvoice
from .migrate_plan import MigratePlan
from .open_account import OpenAccount
from .reactivate_package import ReactivatePackage
from .remove_add_on import RemoveAddOn
from .report_representatives import ReportRepresentatives
from .revoke_credit import RevokeCredit
from .set_own_price import SetOwnPrice
from .set_tax_exemption import SetTaxExemption
from .set_tax_identity import SetTaxIdentity
from .undo_scheduled_change import UndoScheduledChange

__all__ = [
    "AddAddOn",
    "AddPackage",
    "ApplyDiscount",
    "CancelPackage",
    "ChangeBillingCalendar",
    "ChangePackage",
    "CloseAccount",
    "Command",
    "CutPeriod",
    "EndDiscount",
    "EndOwnPrice",
    "EndTrial",
    "GrantCredit",
    "GrantDiscount",
    "GrantTrial",
    "IssueInvoice",
    "MigratePlan",
    "OpenAccount",
    "ReactivatePackage",
    "RemoveAddOn",
    "ReportRepresentatives",
    "RevokeCredit",
    "Right",
    "SetOwnPrice",
    "SetTaxExemption",
    "SetTaxIdentity",
    "UndoScheduledChange",
    "apply",
]
