"""Reading invoices: pages for any number of accounts in one statement, documents by id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from gateway.billing.bill import Bill
from gateway.billing.invoice import Invoice, InvoiceStatus, billed
from gateway.billing.money import Money

from .tables import invoice

_COLUMNS = tuple(column for column in invoice.c if column.name not in ("document", "digest"))


def _invoice(row: Any) -> Invoice:
    return Invoice(
        account_id=row.account_id,
        id=row.invoice_id,
        number=row.number,
        period_start=row.period_start,
        period_end=row.period_end,
        total=Money(row.total, row.currency),
        stored=InvoiceStatus(row.status),
        issued_at=row.issued_at,
        issued_on=row.issued_on,
        due_on=row.due_on,
    )


def newest(connection: Connection, account_ids: Sequence[str], first: int, before: date | None = None) -> dict[str, list[Invoice]]:
    """Each account's newest `first` invoices, of periods that started before a day; newest first."""
    place = func.row_number().over(partition_by=invoice.c.account_id, order_by=invoice.c.period_start.desc()).label("place")
    wanted: list[ColumnElement[bool]] = [invoice.c.account_id.in_(account_ids)]
    if before is not None:
        wanted.append(invoice.c.period_start < before)
    ranked = select(*_COLUMNS, place).where(*wanted).subquery()
    found: dict[str, list[Invoice]] = {}
    for row in connection.execute(select(ranked).where(ranked.c.place <= first).order_by(ranked.c.account_id, ranked.c.place)):
        found.setdefault(row.account_id, []).append(_invoice(row))
    return found


def count(connection: Connection, account_ids: Sequence[str]) -> dict[str, int]:
    """How many invoices each account has."""
    rows = connection.execute(
        select(invoice.c.account_id, func.count()).where(invoice.c.account_id.in_(account_ids)).group_by(invoice.c.account_id)
    )
    return {row[0]: row[1] for row in rows}


def by_id(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Invoice]:
    """Invoices by (account, invoice id)."""
    rows = connection.execute(select(*_COLUMNS).where(tuple_(invoice.c.account_id, invoice.c.invoice_id).in_(keys)))
    return {(row.account_id, row.invoice_id): _invoice(row) for row in rows}


def owners(connection: Connection, invoice_ids: Sequence[str]) -> dict[str, str]:
    """Whose each invoice is."""
    rows = connection.execute(select(invoice.c.invoice_id, invoice.c.account_id).where(invoice.c.invoice_id.in_(invoice_ids)))
    return {row[0]: row[1] for row in rows}


def by_number(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Invoice]:
    """Invoices by (account, number)."""
    rows = connection.execute(select(*_COLUMNS).where(tuple_(invoice.c.account_id, invoice.c.number).in_(keys)))
    return {(row.account_id, row.number): _invoice(row) for row in rows}


def bills(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Bill]:
    """What invoices say, by (account, invoice id), from their documents."""
    found = connection.execute(
        select(invoice.c.account_id, invoice.c.invoice_id, invoice.c.document).where(
            tuple_(invoice.c.account_id, invoice.c.invoice_id).in_(keys)
        )
    )
    return {(row.account_id, row.invoice_id): billed(row.document) for row in found}
