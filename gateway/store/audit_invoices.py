"""An account's stored invoices beside what its journal says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.facts import Cut, Fact, Issued
from gateway.billing.invoice import InvoiceStatus

from .finding import What
from .tables import invoice

_MOST_STRAYS = 100
_FIGURES = (("discount", "discounts"), ("tax", "tax"))


class Invoices:
    """The invoices of one account, read as the journal's pages are turned."""

    def __init__(self, connection: Connection, account_id: str, tell: Callable[[What, str], None]) -> None:
        self._connection, self._account_id, self._mine, self._tell = connection, account_id, invoice.c.account_id == account_id, tell
        self._rows: dict[str, Any] = {}
        self._drafts: dict[str, tuple[Any, Cut]] = {}
        self._cut: set[str] = set()
        self.seen = 0

    def turn_to(self, facts: Sequence[Fact]) -> None:
        """Read those these facts cut."""
        named = [fact.invoice for fact in facts if isinstance(fact, Cut) and fact.invoice is not None]
        rows = self._connection.execute(select(invoice).where(self._mine, invoice.c.invoice_id.in_(named))) if named else ()
        self._rows = {row.invoice_id: row for row in rows}
        self.seen += len(self._rows)

    def compare_cut(self, cut: Cut, owner: Account | None) -> None:
        """Compare an invoice with the fact that it was cut, and its document with itself."""
        if cut.invoice is None:
            return
        self._cut.add(cut.invoice)
        row = self._rows.pop(cut.invoice, None)
        if row is None:
            self._tell(What.INVOICE, f"{cut.invoice} of the period from {cut.period.start} is missing")
            return
        self._drafts[cut.invoice] = (row, cut)
        self._differs(row, {"period_start": cut.period.start, "period_end": cut.period.end, "digest": cut.digest})
        if owner is not None:
            self._differs(row, {"currency": owner.currency})
        if sha256(row.document).hexdigest() != cut.digest:
            self._tell(What.DOCUMENT, f"the document of {cut.invoice} is not the one that was cut")
            totals = {"row": row.total, "journal": cut.total}
        else:
            said = orjson.loads(row.document)
            self._differs_in_figures(cut, {name: sum(_amounts(said, key)) for name, key in _FIGURES} | {"credit": said.get("credit", 0)})
            totals = {**_steps(said), "due": said["due"], "row": row.total, "journal": cut.total}
            self._about(row, said)
        if len(set(totals.values())) > 1:
            says = ", ".join(f"{name} {value}" for name, value in totals.items())
            self._tell(What.INVOICE, f"the totals of {cut.invoice} disagree: {says}")

    def compare_issue(self, issued: Issued, books: Books | None, *, whole: bool) -> None:
        """Compare an invoice with the fact that it was issued; one whose cut is unknown tells nothing where the journal is broken."""
        row, cut = self._drafts.pop(issued.invoice, (None, None))
        if row is None or cut is None:
            if whole and issued.invoice not in self._cut:
                self._tell(What.INVOICE, f"{issued.invoice} was issued, and never cut")
            return
        self._differs(row, {"number": issued.number, "issued_at": issued.at})
        if books is not None and whole:  # beyond a break the calendar may be another
            self._differs(row, {"issued_on": books.almanac.today(issued.at)})
        if row.due_on is None or row.issued_on is None or row.due_on < row.issued_on:
            self._tell(What.INVOICE, f"due_on of {row.invoice_id} is {row.due_on}, and it was issued on {row.issued_on}")
        unpaid = (InvoiceStatus.OPEN, InvoiceStatus.PAST_DUE, InvoiceStatus.UNCOLLECTIBLE)
        impossible = (InvoiceStatus.DRAFT, *(unpaid if cut.total == 0 else ()))
        if row.status not in tuple(InvoiceStatus) or row.status in impossible:
            self._tell(What.INVOICE, f"status of {row.invoice_id} is {row.status}, and it was issued over {cut.total}")

    def end(self) -> None:
        """Look at those not issued yet, and tell of those that no entry cut."""
        for row, _ in self._drafts.values():
            self._differs(row, {"number": None, "issued_at": None, "status": InvoiceStatus.DRAFT.value})
        found = self._connection.execute(select(func.count()).where(self._mine)).scalar_one()
        if found > self.seen:
            unknown = select(invoice.c.invoice_id).where(self._mine).order_by(invoice.c.invoice_id)
            strays = [each for each in self._connection.execute(unknown).scalars() if each not in self._cut]
            for stray in strays[:_MOST_STRAYS]:
                self._tell(What.INVOICE, f"{stray} stands in no entry of the journal")

    def _about(self, row: Any, said: dict[str, Any]) -> None:
        """The document is about this account, invoice, period and currency."""
        period = (said["period"]["start"], said["period"]["end"])
        about = (said["invoice"], said["account"]["id"], said["currency"], *period)
        if about != (row.invoice_id, self._account_id, row.currency, row.period_start.isoformat(), row.period_end.isoformat()):
            self._tell(What.DOCUMENT, f"the document of {row.invoice_id} is about something else: {', '.join(map(str, about))}")

    def _differs_in_figures(self, cut: Cut, said: dict[str, int]) -> None:
        for name, amount in said.items():
            if getattr(cut, name) != amount:
                self._tell(What.INVOICE, f"the {name} of {cut.invoice} is {amount}, and by the journal {getattr(cut, name)}")

    def _differs(self, row: Any, expected: dict[str, object]) -> None:
        for name, value in expected.items():
            if getattr(row, name) != value:
                self._tell(What.INVOICE, f"{name} of {row.invoice_id} is {getattr(row, name)}, and by the journal {value}")


def _amounts(said: Any, key: str) -> list[int]:
    return [each["amount"]["minor"] for each in said.get(key, ())]


def _steps(said: Any) -> dict[str, int]:
    """What is due by each total that the document says, gone on from there to the end in the order of rules §5.

    Documents from before there were discounts, tax and credit say fewer totals.
    """
    discounts, tax = sum(_amounts(said, "discounts")), sum(_amounts(said, "tax"))
    credit = said.get("credit", 0)
    lines = sum(line["amount"] for line in said["lines"])
    subtotal, gross = said.get("subtotal", lines), said.get("gross", said["net"] + tax)
    return {
        "lines": lines - discounts + tax - credit,
        "subtotal": subtotal - discounts + tax - credit,
        "net": said["net"] + tax - credit,
        "gross": gross - credit,
    }
