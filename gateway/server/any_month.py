"""Any month of an account as a picture: the running and the next one from its books, those gone by from their invoices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Group, RenderableType

from gateway.billing.bill import Bill
from gateway.billing.billed_day import ledger, looks_back
from gateway.billing.books import Books
from gateway.billing.dates import Calendar, Period
from gateway.store import entries, invoices, periods

from .day_table import day_table, line_table
from .errands import Declined
from .explain import drawing
from .month import month as picture_of
from .services import Services

_MOST = 31  # periods that can begin in one month


async def picture(
    services: Services, account_id: str, month: str | None, locale: str | None, width: int, *, days: bool = False
) -> RenderableType:
    """The picture of the period that begins in a month such as 2026-11 (None: of the running one), with its `days` if wanted.

    Where the account's calendar was changed, several can begin in one month: they stand one below the other.

    :raises Declined: there is no such account or month, or nothing can be known of it yet.
    """
    books = (await services.store.books([account_id], services.now())).get(account_id)
    if books is None:
        raise Declined(f"There is no account {account_id}.")
    language = locale or books.account.locale
    if month is None:
        now = drawing(books, None, language, width)
        return Group(now, await _days(services, books, books.expected.bill, language, width)) if days else now
    pictures: list[RenderableType] = []
    for bill in await _bills(services, books, month):
        if bill.period.start >= books.running.on:
            pictures.append(drawing(books, bill.period, language, width))
        else:
            pictures.append(picture_of(books.account.name, bill, locale=language, width=width))
        if days:
            pictures[-1] = Group(pictures[-1], await _days(services, books, bill, language, width))
    return pictures[0] if len(pictures) == 1 else Group(*(part for each in pictures for part in (each, "")))


async def _days(services: Services, books: Books, bill: Bill, locale: str, width: int) -> RenderableType:
    """What each item was on each day of a bill's period, and where its lines come from."""
    account, start, read = books.account.id, bill.period.start, services.store.database.read
    past = (await read(periods.opened, [(account, start)])).get((account, start)) if looks_back(books, start) else None
    days = day_table(ledger(books, start, past) or {}, bill.currency, locale, width)
    wanted = sorted({(account, revision) for line in bill.lines for revision in line.because})
    found = await read(entries.by_revision, wanted) if wanted else {}
    verbs = {revision: each.verb for (_, revision), each in found.items()}
    return Group(days, line_table(bill.lines, verbs, locale, width))


async def _bills(services: Services, books: Books, month: str) -> list[Bill]:
    """The bills of the periods that begin in a month, in order; an empty one where none was invoiced."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise Declined(f"A month is written as 2026-11, not {month[:20]}.")
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    first = Calendar("UTC", 1)
    days = Period(first.start(number), first.start(number + 1))
    found = [*await _cut(services, books, days), *_uncut(books, days)]
    if found:
        return found
    calendar = books.calendar
    period = Period(calendar.start(number), calendar.start(number + 1))
    if period.start > books.period.end:
        raise Declined(f"{month} lies too far ahead: known are the running period and the one that begins on {books.period.end}.")
    opened_on = calendar.today(books.account.opened_at)
    if period.end <= opened_on:
        raise Declined(f"The account was opened on {opened_on}, after {month}.")
    return [Bill(period, books.account.currency, ())]


async def _cut(services: Services, books: Books, days: Period) -> list[Bill]:
    """What was invoiced of the periods that began on these days."""
    account, read = books.account, services.store.database.read
    newest = (await read(invoices.newest, [account.id], _MOST, days.end)).get(account.id, [])
    mine = [invoice for invoice in reversed(newest) if invoice.period_start in days]
    bills = await read(invoices.bills, [(account.id, invoice.id) for invoice in mine])
    return [bills[account.id, each.id] for each in mine]


def _uncut(books: Books, days: Period) -> Iterator[Bill]:
    """Those that will be cut in a moment, the running one, and the next."""
    opening = books.opening
    while opening.on <= books.period.end and opening.on < days.end:
        walk = books.walk(opening)
        if opening.on in days:
            yield walk.bill
        opening = walk.closing
