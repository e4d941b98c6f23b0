"""Who may see and do what. An account that is not the asker's answers exactly as one that does not exist."""

from __future__ import annotations

from gateway.billing.commands import Command, Right
from gateway.billing.errors import NotFound
from gateway.graphql import ClientError, Code
from gateway.server.auth import Principal, Role

from .context import Context


def known(context: Context) -> Principal:
    """Whoever has a token; raises Unauthenticated for whoever has none."""
    return context.principal


def readable(context: Context, account_id: str | None) -> str | None:
    """The account to read: the asker's own when none is named; None when it is not the asker's to see."""
    asker = known(context)
    if asker.role is Role.OPERATOR:
        if account_id is None:
            raise ClientError("An operator has no account of its own: name one by its id.", Code.BAD_USER_INPUT)
        return account_id
    return asker.account_id if account_id in (None, asker.account_id) else None


def writable(context: Context, command: type[Command], account_id: str | None) -> str:
    """The account a command is for; refuses as if a foreign account did not exist, and what the role does not allow as forbidden."""
    operating(context, command.right)
    found = readable(context, account_id)
    if found is None:
        raise NotFound("There is no account {id}.", "accountId", id=str(account_id))
    return found


def operating(context: Context, right: Right = Right.OPERATE) -> None:
    """Stop whoever may not do this."""
    if right is Right.OPERATE and context.principal.role is not Role.OPERATOR:
        raise ClientError("This takes an operator's token.", Code.FORBIDDEN)
    if right is Right.REPORT and context.principal.role is Role.OWNER:
        raise ClientError("This takes a partner's or an operator's token.", Code.FORBIDDEN)
