"""The audit of one account: its journal, what a replay of it gives, and every row that stands beside it (rules §10).

What an entry says is believed when its seal is good. Where an entry is missing, not sealed, or not to be replayed, the
break itself is reported; a replay beyond it would only tell consequences, so what rests on one is left out from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, select

from gateway.billing.books import salted
from gateway.billing.catalog import Catalog
from gateway.billing.codec import unpack_fact
from gateway.billing.facts import Cut, Fact, Issued, Opened
from gateway.billing.journal import GENESIS, Entry
from gateway.billing.tax_facts import TaxIdentified

from .audit_checkpoints import Checkpoints
from .audit_invoices import Invoices
from .audit_postings import Postings
from .finding import Finding, Seen, What
from .replay import Replay, opened
from .tables import account, journal, profile

_PAGE = 500
_ENTRY = tuple(journal.c[field.name] for field in fields(Entry))
# What a damaged row leads to when it is read or replayed.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, AssertionError)


def audit_account(connection: Connection, account_id: str, catalog: Catalog) -> Seen:
    """Look at everything that is stored of an account; nothing when there is no such account."""
    audit = _Audit(connection, account_id, catalog)
    try:
        head = connection.execute(select(account).where(account.c.account_id == account_id)).first()
        if head is None:
            return Seen()
        audit.look(head)
    except _DAMAGE as error:
        audit.tell(What.UNREADABLE, f"{type(error).__name__}: {error}")
    return audit.seen()


class _Audit:
    def __init__(self, connection: Connection, account_id: str, catalog: Catalog) -> None:
        self._connection, self._account_id, self._catalog = connection, account_id, catalog
        self._findings: list[Finding] = []
        self._entries = 0
        self._last: Entry | None = None
        self._replay: Replay | None = None
        self._broken_at: int | None = None
        self._profile: str | None = None
        self._checkpoints = Checkpoints(connection, account_id, self.tell)
        self._invoices = Invoices(connection, account_id, self.tell)
        self._postings = Postings(connection, account_id, self.tell)

    def tell(self, what: What, detail: str) -> None:
        self._findings.append(Finding(self._account_id, what, detail))

    def seen(self) -> Seen:
        return Seen(tuple(self._findings), 1, self._entries, self._checkpoints.seen, self._invoices.seen)

    def look(self, head: Any) -> None:
        for page in self._pages():
            believed = [(entry, self._facts(entry)) for entry in page if self._believes(entry)]
            self._invoices.turn_to([fact for _, facts in believed for fact in facts])
            self._checkpoints.turn_to(page[0].revision, page[-1].revision)
            self._postings.turn_to(page[0].revision, page[-1].revision)
            for entry, facts in believed:
                if self._broken_at is None or entry.revision < self._broken_at:
                    self._go_on(entry, facts)
                self._compare_invoices(facts)
                if facts:
                    self._postings.compare(entry, facts, self._replay.books.account if self._replay else None)
        self._end(head)
        self._look_at_profiles(head)

    def _pages(self) -> Iterator[list[Entry]]:
        after = 0
        mine = journal.c.account_id == self._account_id
        while rows := self._connection.execute(
            select(*_ENTRY).where(mine, journal.c.revision > after).order_by(journal.c.revision).limit(_PAGE)
        ).all():
            yield [Entry(**row._mapping) for row in rows]
            after = rows[-1].revision

    def _break(self, revision: int) -> None:
        self._broken_at = revision if self._broken_at is None else min(revision, self._broken_at)

    def _believes(self, entry: Entry) -> bool:
        """Look at an entry's place in the chain; whether it is as it was written."""
        before, self._last = self._last, entry
        self._entries += 1
        expected = before.revision + 1 if before else 1
        if entry.revision != expected:
            self.tell(What.MISSING, f"no entry has revision {_run(expected, entry.revision - 1)}")
            self._break(expected)
        if not entry.sealed():
            self.tell(What.SEAL, f"the entry of revision {entry.revision} is not what was sealed")
            self._break(entry.revision)
            return False
        if entry.revision == expected and entry.previous != (before.digest if before else GENESIS):
            self.tell(What.CHAIN, f"the entry of revision {entry.revision} was sealed onto another than the one before")
        if before is not None and entry.at <= before.at:
            self.tell(What.INSTANT, f"the entry of revision {entry.revision} is not later than the one before")
        return True

    def _facts(self, entry: Entry) -> tuple[Fact, ...]:
        try:
            return tuple(unpack_fact(fact) for fact in entry.facts)
        except _DAMAGE as error:
            self._unplayable(entry, error)
            return ()

    def _unplayable(self, entry: Entry, error: Exception) -> None:
        self.tell(What.REPLAY, f"the entry of revision {entry.revision} cannot be replayed: {error}")
        self._break(entry.revision)

    def _go_on(self, entry: Entry, facts: Sequence[Fact]) -> None:
        """Replay an entry, and compare what was kept at it."""
        try:
            self._replay = self._replay.after(entry, facts) if self._replay else opened(entry, facts, self._catalog)
        except _DAMAGE as error:
            self._unplayable(entry, error)
            return
        self._profile = next((fact.profile for fact in facts if isinstance(fact, Opened | TaxIdentified)), self._profile)
        if self._replay.checkpoint is not None:
            self._checkpoints.compare(entry.revision, self._replay.checkpoint)
        for cut in (fact for fact in facts if isinstance(fact, Cut)):
            self._compare_cut(cut, self._replay.cut)

    def _compare_cut(self, cut: Cut, replayed: Cut | None) -> None:
        if replayed is None or _figures(cut) != _figures(replayed):
            bills = _billed(replayed) if replayed else "nothing"
            self.tell(What.CUT, f"the period from {cut.period.start} was cut at {_billed(cut)}; a replay bills {bills}")

    def _compare_invoices(self, facts: Sequence[Fact]) -> None:
        books = self._replay.books if self._replay else None
        for fact in facts:
            if isinstance(fact, Cut):
                self._invoices.compare_cut(fact, books.account if books else None)
            elif isinstance(fact, Issued):
                self._invoices.compare_issue(fact, books, whole=self._broken_at is None)

    def _end(self, head: Any) -> None:
        """Compare the account's row with where the journal ends, and look for rows that no entry speaks of."""
        if self._last is None:
            self.tell(What.MISSING, "there is no journal")
            return
        last = self._last
        if head.revision != last.revision:
            self.tell(What.ACCOUNT, f"revision is {head.revision}, and the journal ends at {last.revision}")
        if head.revision > last.revision:
            self._break(last.revision + 1)
        else:
            end = {"digest": last.digest, "last_at": last.at} if head.revision == last.revision else {}
            self._compare_head(head, end)
        if self._broken_at is not None or self._replay is None:
            return
        owner = self._replay.books.account
        named = ("currency", "zone", "anchor", "locale", "opened_at", "closed_at")
        self._compare_head(head, {name: getattr(owner, name) for name in named})
        self._compare_head(head, {"profile": self._profile, "checkpoint": self._checkpoints.newest})
        if head.cut_off_at != (due := self._replay.books.next_cut_off):
            self.tell(What.CUT_OFF, f"cut_off_at is {head.cut_off_at}, and by the journal {due}")
        self._checkpoints.end(last.revision)
        self._postings.end(last.revision)
        self._invoices.end()

    def _compare_head(self, head: Any, expected: dict[str, object]) -> None:
        for name, value in expected.items():
            if getattr(head, name) != value:
                self.tell(What.ACCOUNT, f"{name} is {getattr(head, name)}, and by the journal {value}")

    def _look_at_profiles(self, head: Any) -> None:
        """Personal data must be what its digest stands for; data that was erased leaves only the digest, and that is fine."""
        for row in self._connection.execute(select(profile).where(profile.c.account_id == self._account_id)):
            if salted(row.salt, row.data) != row.digest:
                which = "the profile" if row.digest == head.profile else f"the former profile {row.digest}"
                self.tell(What.PROFILE, f"{which} is not what the journal stands for")


def _figures(cut: Cut) -> tuple[object, ...]:
    return cut.period, cut.total, cut.discount, cut.tax, cut.credit, cut.invoice is None


def _billed(cut: Cut) -> str:
    beside = {"discount": cut.discount, "tax": cut.tax, "credit": cut.credit}
    said = "".join(f", {name} {amount}" for name, amount in beside.items() if amount)
    return f"{cut.total} to {cut.period.end}{said}"


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"
