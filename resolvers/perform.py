"""Performing and previewing commands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.billing.books import Books
from gateway.billing.commands import Command, OpenAccount
from gateway.billing.discount import HeldDiscount
from gateway.billing.errors import InvalidInput, NotFound
from gateway.billing.forecast import Preview, Warning
from gateway.billing.item import Item
from gateway.billing.quote import Quote
from gateway.store.writing import Request

from . import rights
from .busy import answered
from .context import Context


@dataclass(frozen=True, slots=True)
class Performed:
    """A command that was performed, now or when its key was first used, and the books as they are now."""

    command: Command
    books: Books
    subject: str | None
    revision: int
    warnings: tuple[Warning, ...]

    @property
    def item(self) -> Item | None:
        """The package or add-on it was about, if it is still there."""
        return next((item for item in self.books.items if item.id == self.subject), None)

    @property
    def discount(self) -> HeldDiscount | None:
        """The discount it was about, if the account still has it."""
        return next((each for each in self.books.discounts if each.redemption.id == self.subject), None)


async def perform(context: Context, command: Command, account_id: str | None, key: str, quote: str | None = None) -> Performed:
    """Perform a command once under its key, with a quote's token as it was quoted; raises its refusal."""
    if not 1 <= len(key) <= 200:
        raise InvalidInput("An idempotency key has 1 to 200 characters.", "idempotencyKey")
    store, opening = context.services.store, isinstance(command, OpenAccount)
    if opening:
        rights.operating(context)
    target = None if opening else rights.writable(context, type(command), account_id)
    promise = context.services.quotes.read(quote) if quote is not None else None
    request = Request(command=command, account_id=target, actor=context.principal.subject, key=key, quote=promise)
    answer = await answered(store.perform(request, context.services.now()))
    context.renew()
    if answer.refusal is not None:
        raise answer.refusal
    books = answer.books or (await answered(store.books([answer.account_id], context.now)))[answer.account_id]
    return Performed(command, books, answer.subject, answer.revision, answer.warnings)


async def preview(context: Context, command: Command, account_id: str | None) -> Preview:
    """What a command would do; raises its refusal. Nothing is written."""
    target = rights.writable(context, type(command), account_id)
    drafted = await answered(context.services.store.draft(target, command, context.now))
    if drafted is None:
        raise NotFound("There is no account {id}.", "accountId", id=target)
    before, after = drafted
    return replace(before.preview(after), quote=Quote(after, command, context.now))
