"""What if: changes that are only tried, once or for as long as somebody watches."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from gateway.billing.commands import Command
from gateway.billing.errors import NotFound, Refusal
from gateway.billing.what_if import WhatIf, what_if

from . import rights
from .busy import answered
from .context import Context
from .live import estimates


async def compare(context: Context, account_id: str | None, commands: Sequence[Command]) -> WhatIf:
    """What these commands would come to, one after the other; raises the refusal. Nothing is written."""
    _allowed(context, commands)
    target = rights.readable(context, account_id)
    books = (await answered(context.services.store.books([target], context.now))).get(target) if target else None
    if books is None:
        raise NotFound("There is no account {id}.", "accountId", id=str(account_id))
    return what_if(books, commands)


async def compared(context: Context, account_id: str | None, commands: Sequence[Command]) -> AsyncGenerator[WhatIf | Refusal, None]:
    """The same at once, and whenever the account, its day or the catalog moves. A refusal is a state too, and may pass."""
    _allowed(context, commands)
    async with aclosing(estimates(context, account_id)) as states:
        async for state in states:
            try:
                yield what_if(state.books, commands)
            except Refusal as refusal:
                yield refusal


def _allowed(context: Context, commands: Sequence[Command]) -> None:
    for command in commands:
        rights.operating(context, command.right)
