"""Reading: how many statements it takes does not depend on how much there is."""

from datetime import UTC, date, datetime

import pytest

from gateway.billing.commands import AddPackage, ChangePackage
from gateway.store import accounts, entries, invoices

from .given import Bench, statements

pytestmark = pytest.mark.anyio


async def test_books_take_two_statements_for_one_account_and_for_many_however_much_they_hold(bench: Bench) -> None:
    empty = await bench.open()
    full = await bench.open()
    for _ in range(5):
        package = (await bench.do(full, AddPackage(plan="team"))).subject or ""
        for seats in range(4, 9):
            await bench.do(full, ChangePackage(package_id=package, representatives=seats))
    for wanted in ([empty], [full], [empty, full]):
        with statements(bench.database) as seen:
            found = await bench.store.books(wanted, bench.now)
        assert sorted(found) == sorted(wanted)
        assert len(seen) == 2  # the reference revision, and the snapshot


async def test_a_page_of_invoices_is_one_statement_for_any_number_of_accounts(bench: Bench) -> None:
    ids = [await bench.open() for _ in range(3)]
    for account_id in ids:
        await bench.do(account_id, AddPackage(plan="team"))
        await bench.store.cut(account_id, datetime(2026, 11, 2, tzinfo=UTC))
    with statements(bench.database) as seen:
        pages = await bench.database.read(invoices.newest, ids, 4, date(2026, 10, 1))
    assert len(seen) == 1
    assert {key: [each.period_start.month for each in page] for key, page in pages.items()} == {key: [9, 8, 7, 6] for key in ids}
    assert await bench.database.read(invoices.count, ids) == dict.fromkeys(ids, 6)


async def test_invoices_are_found_only_under_their_own_account(bench: Bench) -> None:
    one, other = await bench.open(), await bench.open()
    await bench.do(one, AddPackage(plan="team"))
    (issue,) = await bench.store.cut(one, datetime(2026, 6, 2, tzinfo=UTC))
    assert list(await bench.database.read(invoices.by_id, [(one, issue.invoice_id)])) == [(one, issue.invoice_id)]
    assert await bench.database.read(invoices.by_id, [(other, issue.invoice_id)]) == {}
    assert await bench.database.read(invoices.by_number, [(other, issue.number)]) == {}
    assert await bench.database.read(invoices.bills, [(other, issue.invoice_id)]) == {}
    assert await bench.database.read(invoices.owners, [issue.invoice_id]) == {issue.invoice_id: one}


async def test_accounts_come_in_pages_by_id_and_by_filter(bench: Bench) -> None:
    ids = [await bench.open(currency=currency) for currency in ("TRY", "EUR", "EUR")]
    assert await bench.database.read(accounts.page, 2, None, None, None) == sorted(ids)[:2]
    assert await bench.database.read(accounts.page, 2, sorted(ids)[1], None, None) == sorted(ids)[2:]
    assert sorted(await bench.database.read(accounts.page, 9, None, "EUR", None)) == sorted(ids[1:])
    assert await bench.database.read(accounts.page, 9, None, None, True) == []
    assert await bench.database.read(accounts.count, "EUR", False) == 2


async def test_history_comes_newest_first_and_goes_on_before_a_revision(bench: Bench) -> None:
    account_id = await bench.open()
    for _ in range(4):
        await bench.do(account_id, AddPackage(plan="team"))
    page = (await bench.database.read(entries.newest, [account_id], 2))[account_id]
    rest = (await bench.database.read(entries.newest, [account_id], 10, page[-1].revision))[account_id]
    assert [each.revision for each in page + rest] == [5, 4, 3, 2, 1]
    assert list(await bench.database.read(entries.by_revision, [(account_id, 3)])) == [(account_id, 3)]
