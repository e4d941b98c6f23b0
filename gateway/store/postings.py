"""The ledger in rows: written with the journal entry it follows from, read as the history of an account's credit, or summed.

On PostgreSQL the database itself refuses a commit after which the postings of an entry do not sum to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, cast, func, insert, literal, select, tuple_

from gateway.billing.books import Books
from gateway.billing.codec import unpack_fact
from gateway.billing.credit_movement import CreditMovement
from gateway.billing.ledger import Book, posted
from gateway.billing.money import Money

from .tables import journal, posting

_ORDER = (posting.c.revision, posting.c.position)
# Sums come in the database's own widest type.
_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def write(connection: Connection, books: Books) -> None:
    """Write the postings of what a command added; ValueError when those of a fact do not sum to zero."""
    entry = {"account_id": books.account.id, "revision": books.revision, "currency": books.account.currency, "at": books.now}
    rows = [
        {**entry, "position": place, "book": moved.book.value, "amount": moved.amount}
        for place, (_, moved) in enumerate(posted(books.added))
    ]
    if rows:
        connection.execute(insert(posting), rows)


def credit(
    connection: Connection, account_ids: Sequence[str], first: int, before: tuple[int, int] | None = None
) -> dict[str, list[CreditMovement]]:
    """Each account's newest `first` movements of credit before a (revision, position), newest first."""
    sums = func.sum(posting.c.amount).over(partition_by=posting.c.account_id, order_by=_ORDER, rows=(None, 0))
    moved = select(posting, cast(sums, _WHOLE).label("owed")).where(
        posting.c.account_id.in_(account_ids), posting.c.book == Book.CUSTOMER_CREDIT.value
    )
    each = moved.subquery()
    wanted: list[ColumnElement[bool]] = []
    if before is not None:
        wanted.append(tuple_(each.c.revision, each.c.position) < tuple_(literal(before[0]), literal(before[1])))
    place = func.row_number().over(partition_by=each.c.account_id, order_by=(each.c.revision.desc(), each.c.position.desc()))
    ranked = select(each, place.label("place")).where(*wanted).subquery()
    asked = (
        select(ranked, journal.c.facts)
        .join(journal, (journal.c.account_id == ranked.c.account_id) & (journal.c.revision == ranked.c.revision))
        .where(ranked.c.place <= first)
        .order_by(ranked.c.account_id, ranked.c.place)
    )
    found: dict[str, list[CreditMovement]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.account_id, []).append(_movement(row))
    return found


def _movement(row: Any) -> CreditMovement:
    """What customers have is a debt of ours, so the ledger's signs are turned."""
    fact, _ = posted(unpack_fact(fact) for fact in row.facts)[row.position]
    return CreditMovement(
        account_id=row.account_id,
        revision=row.revision,
        position=row.position,
        at=row.at,
        amount=Money(-row.amount, row.currency),
        balance=Money(-row.owed, row.currency),
        fact=fact,
    )


def trial_balance(connection: Connection) -> dict[str, dict[Book, int]]:
    """The balance of each book by currency, in minor units; those of a currency sum to zero."""
    asked = select(posting.c.currency, posting.c.book, cast(func.sum(posting.c.amount), _WHOLE).label("amount"))
    rows = connection.execute(asked.group_by(posting.c.currency, posting.c.book).order_by(posting.c.currency))
    found: dict[str, dict[Book, int]] = {}
    for row in rows:
        found.setdefault(row.currency, {})[Book(row.book)] = row.amount
    return found
