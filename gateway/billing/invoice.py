"""Invoices: a bill that was cut, numbered and can never change (rules §9)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from .account import Account
from .bill import Bill, Deduction, Line, TaxLine
from .codec import Json, canonical, pack, unpack
from .dates import Period
from .money import Money
from .tax import TaxIdentity, TaxStatus


class InvoiceStatus(StrEnum):
    """Where an invoice stands. The document never changes, only this does."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    PAID = "PAID"
    PAST_DUE = "PAST_DUE"
    UNCOLLECTIBLE = "UNCOLLECTIBLE"
    VOID = "VOID"


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice that was cut and has no number yet: all that it says is copied into the document."""

    id: str
    bill: Bill
    document: bytes

    @property
    def digest(self) -> str:
        """What the journal remembers of the document."""
        return sha256(self.document).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice as the books of account show it; its lines are in the document."""

    account_id: str
    id: str
    number: str | None
    period_start: date
    period_end: date
    total: Money
    stored: InvoiceStatus
    issued_at: datetime | None
    issued_on: date | None
    due_on: date | None

    def status(self, now: datetime) -> InvoiceStatus:
        """Where it stands at an instant: one that is open is past due once its last day to pay is over, in UTC."""
        late = self.stored is InvoiceStatus.OPEN and self.due_on is not None and self.due_on < now.date()
        return InvoiceStatus.PAST_DUE if late else self.stored

    @property
    def due(self) -> Money:
        """What is still to be paid."""
        return self.total if self.stored in (InvoiceStatus.OPEN, InvoiceStatus.PAST_DUE) else Money(0, self.total.currency)


def draft(id: str, account: Account, bill: Bill, tax: TaxIdentity | None = None, id_known: bool = True) -> Draft:
    """Cut a bill: copy its lines, names and totals into a document, and who the account is to the tax office.

    `id_known` says that the present tax id belongs to that identity.
    """
    document: Json = {
        "invoice": id,
        "account": {"id": account.id, "name": account.name, **_tax_identity(account, tax, id_known)},
        "period": {"start": bill.period.start.isoformat(), "end": bill.period.end.isoformat(), "zone": account.zone},
        "currency": bill.currency,
        "lines": [{**pack(line), "amount": line.amount.minor, "formula": line.formula} for line in bill.lines],
        "subtotal": bill.subtotal.minor,
        "discounts": [pack(each) for each in bill.deductions],
        "net": bill.net.minor,
        "tax": [pack(each) for each in bill.taxes],
        "tax_status": bill.tax_status.value,
        "gross": bill.gross.minor,
        "credit": bill.credited,
        "due": bill.due.minor,
    }
    return Draft(id, bill, canonical(document))


def billed(document: bytes) -> Bill:
    """The bill that an invoice's document says; one written before there were discounts, tax and credit has none of them."""
    said: Json = json.loads(document)
    return Bill(
        period=Period(date.fromisoformat(said["period"]["start"]), date.fromisoformat(said["period"]["end"])),
        currency=said["currency"],
        lines=tuple(unpack(Line, line) for line in said["lines"]),
        deductions=tuple(unpack(Deduction, each) for each in said.get("discounts", ())),
        taxes=tuple(unpack(TaxLine, each) for each in said.get("tax", ())),
        tax_status=TaxStatus(said.get("tax_status", TaxStatus.NOT_CHARGED)),
        credited=said.get("credit", 0),
    )
def _tax_identity(account: Account, tax: TaxIdentity | None, id_known: bool) -> Json:
    if tax is None:
        return {}
    tax_id = {"tax_id": account.tax_id} if account.tax_id is not None and id_known else {}
    return {"country": tax.country, "kind": tax.kind.value, **tax_id}
