"""Cutting and issuing: every period that is over, once, numbered without gaps."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from gateway.billing.catalog import Interval
from gateway.billing.codec import pack
from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage
from gateway.billing.effective import Effective, When
from gateway.store import invoices
from gateway.store.books import load
from gateway.store.tables import account, checkpoint, invoice, journal

from .given import Bench

pytestmark = pytest.mark.anyio


async def documents(bench: Bench) -> dict[str, bytes]:
    rows = await bench.database.read(lambda c: c.execute(select(invoice.c.number, invoice.c.document)).all())
    return {row.number: row.document for row in rows}


async def test_the_invoice_is_the_last_estimate_line_by_line(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject or ""
    await bench.do(account_id, AddAddOn(plan="ticket_system"))
    bench.now += timedelta(days=3)
    await bench.do(account_id, ChangePackage(package_id=package, plan="business"))
    last = (await bench.store.books([account_id], datetime(2026, 5, 31, 20, 59, 59, tzinfo=UTC)))[account_id].current
    cut_off = datetime(2026, 5, 31, 21, tzinfo=UTC)
    assert last.cut_off_at == cut_off
    (issue,) = await bench.store.cut(account_id, cut_off)
    assert issue.total == last.expected.due
    bill = (await bench.database.read(invoices.bills, [(account_id, issue.invoice_id)]))[account_id, issue.invoice_id]
    assert bill == last.expected


async def test_nothing_is_cut_before_its_time_and_nothing_twice(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    assert await bench.store.cut(account_id, datetime(2026, 5, 31, 20, 59, 59, tzinfo=UTC)) == ()
    assert await bench.store.due(datetime(2026, 5, 31, 20, 59, 59, tzinfo=UTC), 10) == []
    at = datetime(2026, 5, 31, 21, tzinfo=UTC)
    assert [row[1] for row in await bench.store.due(at, 10)] == [account_id]
    assert len(await bench.store.cut(account_id, at)) == 1
    assert await bench.store.cut(account_id, at) == ()
    assert await bench.store.due(at, 10) == []


async def test_periods_missed_are_cut_one_by_one_in_order(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    issues = await bench.store.cut(account_id, datetime(2026, 9, 10, tzinfo=UTC))
    assert [(each.number, each.total.minor) for each in issues] == [
        ("INV-2026-000001", 79790),  # 1649.00 × 15/31
        ("INV-2026-000002", 164900),
        ("INV-2026-000003", 164900),
        ("INV-2026-000004", 164900),
    ]


async def test_a_command_between_midnight_and_the_cut_belongs_to_the_new_period(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject or ""
    bench.now = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)  # half past midnight of 1 June in Istanbul
    await bench.do(account_id, CancelPackage(package_id=package, effective=Effective(when=When.NOW)))
    before = (await bench.store.books([account_id], bench.now))[account_id].current
    (issue,) = await bench.store.cut(account_id, bench.now)
    assert issue.total.minor == 79790
    after = (await bench.store.books([account_id], bench.now))[account_id]
    assert after.current.expected == before.expected
    assert after.current.expected.due.minor == 5497  # 1649.00 × 1/30
    assert after.packages[0].ends_on == date(2026, 6, 1)


async def test_a_period_without_lines_leaves_a_checkpoint_and_no_invoice(bench: Bench) -> None:
    account_id = await bench.open()
    assert await bench.store.cut(account_id, datetime(2026, 7, 2, tzinfo=UTC)) == ()
    kept = await bench.database.read(lambda c: c.execute(select(checkpoint.c.revision).order_by(checkpoint.c.revision)).scalars().all())
    assert kept == [1, 2, 3]
    assert await bench.store.due(datetime(2026, 7, 2, tzinfo=UTC), 10) == []


async def test_numbers_have_no_gaps_and_ascend_in_time_of_issue_with_many_cut_at_once(bench: Bench) -> None:
    accounts = [await bench.open() for _ in range(20)]
    for account_id in accounts:
        await bench.do(account_id, AddPackage(plan="team"))
    at = datetime(2026, 7, 1, tzinfo=UTC)
    await asyncio.gather(*(bench.store.cut(account_id, at - timedelta(seconds=i)) for i, account_id in enumerate(accounts)))
    rows = await bench.database.read(lambda c: c.execute(select(invoice.c.number, invoice.c.issued_at).order_by(invoice.c.number)).all())
    assert [row.number for row in rows] == [f"INV-2026-{n:06d}" for n in range(1, 41)]
    assert [row.issued_at for row in rows] == sorted(row.issued_at for row in rows)


async def test_numbers_start_anew_with_the_issuers_year(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.store.cut(account_id, datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC))
    issues = await bench.store.cut(account_id, datetime(2026, 12, 31, 21, tzinfo=UTC))  # midnight in Istanbul
    assert [each.number for each in issues] == ["INV-2027-000001"]


async def test_an_issued_document_stays_byte_for_byte_the_same(bench: Bench) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject or ""
    await bench.store.cut(account_id, datetime(2026, 6, 1, tzinfo=UTC))
    before = await documents(bench)
    bench.now = datetime(2026, 6, 2, tzinfo=UTC)
    await bench.do(account_id, ChangePackage(package_id=package, plan="business"))
    await bench.store.cut(account_id, datetime(2026, 8, 1, tzinfo=UTC))
    after = await documents(bench)
    assert before.items() <= after.items() and len(after) == 3
    digests = await bench.database.read(lambda c: c.execute(select(invoice.c.digest, invoice.c.document)).all())
    assert all(digest == sha256(document).hexdigest() for digest, document in digests)
    written = await bench.database.read(lambda c: c.execute(select(journal.c.facts).where(journal.c.verb == "cutPeriod")).scalars().all())
    assert {facts[0]["digest"] for facts in written} == {row.digest for row in digests}


async def test_the_document_says_everything_the_invoice_needs(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.store.cut(account_id, datetime(2026, 6, 1, tzinfo=UTC))
    said = json.loads((await documents(bench))["INV-2026-000001"])
    assert said["account"] == {"id": account_id, "name": "Kıyı Yazılım"}
    assert said["period"] == {"start": "2026-05-01", "end": "2026-06-01", "zone": "Europe/Istanbul"}
    assert (said["currency"], said["net"], said["due"]) == ("TRY", 79790, 79790)
    (line,) = said["lines"]
    assert (line["names"]["tr"], line["formula"], line["amount"]) == ("Ekip", "1649.00 × 15/31", 79790)


async def test_the_checkpoint_and_the_journal_alone_give_the_same_books(bench: Bench) -> None:
    """Invariant 12: what is stored is what a replay from the first entry gives."""
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team", interval=Interval.YEAR))).subject or ""
    await bench.do(account_id, AddAddOn(plan="ticket_system"))
    await bench.do(account_id, ChangePackage(package_id=package, plan="business", effective=Effective(on=date(2026, 8, 20))))
    await bench.store.cut(account_id, datetime(2026, 8, 2, tzinfo=UTC))
    bench.now = datetime(2026, 8, 25, tzinfo=UTC)
    stored = (await bench.store.books([account_id], bench.now))[account_id]

    def replayed(connection):  # type: ignore[no-untyped-def]
        connection.execute(account.update().values(checkpoint=1))
        found = load(connection, [account_id], bench.store.catalog_of(connection), bench.now)[account_id]
        result = replace(found.current, closing_bills=()), found.items, found.running
        connection.execute(account.update().values(checkpoint=select(func.max(checkpoint.c.revision)).scalar_subquery()))
        return result

    forecast, items, running = await bench.database.write(replayed)
    assert (forecast, items) == (stored.current, stored.items)
    assert pack(running) == pack(stored.running)
