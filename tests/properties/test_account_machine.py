"""One account through any sequence of commands, days and cuts, beside an oracle that hears the same commands.

The numbers in the comments are the invariants of rules §10.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.billing.bill import Bill
from gateway.billing.books import Books
from gateway.billing.catalog import Interval
from gateway.billing.codec import canonical, unpack_fact
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    CloseAccount,
    Command,
    CutPeriod,
    OpenAccount,
    ReactivatePackage,
    RemoveAddOn,
    UndoScheduledChange,
)
from gateway.billing.effective import Effective, When
from gateway.billing.errors import Refusal
from gateway.billing.item import Item, Status
from gateway.billing.journal import GENESIS, Entry, entry
from gateway.billing.standing import Mark
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, Scheduled, Unscheduled
from tests import oracle
from tests.billing.given import blank
from tests.properties.chronicle import Chronicle
from tests.properties.histories import ANCHORS, BEGINNINGS, ZONES, markets
from tests.properties.market import DECIMALS, owed, owed_by_oracle

PLANS, ADD_ONS = st.sampled_from(["a", "b", "c"]), st.sampled_from(["add_d", "add_e"])
INTERVALS = st.none() | st.sampled_from(Interval)
SEATS = st.none() | st.integers(1, 9)
WHEN = st.none() | st.sampled_from([When.NOW, When.NOW, When.AT_RENEWAL]) | st.integers(0, 70)
WHICH = st.integers(0, 7)
GAPS = st.sampled_from([3600, 40_000, 5 * 86_400, 20 * 86_400, 50 * 86_400])


class AccountMachine(RuleBasedStateMachine):
    """Books in memory; the journal's entries; the oracle's events."""

    books: Books

    @initialize(zone=st.sampled_from(ZONES), anchor=st.sampled_from(ANCHORS), around=st.sampled_from(BEGINNINGS), data=st.data())
    def open(self, zone: str, anchor: int, around: date, data: st.DataObject) -> None:
        self.market = replace(data.draw(markets(around, "abc")), maxima={"b": 4})
        add_ons = data.draw(markets(around, ("add_d", "add_e"), self.market.currency))
        self.market = replace(self.market, listed=self.market.listed + add_ons.listed)
        self.prices, self.catalog = self.market.prices, self.market.catalog
        self.now = datetime.combine(around, datetime.min.time(), UTC) + timedelta(hours=9)
        self.entries: list[Entry] = []
        self.chronicle, self.last_seen = Chronicle(), dict[date, Bill]()
        command = OpenAccount(name="Acme", currency=self.market.currency, time_zone=zone, anchor_day=anchor)
        books = blank(self.now, self.catalog)
        self._write(command, command(books))
        self.first = self.books.opening.on

    # --- commands ----------------------------------------------------------------------------------------------

    @property
    def open_to_commands(self) -> bool:
        """A closed account takes no more commands."""
        return self.books.account.closed_at is None

    def perform(self, command: Command) -> bool:
        """Perform a command a second later, unless it refuses; whether it was performed."""
        before = self.books = self._later(timedelta(seconds=1))
        as_it_was = replace(before)
        refusal, after = None, before
        try:
            after = command(before)
        except Refusal as declined:
            refusal = declined
        if refusal is not None:
            assert type(refusal) in command.refusals
            assert before == as_it_was
            return False
        preview = before.preview(after)
        assert preview.before == before.current
        item = after.subject or ""
        present = next((each for each in before.items if each.id == item), None)
        held = [each.id for each in before.items if each.held.state is not None]
        self.chronicle.hear(command, item, present, self.now, after.added, held)
        self._write(command, after)
        # 1: what was previewed is what is so afterwards.
        assert preview.after.expected == self.books.current.expected
        assert preview.after.so_far == self.books.current.so_far
        assert preview.difference == self.books.current.expected.due - before.current.expected.due
        return True

    @precondition(lambda self: self.open_to_commands and len(self.books.packages) < 4)
    @rule(plan=PLANS, seats=st.integers(1, 9), interval=st.sampled_from(Interval), when=WHEN)
    def add_package(self, plan: str, seats: int, interval: Interval, when: When | int | None) -> None:
        self.perform(AddPackage(plan=plan, representatives=seats, interval=interval, effective=self._effective(when)))

    @precondition(lambda self: self.open_to_commands and self.books.packages)
    @rule(which=WHICH, plan=st.none() | PLANS, seats=SEATS, interval=INTERVALS, when=WHEN, over=st.booleans())
    def change_package(
        self, which: int, plan: str | None, seats: int | None, interval: Interval | None, when: When | int | None, over: bool
    ) -> None:
        if package := self._one_of(self.books.packages, which):
            self.perform(
                ChangePackage(
                    package_id=package.id,
                    plan=plan,
                    representatives=seats,
                    interval=interval,
                    effective=self._effective(when),
                    drop_scheduled=tuple(change.id for change in package.scheduled) if over else (),
                    replace_scheduled=over,
                )
            )

    @precondition(lambda self: self.open_to_commands and self.books.packages)
    @rule(which=WHICH, when=WHEN, over=st.booleans())
    def cancel_package(self, which: int, when: When | int | None, over: bool) -> None:
        if package := self._one_of(self.books.packages, which):
            drop = tuple(change.id for change in package.scheduled) if over else ()
            self.perform(CancelPackage(package_id=package.id, effective=self._effective(when), drop_scheduled=drop, replace_scheduled=over))

    @precondition(lambda self: self.open_to_commands and self.books.packages)
    @rule(which=WHICH, when=WHEN, over=st.booleans())
    def reactivate_package(self, which: int, when: When | int | None, over: bool) -> None:
        if package := self._one_of(self.books.packages, which):
            self.perform(ReactivatePackage(package_id=package.id, effective=self._effective(when), replace_scheduled=over))

    @precondition(lambda self: self.open_to_commands)
    @rule(plan=ADD_ONS, interval=INTERVALS, when=WHEN, over=st.booleans())
    def add_add_on(self, plan: str, interval: Interval | None, when: When | int | None, over: bool) -> None:
        self.perform(AddAddOn(plan=plan, interval=interval, effective=self._effective(when), replace_scheduled=over))

    @precondition(lambda self: self.open_to_commands and self.books.add_ons)
    @rule(plan=ADD_ONS, when=WHEN, over=st.booleans())
    def remove_add_on(self, plan: str, when: When | int | None, over: bool) -> None:
        self.perform(RemoveAddOn(plan=plan, effective=self._effective(when), replace_scheduled=over))

    @precondition(lambda self: self.open_to_commands and self.books.scheduled)
    @rule(which=WHICH)
    def undo_scheduled_change(self, which: int) -> None:
        change = self.books.scheduled[which % len(self.books.scheduled)]
        # It may take effect within the second that passes.
        assert self.perform(UndoScheduledChange(scheduled_id=change.id)) or change.on <= self.books.today

    @precondition(lambda self: self.open_to_commands and len(self.entries) > 8)
    @rule(sure=st.integers(0, 5))
    def close_account(self, sure: int) -> None:
        if sure == 5:
            assert self.perform(CloseAccount())
            assert self.books.next.expected.lines == ()

    # --- time --------------------------------------------------------------------------------------------------

    @rule(gap=GAPS)
    def let_time_pass(self, gap: int) -> None:
        before = self.books
        self.books = self._later(timedelta(seconds=gap))
        if self.books.period == before.period:  # 4: so far never falls; and nothing was done, so nothing else is expected
            assert before.current.so_far.due.minor <= self.books.current.so_far.due.minor
            assert self.books.current.expected == before.current.expected
            assert self.books.next.expected == before.next.expected

    @rule()
    def let_the_day_end(self) -> None:
        calendar = self.books.calendar
        midnight = calendar.instant(self.books.today + timedelta(days=1))
        self.books = self._later(midnight - self.now)

    @precondition(lambda self: self.books.opening.on < self._first_to_stay())
    @rule()
    def cut_what_is_over(self) -> None:
        while self.books.opening.on < self._first_to_stay():
            before = self._later(timedelta(microseconds=1))
            start, expected = self.books.opening.on, self.books.current
            command = CutPeriod(start=start)
            after = command(before)
            bill = after.draft.bill if after.draft else None
            # 2: what was last expected is what is billed.
            if start in self.last_seen and self.last_seen[start].lines:
                assert bill == self.last_seen[start]
            # 5: lines sum to what is due, in the bill and in the document.
            if after.draft:
                document = json.loads(after.draft.document)
                assert sum(line["amount"] for line in document["lines"]) == document["due"] + document["credit"]
                assert document["due"] == after.draft.bill.due.minor
            assert owed(before.walk(before.opening).bill) == self._oracle(start, self._end(start))
            self._write(command, after)
            if start != before.period.start:
                assert (self.books.current.expected, self.books.current.so_far) == (expected.expected, expected.so_far)

    # --- what changes nothing ----------------------------------------------------------------------------------

    @precondition(lambda self: self.open_to_commands and self.books.packages)
    @rule(which=WHICH)
    def change_nothing(self, which: int) -> None:
        package = self._one_of([each for each in self.books.packages if each.status in (Status.ACTIVE, Status.ENDING)], which)
        if package is None:
            return
        state = package.state
        before = self.books = self._later(timedelta(seconds=1))
        if before.package(package.id).state != state:  # a scheduled change acted within this second
            return
        expected, following = owed(before.current.expected), owed(before.next.expected)
        command = ChangePackage(
            package_id=package.id,
            plan=state.plan,
            representatives=state.quantity,
            interval=state.interval,
            effective=Effective(when=When.NOW),
        )
        if self.perform(command):  # 3
            assert (owed(self.books.current.expected), owed(self.books.next.expected)) == (expected, following)

    @precondition(lambda self: self.open_to_commands and len(self.books.packages) > 1)
    @rule(seats=st.integers(1, 9), ends=st.booleans())
    def two_commands_on_two_items_in_either_order(self, seats: int, ends: bool) -> None:
        active = [each for each in self.books.packages if each.held.state is not None]
        if len(active) < 2:
            return
        now = Effective(when=When.NOW)
        first: Command = ChangePackage(package_id=active[0].id, representatives=seats, effective=now)
        second: Command = CancelPackage(package_id=active[1].id, effective=now)
        if not ends:
            second = ChangePackage(package_id=active[1].id, representatives=seats, effective=now)
        self.books = self._later(timedelta(seconds=1))
        assert self._after(first, second) == self._after(second, first)  # 3

    def _after(self, *commands: Command) -> object:
        """What is expected after commands a microsecond apart, without what tells their order; None when one refused."""
        books = self.books
        for command in commands:
            try:
                books = command(replace(books, now=books.now + timedelta(microseconds=1))).committed()
            except Refusal:
                return None
        return owed(books.current.expected), owed(books.next.expected)

    # --- what always holds -------------------------------------------------------------------------------------

    @invariant()
    def the_oracle_agrees(self) -> None:
        current, following = self.books.current, self.books.next
        assert owed(current.expected) == self._oracle(current.period.start, self._end(current.period.start))
        assert owed(current.so_far) == self._oracle(current.period.start, self.now)
        assert owed(following.expected) == self._oracle(following.period.start, self._end(following.period.start))
        self.last_seen[current.period.start] = current.expected

    @invariant()
    def so_far_is_part_of_what_is_expected_and_lines_sum_to_what_is_due(self) -> None:
        for forecast in (self.books.current, self.books.next):
            for bill in (forecast.so_far, forecast.expected):
                assert (bill.due + bill.credit).minor == sum(line.amount.minor for line in bill.lines)  # 5
                assert all(line.amount.minor >= 0 for line in bill.lines)
            assert forecast.so_far.due.minor <= forecast.expected.due.minor  # 4
        assert self.books.next.so_far.lines == ()

    def teardown(self) -> None:
        """12: the journal alone, replayed without a checkpoint, gives the same books."""
        if not hasattr(self, "books"):
            return
        previous, facts = GENESIS, []
        for each in self.entries:
            assert each.sealed() and each.previous == previous
            previous = each.digest
            facts += [unpack_fact(json.loads(canonical(fact))) for fact in each.facts]
        moved = tuple(fact for fact in facts if isinstance(fact, Change | Scheduled | Unscheduled | Mark))
        rebuilt = Books(self.books.account, self.catalog, self.now, Opening(self.first), moved)
        if rebuilt.period.start >= self.books.opening.on:  # unless a closed account was cut in mid-period
            # The bills that a replay finds to be closing were cut long ago.
            for one, other in ((rebuilt.current, self.books.current), (rebuilt.next, self.books.next)):
                assert replace(one, closing_bills=()) == replace(other, closing_bills=())
            assert rebuilt.credit == self.books.credit
            assert (rebuilt.items, rebuilt.scheduled) == (self.books.items, self.books.scheduled)

    # --- ways and means ----------------------------------------------------------------------------------------

    def _later(self, gap: timedelta) -> Books:
        self.now += gap
        return replace(self.books, now=self.now, seed=str(self.now).encode())

    def _write(self, command: Command, after: Books) -> None:
        note(f"{after.now} {command}")
        self.entries.append(entry(command, after, "usr_1", self.entries[-1].digest if self.entries else GENESIS))
        self.books = after.committed()

    def _first_to_stay(self) -> date:
        """Periods that open before this day can be cut."""
        closed_at = self.books.account.closed_at
        return self.books.calendar.today(closed_at) + timedelta(days=1) if closed_at else self.books.period.start

    def _effective(self, when: When | int | None) -> Effective | None:
        if isinstance(when, int):
            return Effective(on=self.books.today + timedelta(days=when))
        return None if when is None else Effective(when=when)

    def _end(self, start: date) -> datetime:
        return self.books.calendar.instant(self.books.calendar.run(start).end)

    def _oracle(self, start: date, at: datetime) -> object:
        account = self.books.account
        parts = oracle.bill(
            self.chronicle.events,
            self.prices,
            zone=account.zone,
            anchor=account.anchor,
            exponent=DECIMALS[account.currency],
            period=oracle.period_of(start, account.anchor),
            at=at,
        )
        return owed_by_oracle(parts)

    @staticmethod
    def _one_of(items: tuple[Item, ...] | list[Item], which: int) -> Item | None:
        return items[which % len(items)] if items else None


TestAccountMachine = AccountMachine.TestCase
