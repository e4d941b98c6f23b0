"""Loading Books: the checkpoint of the last cut, and the journal since, in one statement for any number of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, null, select

from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog
from gateway.billing.codec import Json, pack, pack_fact, unpack, unpack_fact
from gateway.billing.term import Opening

from .tables import account, checkpoint, journal, profile

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_CARDS = (
    select(
        account.c.account_id,
        account.c.revision,
        account.c.currency,
        account.c.zone,
        account.c.anchor,
        account.c.locale,
        account.c.opened_at,
        account.c.closed_at,
        account.c.last_at,
        profile.c.data,
        checkpoint.c.state,
    )
    .outerjoin(profile, (profile.c.account_id == account.c.account_id) & (profile.c.digest == account.c.profile))
    .join(checkpoint, (checkpoint.c.account_id == account.c.account_id) & (checkpoint.c.revision == account.c.checkpoint))
    .where(account.c.account_id.in_(_IDS))
)
_SINCE = (
    select(journal.c.account_id, journal.c.revision, *[null()] * 8, journal.c.facts)
    .join(account, account.c.account_id == journal.c.account_id)
    .where(account.c.account_id.in_(_IDS), journal.c.revision > account.c.checkpoint)
)
# The account's own row names its currency; rows of its journal do not.
_SNAPSHOT: Select[Any] | Any = _CARDS.union_all(_SINCE)


def lock(connection: Connection, account_id: str) -> bool:
    """Hold the account's row until the transaction ends; whether there is one."""
    row = connection.execute(select(account.c.account_id).where(account.c.account_id == account_id).with_for_update()).first()
    return row is not None


def load(connection: Connection, account_ids: Sequence[str], catalog: Catalog, now: datetime) -> dict[str, Books]:
    """The books of these accounts as of an instant; missing accounts are left out."""
    cards: dict[str, Any] = {}
    since: dict[str, list[tuple[int, Json]]] = {}
    for row in connection.execute(_SNAPSHOT, {"ids": list(account_ids)}):
        if row.currency is None:
            since.setdefault(row.account_id, []).append((row.revision, row.state))
        else:
            cards[row.account_id] = row
    return {key: _books(card, since.get(key, []), catalog, now) for key, card in cards.items()}


def _books(card: Any, since: list[tuple[int, Json]], catalog: Catalog, now: datetime) -> Books:
    owner = Account(
        id=card.account_id,
        name=card.data["name"] if card.data else "",
        currency=card.currency,
        zone=card.zone,
        anchor=card.anchor,
        locale=card.locale,
        opened_at=card.opened_at,
        closed_at=card.closed_at,
        revision=card.revision,
        last_at=card.last_at,
        tax_id=card.data.get("tax_id") if card.data else None,
    )
    carried = [unpack_fact(fact) for fact in card.state["facts"]]
    fresh = [unpack_fact(fact) for _, facts in sorted(since, key=lambda row: row[0]) for fact in facts]
    # Never seen from before its newest fact: clocks of several machines differ.
    return Books(owner, catalog, max(now, owner.last_at), unpack(Opening, card.state["opening"]), (*carried, *fresh))


def checkpoint_state(books: Books) -> Json:
    """What a checkpoint keeps: where the next period opens, and the facts that act after it."""
    return {"opening": pack(books.opening), "facts": [pack_fact(fact) for fact in books.facts if fact.revision < books.revision]}
