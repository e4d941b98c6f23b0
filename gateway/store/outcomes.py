"""Outcomes: what an idempotency key led to (rules §6).

Only hashes of keys are kept. An outcome is told again for 30 days; for 13 months its key is remembered as used up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select, update

from gateway.billing.codec import Json
from gateway.billing.errors import KeyExpired, KeyReused, Refusal, refusals
from gateway.billing.forecast import Warning
from gateway.billing.journal import fingerprint

from .tables import outcome

if TYPE_CHECKING:
    from .writing import Answer, Request

TOLD = timedelta(days=30)
REMEMBERED = timedelta(days=396)


@dataclass(frozen=True, slots=True)
class Key:
    """A key's hash within its scope (the account, or for new accounts the caller), and what it is bound to."""

    scope: str
    hash: str
    fingerprint: str

    @staticmethod
    def of(request: Request) -> Key:
        """The key of a request."""
        scope = request.account_id or f"by:{request.actor}"
        return Key(scope, sha256(f"{scope}\n{request.key}".encode()).hexdigest(), fingerprint(request.command, request.key))


def find(connection: Connection, key: Key, now: datetime) -> Answer | None:
    """The first outcome of this key, if it was used; refuses with KeyReused or KeyExpired."""
    from .writing import Answer

    row = connection.execute(select(outcome).where(outcome.c.scope == key.scope, outcome.c.key == key.hash)).first()
    if row is None or row.at < now - REMEMBERED:
        return None
    if row.fingerprint != key.fingerprint:
        raise KeyReused("This idempotency key named another request; use a new key.", "idempotencyKey")
    if row.answer is None or row.at < now - TOLD:
        raise KeyExpired("This idempotency key was used long ago; nothing was done.", "idempotencyKey")
    told = row.answer
    warnings = tuple(Warning(each["code"], each["template"], each["params"]) for each in told["warnings"])
    refusal = _refusal(told["refusal"]) if told["refusal"] else None
    return Answer(row.account_id, told["subject"], told["revision"], warnings, refusal, replayed=True)


def keep(connection: Connection, key: Key, answer: Answer, now: datetime) -> None:
    """Bind a key to its outcome."""
    told: Json = {
        "subject": answer.subject,
        "revision": answer.revision,
        "warnings": [{"code": each.code, "template": each.template, "params": each.params} for each in answer.warnings],
        "refusal": _told(answer.refusal) if answer.refusal else None,
    }
    connection.execute(delete(outcome).where(outcome.c.scope == key.scope, outcome.c.key == key.hash))
    connection.execute(
        insert(outcome).values(
            scope=key.scope, key=key.hash, fingerprint=key.fingerprint, at=now, account_id=answer.account_id, answer=told
        )
    )


def forget(connection: Connection, now: datetime) -> None:
    """Drop outcomes and keys that are past their time."""
    connection.execute(update(outcome).where(outcome.c.at < now - TOLD, outcome.c.answer.is_not(None)).values(answer=None))
    connection.execute(delete(outcome).where(outcome.c.at < now - REMEMBERED))


def _told(refusal: Refusal) -> Json:
    return {"code": refusal.code, "template": refusal.template, "field": refusal.field, "params": refusal.params}


def _refusal(told: Json) -> Refusal:
    kind = refusals()[told["code"]]
    return kind(told["template"], told["field"], **told["params"])
