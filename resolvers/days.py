"""The day ledger of one package or add-on."""

from __future__ import annotations

from datetime import date

from gateway.billing.billed_day import BilledDay
from gateway.billing.forecast import Which
from gateway.billing.item import Item
from gateway.graphql import ClientError, Code

from .context import Context


async def billed_days(context: Context, item: Item, period: Which, on: date | None) -> tuple[BilledDay, ...]:
    """The days of the running or the next period, or of the one that holds a day; none where the item was not there yet."""
    if on is None:
        books = await context.loaders.books.load(item.account)
        assert books is not None
        on = books.period.start if period is Which.CURRENT else books.period.end
    days = await context.loaders.days.load((item.account, on))
    if days is None:
        raise ClientError("No billing period up to the next one holds this day.", Code.BAD_USER_INPUT)
    return days.get(item.id, ())
