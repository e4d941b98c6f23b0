"""Reading accounts as they were in a period that was cut: a checkpoint from before it, and the journal from there to its end.

Three statements for any number of accounts and periods: which checkpoints to begin from, what they keep, and the entries
since. That is a period or two of entries for each, however long the account's history is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, Select, and_, case, func, literal, or_, select, tuple_, union_all

from gateway.billing.codec import Json, unpack, unpack_fact
from gateway.billing.dates import Calendar
from gateway.billing.facts import Fact, Opened
from gateway.billing.term import Opening

from .tables import checkpoint, journal

Key = tuple[str, date]
"""An account and a day."""

_AT_ONCE: Final = 100
_FARTHEST: Final = timedelta(hours=15)
"""No zone's day begins earlier, or later, than this from the day in UTC."""
_LONGEST: Final = timedelta(days=33)
"""A billing period has at most 31 days."""


def opened(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[Opening, tuple[Fact, ...]]]:
    """Where a period opens that is not after the day, and the facts from there to the end of the day's period at least."""
    found: dict[Key, tuple[Opening, tuple[Fact, ...]]] = {}
    for place in range(0, len(keys), _AT_ONCE):
        found |= _some(connection, keys[place : place + _AT_ONCE])
    return found


def _some(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[Opening, tuple[Fact, ...]]]:
    rows = connection.execute(union_all(*map(_base, range(len(keys)), keys)))
    bases = {keys[row.place]: row.base for row in rows if row.base is not None}
    if not bases:
        return {}
    wanted = tuple_(checkpoint.c.account_id, checkpoint.c.revision).in_({(name, base) for (name, _), base in bases.items()})
    states = {(row.account_id, row.revision): row.state for row in connection.execute(select(checkpoint).where(wanted))}
    mine = journal.c
    # The first entry says which calendar an opening means that names none: the one the account was opened with.
    first = and_(mine.revision == 1, mine.account_id.in_({name for name, _ in bases}))
    within = [and_(mine.account_id == name, mine.revision > base, mine.at < _end(day)) for (name, day), base in bases.items()]
    columns = (mine.account_id, mine.revision, mine.at, mine.facts)
    entries = connection.execute(select(*columns).where(or_(first, *within)).order_by(mine.account_id, mine.revision)).all()
    began = {row.account_id: opened_by(row.facts) for row in entries if row.revision == 1}
    found = {}
    for (name, day), base in bases.items():
        since = [row for row in entries if row.account_id == name and row.revision > base and row.at < _end(day)]
        facts = (*states[name, base]["facts"], *(fact for row in since for fact in row.facts))
        opening = unpack(Opening, states[name, base]["opening"])
        found[name, day] = replace(opening, calendar=opening.calendar or began[name]), tuple(map(unpack_fact, facts))
    return found


def opened_by(facts: Sequence[Json]) -> Calendar:
    """The calendar an account was opened with, from the facts of its first entry: what an opening means that names none."""
    (opened,) = (fact for fact in map(unpack_fact, facts) if isinstance(fact, Opened))
    return Calendar(opened.zone, opened.anchor)


def _base(place: int, key: Key) -> Select[tuple[int, int]]:
    """The newest checkpoint that was there before the day began anywhere, else the first: what opens then, opens no later."""
    name, day = key
    before = case((journal.c.at < _noon(day) - timedelta(hours=12) - _FARTHEST, checkpoint.c.revision))
    base = func.coalesce(func.max(before), func.min(checkpoint.c.revision)).label("base")
    same = and_(journal.c.account_id == checkpoint.c.account_id, journal.c.revision == checkpoint.c.revision)
    return select(literal(place).label("place"), base).select_from(checkpoint.join(journal, same)).where(checkpoint.c.account_id == name)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _end(day: date) -> datetime:
    return _noon(day) + _LONGEST
