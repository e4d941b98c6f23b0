"""Any month of an account as a picture: the running and the next one from its books, those gone by from their invoices."""

from __future__ import annotations

import re

from rich.console import RenderableType

from gateway.billing.bill import Bill
from gateway.billing.books import Books
from gateway.billing.dates import DAY, Period
from gateway.store import invoices

from .errands import Declined
from .explain import drawing
from .month import month as picture_of
from .services import Services


async def picture(services: Services, account_id: str, month: str | None, locale: str | None, width: int) -> RenderableType:
    """The picture of the period that begins in a month such as 2026-11 (None: of the running one).

    :raises Declined: there is no such account or month, or nothing can be known of it yet.
    """
    books = (await services.store.books([account_id], services.now())).get(account_id)
    if books is None:
        raise Declined(f"There is no account {account_id}.")
    period = _period(books, month)
    language = locale or books.account.locale
    if period.start >= books.period.start:
        if period.start > books.period.end:
            raise Declined(f"{month} lies too far ahead: known are the running period and the one that begins on {books.period.end}.")
        return drawing(books, period, language, width)
    return picture_of(books.account.name, await _past(services, books, period), locale=language, width=width)


def _period(books: Books, month: str | None) -> Period:
    if month is None:
        return books.period
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise Declined(f"A month is written as 2026-11, not {month[:20]}.")
    calendar = books.account.calendar
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    period = Period(calendar.start(number), calendar.start(number + 1))
    if period.end <= calendar.today(books.account.opened_at):
        raise Declined(f"The account was opened on {calendar.today(books.account.opened_at)}, after {month}.")
    return period


async def _past(services: Services, books: Books, period: Period) -> Bill:
    """The bill of a period that is over: from its invoice, or as it will be cut in a moment."""
    account = books.account
    if period.start >= books.opening.on:
        opening = books.opening
        while opening.on < period.start:
            opening = books.walk(opening).closing
        return books.walk(opening).bill
    read = services.store.database.read
    newest = await read(invoices.newest, [account.id], 1, period.start + DAY)
    found = [invoice for invoice in newest.get(account.id, []) if invoice.period_start == period.start]
    if not found:
        return Bill(period, account.currency, ())
    key = (account.id, found[0].id)
    return (await read(invoices.bills, [key]))[key]
