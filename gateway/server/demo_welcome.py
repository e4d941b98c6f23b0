"""What the demo tells at its start: addresses, tokens, and a line to try. Each stands on a line of its own, to be copied whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.billing.books import Books
from gateway.store import accounts
from gateway.store.store import Store

from .auth import Role, Tokens
from .demo_history import DIARIES
from .demo_play import OPERATOR

TTL: Final = timedelta(days=30)
DASHBOARD: Final = (
    "{ account { name packages { type representatives status renewsOn }"
    " forecast { cutOffOn soFar { due { formatted } } expected { due { formatted } } }"
    " pastInvoices(first: 3) { nodes { number due { formatted } status } } } }"
)


@dataclass(frozen=True, slots=True)
class Card:
    """One of the demo's accounts, and the token of its owner."""

    label: str
    name: str
    account_id: str
    token: str


async def cards(store: Store, tokens: Tokens, now: datetime) -> list[Card]:
    """The accounts of the diaries, in their order: the three oldest of the database, told apart by their time zones."""
    found = await store.books(await store.database.read(accounts.page, len(DIARIES), None, None, None), now)
    owned: dict[str, Books] = {books.account.zone: books for books in found.values()}
    made = []
    for diary in DIARIES:
        account = owned[diary.opening.time_zone].account
        token = tokens.issue(subject=diary.owner, role=Role.OWNER, account_id=account.id, now=now, ttl=TTL)
        made.append(Card(diary.label, account.name, account.id, token))
    return made


def operator_token(tokens: Tokens, now: datetime) -> str:
    """A token that may see every account, and open and close them."""
    return tokens.issue(subject=OPERATOR, role=Role.OPERATOR, account_id=None, now=now, ttl=TTL)


def welcome(where: str, accounts: Sequence[Card], operator: str, *, actor: bool) -> Iterator[str]:
    """The lines to print; `where` is the server's address."""
    first = accounts[0]
    yield ""
    yield "Three companies with six months of history: " + ", ".join(card.name for card in accounts) + "."
    if actor:
        yield "Somebody makes a change every few seconds (--no-actor keeps them still)."
    yield ""
    yield f"GraphiQL         {where}/graphiql#token={first.token}"
    yield f"Schema           {where}/schema.graphql"
    yield ""
    for card in accounts:
        yield f"{card.label:<17}{card.account_id}  {card.token}"
    yield f"{'Operator':<17}{operator}"
    yield ""
    yield f"The {first.label}'s packages, next invoice and past ones:"
    yield _curl(f"{where}/graphql", first.token)
    yield ""
    yield "Ctrl+C stops it; started again, it goes on from where it was. --reset begins anew."


def _curl(url: str, token: str) -> str:
    body = json.dumps({"query": DASHBOARD})
    return f"curl -sS {url} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{body}'"
