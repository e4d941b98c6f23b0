"""Who is asking."""

import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from gateway.billing.commands import Right
from gateway.server.auth import Principal, Role

from .window import enum, window

enum(
    Right,
    "Something a token may do.",
    STEER="Change what an account holds.",
    OPERATE="See every account, open and close them.",
    REPORT="Report what is in use.",
)
_RIGHTS = {
    Role.OWNER: [Right.STEER],
    Role.PARTNER: [Right.STEER, Right.REPORT],
    Role.OPERATOR: [Right.STEER, Right.OPERATE, Right.REPORT],
}


@window(Principal)
class Viewer:
    """Who this token stands for, and what it may do."""

    subject: Annotated[str, "The name the token was issued to; the journal writes it down."]
    role: Annotated[Role, "What it may do, in one word."]
    expires_at: Annotated[datetime.datetime | None, "When the token stops being good."]

    @strawberry.field(description="The account it belongs to; null for operators.")
    def account_id(root: Parent[Principal]) -> strawberry.ID | None:
        return strawberry.ID(root.account_id) if root.account_id is not None else None

    @strawberry.field(description="What it may do.")
    def rights(root: Parent[Principal]) -> list[Right]:
        return _RIGHTS[root.role]
