"""Reading the journal: entries by (account, revision), and pages of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from gateway.billing.journal import Entry

from .tables import journal


def _entry(row: Any) -> Entry:
    names = ("account_id", "revision", "at", "actor", "verb", "input", "facts", "previous", "digest")
    return Entry(**{name: getattr(row, name) for name in names})


def by_revision(connection: Connection, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """Entries by (account, revision)."""
    rows = connection.execute(select(journal).where(tuple_(journal.c.account_id, journal.c.revision).in_(keys)))
    return {(row.account_id, row.revision): _entry(row) for row in rows}


def newest(connection: Connection, account_ids: Sequence[str], first: int, before: int | None = None) -> dict[str, list[Entry]]:
    """Each account's newest `first` entries before a revision; newest first."""
    place = func.row_number().over(partition_by=journal.c.account_id, order_by=journal.c.revision.desc()).label("place")
    wanted: list[ColumnElement[bool]] = [journal.c.account_id.in_(account_ids)]
    if before is not None:
        wanted.append(journal.c.revision < before)
    ranked = select(journal, place).where(*wanted).subquery()
    found: dict[str, list[Entry]] = {}
    for row in connection.execute(select(ranked).where(ranked.c.place <= first).order_by(ranked.c.account_id, ranked.c.place)):
        found.setdefault(row.account_id, []).append(_entry(row))
    return found
