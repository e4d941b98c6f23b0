"""The outbox: what others are to be told, written in the transaction it tells of.

Ids are drawn before their transactions commit, so a reader that remembers "up to id 7" would miss a 6 that commits later.
Hence nothing is remembered: what was told is deleted, and what is there has not been told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from gateway.billing.codec import Json

from .tables import outbox

HINT: Final = "hint"
"""Something changed: whoever watches the account, or without an account everybody, is to look again."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell; `account_id` is None when it concerns everybody."""

    id: int
    account_id: str | None
    kind: str
    at: datetime
    payload: Json | None


def put(connection: Connection, account_id: str | None, kind: str, now: datetime, payload: Json | None = None) -> None:
    """Leave a message, to be told once this transaction has committed."""
    connection.execute(insert(outbox).values(account_id=account_id, kind=kind, at=now, payload=payload))


def take(connection: Connection, kind: str, limit: int) -> list[Message]:
    """Take out the oldest messages of a kind that nobody else is just taking. They are back when this transaction fails."""
    rows = connection.execute(
        select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if rows:
        connection.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))
    return [Message(row.id, row.account_id, row.kind, row.at, row.payload) for row in rows]
