"""Several accounts in one store through commands, repeated keys, days, bill runs and restarts.

The numbers in the comments are the invariants of rules §10.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select, update

from gateway.billing.books import Books
from gateway.billing.catalog import Catalog, Interval
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    CloseAccount,
    Command,
    ReactivatePackage,
    RemoveAddOn,
)
from gateway.billing.effective import Effective, When
from gateway.billing.errors import KeyReused
from gateway.jobs.bill_run import bill_run
from gateway.store import entries, numbers
from gateway.store.books import load
from gateway.store.tables import account, invoice
from gateway.store.writing import Answer
from tests import databases, oracle
from tests.properties.chronicle import Chronicle
from tests.store.given import Bench

T = TypeVar("T")
CURRENCIES = st.sampled_from(["TRY", "EUR", "USD"])
ZONES = st.sampled_from(["Europe/Istanbul", "Europe/Berlin", "America/New_York", "Pacific/Auckland"])
PLANS = st.sampled_from(["starter", "team", "business"])
ADD_ONS = st.sampled_from(["ticket_system", "mail_integration"])
SEATS = st.integers(1, 12)
WHEN = st.sampled_from([None, Effective(when=When.NOW), Effective(when=When.AT_RENEWAL)])
WHICH = st.integers(0, 9)
GAPS = st.sampled_from([1, 3600, 40_000, 3 * 86_400, 12 * 86_400, 40 * 86_400])


@dataclass
class Asked:
    """A request that was sent, and its first answer."""

    account_id: str
    command: Command
    key: str
    answer: Answer


class StoreMachine(RuleBasedStateMachine):
    """A store, and what a client remembers of it."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.lasting = ExitStack()

    @initialize()
    def begin(self) -> None:
        folder = Path(self.lasting.enter_context(TemporaryDirectory()))
        self.url = self.lasting.enter_context(databases.database_url(self.kind, folder))
        self.runner = self.lasting.enter_context(asyncio.Runner())
        self.bench = self.run(self._opened())
        self.run(self.bench.publish())
        self.asked: list[Asked] = []
        self.chronicles: dict[str, Chronicle] = {}
        self.documents: dict[str, bytes] = {}

    async def _opened(self) -> Bench:
        return Bench(self.url)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    # --- what clients do ---------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.chronicles) < 3)
    @rule(zone=ZONES, currency=CURRENCIES)
    def open_account(self, zone: str, currency: str) -> None:
        self.chronicles[self.run(self.bench.open(zone, currency))] = Chronicle()

    @precondition(lambda self: self.chronicles)
    @rule(which=WHICH, plan=PLANS, seats=SEATS, interval=st.sampled_from([Interval.MONTH, Interval.YEAR, Interval.YEAR]))
    def add_package(self, which: int, plan: str, seats: int, interval: Interval) -> None:
        self.ask(which, AddPackage(plan=plan, representatives=seats, interval=interval))

    @precondition(lambda self: self.chronicles)
    @rule(which=WHICH, plan=st.none() | PLANS, seats=SEATS, when=WHEN)
    def change_package(self, which: int, plan: str | None, seats: int, when: Effective | None) -> None:
        if package := self.package(which):
            self.ask(which, ChangePackage(package_id=package, plan=plan, representatives=seats, effective=when, replace_scheduled=True))

    @precondition(lambda self: self.chronicles)
    @rule(which=WHICH, when=WHEN)
    def cancel_package(self, which: int, when: Effective | None) -> None:
        if package := self.package(which):
            self.ask(which, CancelPackage(package_id=package, effective=when))

    @precondition(lambda self: self.chronicles)
    @rule(which=WHICH)
    def reactivate_package(self, which: int) -> None:
        if package := self.package(which):
            self.ask(which, ReactivatePackage(package_id=package))

    @precondition(lambda self: self.chronicles)
    @rule(which=WHICH, plan=ADD_ONS, add=st.booleans(), when=WHEN)
    def add_or_remove_add_on(self, which: int, plan: str, add: bool, when: Effective | None) -> None:
        self.ask(which, AddAddOn(plan=plan) if add else RemoveAddOn(plan=plan, effective=when))

    @precondition(lambda self: len(self.asked) > 12)
    @rule(which=WHICH, sure=st.integers(0, 9))
    def close_account(self, which: int, sure: int) -> None:
        if sure == 9:
            self.ask(which, CloseAccount())

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 40), times=st.integers(1, 5))
    def ask_again(self, which: int, times: int) -> None:
        """8: the first outcome again, for each of several at once; the journal is as it was."""
        first = self.asked[which % len(self.asked)]
        before = self.run(self.bench.database.read(self._heads))

        async def again() -> list[Answer]:
            return await asyncio.gather(*(self.bench.do(first.account_id, first.command, first.key) for _ in range(times)))

        for answer in self.run(again()):
            assert (answer.subject, answer.revision, answer.warnings) == (
                first.answer.subject,
                first.answer.revision,
                first.answer.warnings,
            )
            assert type(answer.refusal) is type(first.answer.refusal) and str(answer.refusal) == str(first.answer.refusal)
        assert self.run(self.bench.database.read(self._heads)) == before

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 40))
    def use_a_key_for_something_else(self, which: int) -> None:
        first = self.asked[which % len(self.asked)]
        try:
            self.run(self.bench.do(first.account_id, AddPackage(plan="enterprise", representatives=77), first.key))
        except KeyReused:
            return
        raise AssertionError("the key was bound to another request")

    # --- time, bill runs, restarts -----------------------------------------------------------------------------

    @rule(gap=GAPS)
    def let_time_pass(self, gap: int) -> None:
        # Keys are repeated within the 30 days their outcomes are kept.
        self.bench.now += timedelta(seconds=gap)
        self.asked = [each for each in self.asked if gap < 86_400]

    @precondition(lambda self: self.chronicles)
    @rule(times=st.integers(1, 2))
    def bill(self, times: int) -> None:
        expected = {key: books.running for key, books in self.books().items()}
        for _ in range(times):
            done = self.run(bill_run(self.bench.store, until=self.bench.now, now=self.bench.now))
            assert done.failures == ()
        assert done.invoices == 0 or times == 1
        assert {key: books.running for key, books in self.books().items()} == expected

    @precondition(lambda self: self.chronicles)
    @rule(months=st.integers(1, 3))
    def let_months_pass(self, months: int) -> None:
        self.let_time_pass(months * 31 * 86_400)
        self.bill(1)

    @rule()
    def restart(self) -> None:
        now, keys = self.bench.now, self.bench._keys
        self.run(self.bench.store.close())
        self.bench = self.run(self._opened())
        self.bench.now, self.bench._keys = now, keys
        # Ids are drawn from a seed that begins anew with the process.
        self.bench.store._seed = lambda: sha256(str((now, next(keys))).encode()).digest()[:16]

    # --- what always holds -------------------------------------------------------------------------------------

    @invariant()
    def numbers_have_no_gaps_and_documents_never_change(self) -> None:
        if not hasattr(self, "bench"):
            return
        rows = self.run(self.bench.database.read(lambda c: c.execute(select(invoice).order_by(invoice.c.number)).all()))
        runs: dict[str, int] = {}
        for row in rows:
            series, _, place = row.number.rpartition("-")
            runs[series] = runs.get(series, 0) + 1
            assert int(place) == runs[series]  # 6
            assert self.documents.setdefault(row.number, row.document) == row.document  # 7
            assert sha256(row.document).hexdigest() == row.digest
        assert [row.issued_at for row in rows] == sorted(row.issued_at for row in rows)  # 6
        assert set(self.documents) == {row.number for row in rows}

    def teardown(self) -> None:
        """2 and 12, and the oracle's word on every invoice."""
        with self.lasting:
            if not hasattr(self, "bench"):
                return
            try:
                self.run(self._audit())
            finally:
                self.run(self.bench.store.close())

    async def _audit(self) -> None:
        catalog = await self.bench.store.catalog()
        for account_id, chronicle in self.chronicles.items():
            found = (await self.bench.database.read(entries.newest, [account_id], 10_000))[account_id][::-1]
            assert [each.revision for each in found] == list(range(1, len(found) + 1))
            assert all(each.sealed() for each in found)
            assert [each.previous for each in found[1:]] == [each.digest for each in found[:-1]]
            assert await self.bench.database.read(numbers.chain_end, account_id) == found[-1].digest
            stored = (await self.bench.store.books([account_id], self.bench.now))[account_id]
            rebuilt = await self.bench.database.write(self._from_the_beginning, account_id, catalog)
            if stored.account.closed_at is None:
                assert _as_billed(rebuilt) == _as_billed(stored)
            self._told_by_the_oracle(stored, chronicle, catalog)

    def _from_the_beginning(self, connection: Connection, account_id: str, catalog: Catalog) -> Books:
        mine = account.c.account_id == account_id
        present = connection.execute(select(account.c.checkpoint).where(mine)).scalar_one()
        connection.execute(update(account).where(mine).values(checkpoint=1))
        books = load(connection, [account_id], catalog, self.bench.now)[account_id]
        assert books.current.revision == books.account.revision
        connection.execute(update(account).where(mine).values(checkpoint=present))
        return books

    def _told_by_the_oracle(self, books: Books, chronicle: Chronicle, catalog: Catalog) -> None:
        prices = [
            oracle.Price(plan.code, price.interval.value, offer.from_on, price.base.amount, price.included, price.per_representative.amount)
            for plan in catalog.plans.values()
            for offer in plan.offers
            for price in offer.prices
            if price.interval is not None and price.base.currency == books.account.currency
        ]
        calendar = books.calendar
        for document in map(json.loads, self.documents.values()):
            if document["account"]["id"] == books.account.id:
                period = tuple(date.fromisoformat(document["period"][edge]) for edge in ("start", "end"))
                parts = oracle.bill(
                    chronicle.events,
                    prices,
                    zone=books.account.zone,
                    anchor=books.account.anchor,
                    exponent=2,
                    period=(period[0], period[1]),
                    at=calendar.instant(period[1]),
                )
                assert oracle.total(parts) == document["due"]

    # --- ways and means ----------------------------------------------------------------------------------------

    def ask(self, which: int, command: Command) -> None:
        account_id = sorted(self.chronicles)[which % len(self.chronicles)]
        key = f"asked {next(self.bench._keys)}"
        before = self.books()[account_id]
        answer = self.run(self.bench.do(account_id, command, key))
        self.asked.append(Asked(account_id, command, key, answer))
        if answer.books is not None:
            present = next((item for item in before.items if item.id == answer.subject), None)
            held = [item.id for item in before.items if item.held.state is not None]
            written = self.run(self.bench.database.read(entries.by_revision, [(account_id, answer.revision)]))
            entry = written[account_id, answer.revision]
            added = load_facts(entry.facts)
            self.chronicles[account_id].hear(command, answer.subject or "", present, entry.at, added, held)

    def books(self) -> dict[str, Books]:
        return self.run(self.bench.store.books(list(self.chronicles), self.bench.now))

    def package(self, which: int) -> str | None:
        account_id = sorted(self.chronicles)[which % len(self.chronicles)]
        packages = self.books()[account_id].packages
        return packages[which % len(packages)].id if packages else None

    @staticmethod
    def _heads(connection: Connection) -> list[tuple[str, int, str]]:
        rows = connection.execute(select(account.c.account_id, account.c.revision, account.c.digest).order_by(account.c.account_id))
        return [(row.account_id, row.revision, row.digest) for row in rows]


def _as_billed(books: Books) -> tuple[object, ...]:
    """What is shown, whatever has been cut of it."""
    return replace(books.current, closing_bills=()), books.items, replace(books.next, closing_bills=())


def load_facts(packed: Any) -> tuple[Any, ...]:
    from gateway.billing.codec import unpack_fact

    return tuple(unpack_fact(fact) for fact in packed)


class FileMachine(StoreMachine):
    """A store in a file."""

    kind = "sqlite"


class ServerMachine(StoreMachine):
    """A store on a server."""

    kind = "postgresql"


# An example is slow beside one of the machines without a store, and slower on a server than in a file: hence a fifth, and a tenth,
# of the profile's (20 and 10 of everyday's 100).
TestStoreMachineOnSQLite = FileMachine.TestCase
TestStoreMachineOnSQLite.settings = settings(max_examples=settings().max_examples // 5, stateful_step_count=50)
TestStoreMachineOnPostgreSQL = ServerMachine.TestCase
TestStoreMachineOnPostgreSQL.settings = settings(max_examples=settings().max_examples // 10, stateful_step_count=50)
