"""The verdict: what was told and seen, held against what is stored. Each function gives what is wrong, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from gateway.billing.journal import GENESIS
from gateway.store.database import Connection, open_database
from gateway.store.tables import account, invoice, journal, outcome

from .record import Record, Told

_OF_THE_SYSTEM = {"cutPeriod", "issueInvoice"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry, as far as it is looked at."""

    revision: int
    verb: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database holds after the storm."""

    journals: dict[str, list[Entry]]
    ends: dict[str, tuple[int, str]]
    """Revision and digest of each account's row."""
    outcomes: Counter[str]
    """How many keys are bound, by account; under an empty name those that opened accounts."""
    numbers: list[str]
    uncut: list[str]
    """Accounts with a period that was over."""


async def read(database_url: str, now: datetime) -> Stored:
    """Read everything; the gateways are stopped, for SQLite's file has one owner."""
    database = open_database(database_url)
    try:
        return await database.read(_read, now)
    finally:
        await database.close()


def _read(connection: Connection, now: datetime) -> Stored:
    journals: dict[str, list[Entry]] = {}
    columns = (journal.c.account_id, journal.c.revision, journal.c.verb, journal.c.previous, journal.c.digest)
    for owner, *rest in connection.execute(select(*columns).order_by(journal.c.account_id, journal.c.revision)):
        journals.setdefault(owner, []).append(Entry(*rest))
    ends = {row.account_id: (row.revision, row.digest) for row in connection.execute(select(account))}
    scopes: Counter[str] = Counter()
    for scope, bound in connection.execute(select(outcome.c.scope, func.count()).group_by(outcome.c.scope)):
        scopes["" if scope.startswith("by:") else scope] += bound
    numbers = [row.number for row in connection.execute(select(invoice.c.number).where(invoice.c.number.is_not(None)))]
    uncut = list(connection.execute(select(account.c.account_id).where(account.c.cut_off_at <= now)).scalars())
    return Stored(journals=journals, ends=ends, outcomes=scopes, numbers=numbers, uncut=uncut)


def judge(record: Record, stored: Stored) -> list[str]:
    """Everything that is wrong."""
    return [
        *record.problems,
        *_one_order(stored),
        *_told_is_stored(record, stored),
        *_stored_is_told(record, stored),
        *_keys(record, stored),
        *_numbers(stored),
        *(f"{account_id}: a period that was over is not cut" for account_id in stored.uncut),
        *_seen(record, stored),
    ]


def _one_order(stored: Stored) -> Iterator[str]:
    """Each command read the revision that the one before wrote: 1 to n, each sealed onto the last, and the row is the end."""
    if set(stored.ends) != set(stored.journals):
        yield "some accounts have no journal, or some journals no account"
    for account_id, entries in stored.journals.items():
        if [entry.revision for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"{account_id}: revisions are not 1 to {len(entries)}"
        if entries[0].previous != GENESIS or any(after.previous != before.digest for before, after in pairwise(entries)):
            yield f"{account_id}: an entry was not written onto the one before"
        if stored.ends.get(account_id) != (entries[-1].revision, entries[-1].digest):
            yield f"{account_id}: its row is not at its newest entry"


def _told_is_stored(record: Record, stored: Stored) -> Iterator[str]:
    """Every acknowledged command is in the journal, where and as the client was told, and nobody else was told the same."""
    keys: dict[tuple[str, int], Told] = {}
    for told in record.told:
        if told.refusal is not None:
            continue
        if told.account_id is None or told.revision is None:
            yield f"{told.key}: acknowledged without an entry"
            continue
        entries = stored.journals.get(told.account_id, [])
        found = entries[told.revision - 1] if told.revision <= len(entries) else None
        if found is None or (found.digest, found.verb) != (told.digest, told.verb):
            yield f"{told.key}: acknowledged as revision {told.revision} of {told.account_id}, which is something else"
        first = keys.setdefault((told.account_id, told.revision), told)
        if first.key != told.key:
            yield f"{told.key} and {first.key} were acknowledged by one entry"


def _stored_is_told(record: Record, stored: Stored) -> Iterator[str]:
    """Nothing is in the journal that nobody was told of: all commands were asked for until they were acknowledged."""
    told = {(each.account_id, each.revision) for each in record.told}
    for account_id, entries in stored.journals.items():
        for entry in entries:
            if entry.verb not in _OF_THE_SYSTEM and (account_id, entry.revision) not in told:
                yield f"{account_id}: {entry.verb} at revision {entry.revision} was performed and acknowledged to nobody"


def _keys(record: Record, stored: Stored) -> Iterator[str]:
    """As many keys are bound as commands were acknowledged, refusals too."""
    asked = Counter("" if told.verb == "openAccount" else told.account_id or "?" for told in record.told)
    for scope in asked.keys() | stored.outcomes.keys():
        if asked[scope] != stored.outcomes[scope]:
            yield f"{scope or 'accounts opened'}: {asked[scope]} commands were acknowledged, {stored.outcomes[scope]} outcomes are kept"


def _numbers(stored: Stored) -> Iterator[str]:
    """Invoice numbers of each year run from 1 without a gap."""
    years: dict[str, list[int]] = {}
    for number in stored.numbers:
        series, _, last = number.rpartition("-")
        years.setdefault(series, []).append(int(last))
    for series, found in years.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"{series}: numbers have a gap or stand twice"


def _seen(record: Record, stored: Stored) -> Iterator[str]:
    """Watchers saw states in their order, and at the end the newest."""
    for number, sights in record.sights.items():
        events = [event for sight in sights for event in sight.events]
        for sight in sights:
            if any((r1, at1) >= (r2, at2) for (_, r1, at1), (_, r2, at2) in pairwise(sight.events)):
                yield f"watcher {number}: states came twice or out of order"
        if any(later < earlier for (_, earlier, _), (_, later, _) in pairwise(events)):
            yield f"watcher {number}: a later connection showed an older state"
        account_id = sights[0].account_id if sights else ""
        newest = stored.ends.get(account_id, (0, ""))[0]
        if not events or events[-1][1] != newest:
            yield f"watcher {number} of {account_id}: saw revision {events[-1][1] if events else 'none'} last, and {newest} is the newest"
