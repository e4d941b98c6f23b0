"""Reading entries in their place: each with the checkpoint before it and the facts between, never from the beginning.

It takes one statement for the checkpoints to begin from, one for what they keep, and one for the journal since each of
them: a period's entries at most, for every period that has one of the entries asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, and_, func, or_, select, tuple_

from gateway.billing.codec import unpack, unpack_fact
from gateway.billing.dates import Calendar
from gateway.billing.facts import Fact
from gateway.billing.history import Moment
from gateway.billing.term import Opening

from .periods import opened_by
from .tables import checkpoint, journal

Key = tuple[str, int]
"""An account and a revision."""

_AT_ONCE: Final = 200
"""Runs of the journal in one statement; SQLite takes at most a thousand alternatives."""

_BASE = (
    select(func.max(checkpoint.c.revision))
    .where(checkpoint.c.account_id == journal.c.account_id, checkpoint.c.revision < journal.c.revision)
    .scalar_subquery()
)


def moments(connection: Connection, keys: Sequence[Key]) -> dict[Key, Moment]:
    """Entries in their place, by account and revision. An account's first entry has none: nothing was before it."""
    last: dict[Key, int] = {}
    wanted = tuple_(journal.c.account_id, journal.c.revision).in_(keys)
    for row in connection.execute(select(journal.c.account_id, journal.c.revision, _BASE.label("base")).where(wanted)):
        if row.base is not None:
            run = row.account_id, row.base
            last[run] = max(row.revision, last.get(run, 0))
    if not last:
        return {}
    asked, found = set(keys), dict[Key, Moment]()
    kept = select(checkpoint).where(tuple_(checkpoint.c.account_id, checkpoint.c.revision).in_(list(last)))
    states = {(row.account_id, row.revision): row.state for row in connection.execute(kept)}
    for run, first, rows in _runs(connection, last):
        opening = unpack(Opening, states[run]["opening"])
        opening = replace(opening, calendar=opening.calendar or first)
        before: tuple[Fact, ...] = tuple(map(unpack_fact, states[run]["facts"]))
        for row in rows:
            added = tuple(map(unpack_fact, row.facts))
            if (run[0], row.revision) in asked:
                found[run[0], row.revision] = Moment(row.at, opening, before, added)
            before = (*before, *added)
    return found


def _runs(connection: Connection, last: dict[Key, int]) -> Iterator[tuple[Key, Calendar, list[Any]]]:
    """The calendar the account was opened with, and the entries after each checkpoint up to the last one that is wanted, in order."""
    bases = list(last)
    columns = (journal.c.account_id, journal.c.revision, journal.c.at, journal.c.facts)
    for place in range(0, len(bases), _AT_ONCE):
        some = bases[place : place + _AT_ONCE]
        within = [
            and_(journal.c.account_id == name, journal.c.revision > base, journal.c.revision <= last[name, base]) for name, base in some
        ]
        first = and_(journal.c.revision == 1, journal.c.account_id.in_({name for name, _ in some}))
        rows = connection.execute(select(*columns).where(or_(first, *within)).order_by(journal.c.account_id, journal.c.revision)).all()
        opened = {row.account_id: opened_by(row.facts) for row in rows if row.revision == 1}
        for name, base in some:
            yield (name, base), opened[name], [row for row in rows if row.account_id == name and base < row.revision <= last[name, base]]
