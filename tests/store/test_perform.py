"""Performing commands: once, whole, in order, sealed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, CloseAccount, OpenAccount
from gateway.billing.errors import AccountClosed, KeyExpired, KeyReused, LimitReached, NotFound
from gateway.billing.journal import GENESIS
from gateway.store import entries, outcomes
from gateway.store.tables import account, invoice, journal, metadata, outcome, profile
from gateway.store.writing import Request

from .given import Bench

pytestmark = pytest.mark.anyio


def rows(connection: Connection) -> dict[str, int]:
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables}


async def test_each_command_is_one_entry_sealed_onto_the_one_before(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject
    assert package is not None
    await bench.do(account_id, ChangePackage(package_id=package, representatives=4))
    found = (await bench.database.read(entries.newest, [account_id], 10))[account_id][::-1]
    assert [(each.revision, each.verb) for each in found] == [(1, "openAccount"), (2, "addPackage"), (3, "changePackage")]
    assert [each.previous for each in found] == [GENESIS, found[0].digest, found[1].digest]
    assert all(each.sealed() for each in found)
    head = await bench.database.read(lambda c: c.execute(select(account.c.revision, account.c.digest)).one())
    assert tuple(head) == (3, found[2].digest)


async def test_names_stand_outside_the_chain_and_erasing_the_salt_erases_the_link(bench: Bench) -> None:
    account_id = await bench.open(name="Kıyı Yazılım A.Ş.")
    first = (await bench.database.read(entries.newest, [account_id], 1))[account_id][0]
    assert "Kıyı" not in repr(first)
    sealed = await bench.database.read(lambda c: c.execute(select(profile)).one())
    assert sealed.data == {"name": "Kıyı Yazılım A.Ş."}
    assert first.facts[0]["profile"] == sealed.digest
    await bench.database.write(lambda c: c.execute(profile.delete()))
    books = (await bench.store.books([account_id], bench.now))[account_id]
    assert books.account.name == ""
    assert (await bench.database.read(entries.newest, [account_id], 1))[account_id][0].sealed()


async def test_a_refused_command_writes_nothing_but_its_outcome(bench: Bench) -> None:
    account_id = await bench.open()
    before = await bench.database.read(rows)
    answer = await bench.do(account_id, AddPackage(plan="team", representatives=100_000))
    assert isinstance(answer.refusal, LimitReached)
    assert await bench.database.read(rows) == {**before, "outcome": before["outcome"] + 1}


async def test_a_fault_in_the_middle_writes_nothing_at_all(bench: Bench) -> None:
    account_id = await bench.open()
    before = await bench.database.read(rows)

    class Faulty(AddPackage):
        def __call__(self, books):  # type: ignore[no-untyped-def]
            super().__call__(books)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await bench.do(account_id, Faulty(plan="team"))
    assert await bench.database.read(rows) == before


async def test_a_missing_account_is_refused_and_binds_no_key(bench: Bench) -> None:
    with pytest.raises(NotFound):
        await bench.do("acc_00000000000000000000000000", AddPackage(plan="team"), key="k")
    assert await bench.database.read(lambda c: c.execute(select(func.count()).select_from(outcome)).scalar_one()) == 0


class TestIdempotency:
    async def test_the_same_key_and_input_give_the_first_outcome_again(self, bench: Bench) -> None:
        account_id = await bench.open()
        first = await bench.do(account_id, AddPackage(plan="team"), key="k")
        again = await bench.do(account_id, AddPackage(plan="team"), key="k")
        assert (again.subject, again.revision, again.replayed) == (first.subject, 2, True)
        assert again.books is None
        books = (await bench.store.books([account_id], bench.now))[account_id]
        assert books.account.revision == 2 and len(books.packages) == 1

    async def test_a_refusal_is_told_again_even_when_it_would_succeed_by_now(self, bench: Bench) -> None:
        account_id = await bench.open()
        package = (await bench.do(account_id, AddPackage(plan="starter"))).subject
        assert package is not None
        command = ChangePackage(package_id=package, representatives=4)
        refused = await bench.do(account_id, command, key="k")
        assert isinstance(refused.refusal, LimitReached)
        await bench.do(account_id, ChangePackage(package_id=package, plan="team"))
        again = await bench.do(account_id, command, key="k")
        assert isinstance(again.refusal, LimitReached)
        assert (again.refusal.field, again.refusal.text("tr")) == ("representatives", refused.refusal.text("tr"))

    async def test_the_same_key_for_another_request_is_refused(self, bench: Bench) -> None:
        account_id = await bench.open()
        await bench.do(account_id, AddPackage(plan="team"), key="k")
        with pytest.raises(KeyReused):
            await bench.do(account_id, AddPackage(plan="business"), key="k")
        with pytest.raises(KeyReused):
            await bench.do(account_id, CloseAccount(), key="k")

    async def test_a_key_is_one_accounts_own(self, bench: Bench) -> None:
        one, other = await bench.open(), await bench.open()
        await bench.do(one, AddPackage(plan="team"), key="k")
        answer = await bench.do(other, AddPackage(plan="business"), key="k")
        assert answer.refusal is None and not answer.replayed

    async def test_opening_twice_with_one_key_opens_one_account(self, bench: Bench) -> None:
        command = OpenAccount(name="A", currency="EUR", time_zone="Europe/Berlin")
        first, again = await bench.do(None, command, key="k"), await bench.do(None, command, key="k")
        assert first.account_id == again.account_id and again.replayed
        with pytest.raises(KeyReused):  # the name is no part of the journal, but it is part of the request
            await bench.do(None, OpenAccount(name="B", currency="EUR", time_zone="Europe/Berlin"), key="k")

    async def test_after_thirty_days_a_key_is_used_up_and_after_thirteen_months_forgotten(self, bench: Bench) -> None:
        account_id = await bench.open()
        await bench.do(account_id, AddPackage(plan="team"), key="k")
        bench.now += timedelta(days=31)
        with pytest.raises(KeyExpired):
            await bench.do(account_id, AddPackage(plan="team"), key="k")
        await bench.database.write(outcomes.forget, bench.now)
        kept = await bench.database.read(lambda c: c.execute(select(outcome.c.answer).where(outcome.c.scope == account_id)).scalars().all())
        assert kept == [None]
        with pytest.raises(KeyExpired):
            await bench.do(account_id, AddPackage(plan="team"), key="k")
        bench.now += timedelta(days=370)
        await bench.database.write(outcomes.forget, bench.now)
        answer = await bench.do(account_id, AddPackage(plan="team"), key="k")
        assert answer.refusal is None and not answer.replayed

    async def test_a_hundred_at_once_with_one_key_do_it_once(self, bench: Bench) -> None:
        account_id = await bench.open()
        request = Request(command=AddPackage(plan="team"), account_id=account_id, actor="tester", key="k")
        answers = await asyncio.gather(*(bench.store.perform(request, bench.now) for _ in range(100)))
        assert len({answer.subject for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        assert await bench.database.read(lambda c: c.execute(select(func.count()).select_from(journal)).scalar_one()) == 2


async def test_of_many_commands_at_once_none_is_lost(bench: Bench) -> None:
    account_id = await bench.open()
    await asyncio.gather(
        *(
            bench.store.perform(Request(command=AddPackage(plan="team"), account_id=account_id, actor="t", key=str(i)), bench.now)
            for i in range(200)
        )
    )
    books = (await bench.store.books([account_id], bench.now + timedelta(minutes=1)))[account_id]
    assert (books.account.revision, len(books.packages)) == (201, 200)


async def test_instants_ascend_within_an_account_even_when_the_clock_stands_still_or_goes_back(bench: Bench) -> None:
    account_id = await bench.open()
    for shift in (0, 0, -3600, 5):
        request = Request(command=AddPackage(plan="team"), account_id=account_id, actor="t", key=f"{shift}-{bench.now}")
        await bench.store.perform(request, bench.now + timedelta(seconds=shift))
        bench.now += timedelta(microseconds=1)
    found = (await bench.database.read(entries.newest, [account_id], 10))[account_id][::-1]
    instants = [each.at for each in found]
    assert instants == sorted(set(instants))


async def test_a_preview_writes_nothing_and_foretells_what_happens(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject
    assert package is not None
    before = await bench.database.read(rows)
    command = ChangePackage(package_id=package, plan="business")
    drafted = await bench.store.draft(account_id, command, bench.now + timedelta(seconds=1))
    assert drafted is not None
    preview = drafted[0].preview(drafted[1])
    assert await bench.database.read(rows) == before
    answer = await bench.do(account_id, command)
    assert answer.books is not None
    assert answer.books.current.expected == preview.after.expected
    assert answer.books.current.so_far == preview.after.so_far


async def test_closing_cuts_the_last_invoice_at_once_and_takes_no_more_commands(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject
    answer = await bench.do(account_id, CloseAccount())
    assert answer.refusal is None
    invoices = await bench.database.read(lambda c: c.execute(select(invoice.c.number, invoice.c.total, invoice.c.status)).all())
    assert [tuple(each) for each in invoices] == [("INV-2026-000001", 5319, "OPEN")]  # 1649.00 × 1/31 = 53.19
    refused = await bench.do(account_id, CancelPackage(package_id=package or ""))
    assert isinstance(refused.refusal, AccountClosed)
    assert await bench.store.due(bench.now + timedelta(days=400), 10) == []
