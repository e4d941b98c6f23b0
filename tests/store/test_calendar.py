"""A change of calendar in what is stored: the account's row, cut-offs, checkpoints, the audit, the copy."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from gateway.billing.catalog import Interval
from gateway.billing.codec import pack
from gateway.billing.commands import AddPackage, CancelPackage, ChangeBillingCalendar, ChangePackage, CloseAccount
from gateway.billing.effective import Effective, When
from gateway.jobs.bill_run import bill_run
from gateway.store import invoices
from gateway.store.audit import audit
from gateway.store.books import load
from gateway.store.copy import copy
from gateway.store.database import open_database
from gateway.store.finding import What
from gateway.store.looking import look
from gateway.store.tables import account, checkpoint, invoice

from .given import Bench

pytestmark = pytest.mark.anyio

CUT_OFF = datetime(2026, 5, 31, 21, tzinfo=UTC)  # 1 June in Istanbul
NEW_YORK = ChangeBillingCalendar(time_zone="America/New_York", anchor_day=15)


async def moving(bench: Bench) -> str:
    """An account in Istanbul, billed from the 1st, that is to go to New York, from the 15th."""
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.do(account_id, NEW_YORK)
    return account_id


async def row(bench: Bench, account_id: str) -> Any:
    columns = (account.c.zone, account.c.anchor, account.c.cut_off_at)
    return await bench.database.read(lambda c: tuple(c.execute(select(*columns).where(account.c.account_id == account_id)).one()))


async def test_the_row_tells_the_calendar_of_the_oldest_uncut_period_and_its_cut_off(bench: Bench) -> None:
    account_id = await moving(bench)

    assert await row(bench, account_id) == ("Europe/Istanbul", 1, CUT_OFF)
    await bench.store.cut(account_id, CUT_OFF)
    assert await row(bench, account_id) == ("America/New_York", 15, datetime(2026, 6, 15, 4, tzinfo=UTC))
    await bench.store.cut(account_id, datetime(2026, 6, 15, 4, tzinfo=UTC))
    assert await row(bench, account_id) == ("America/New_York", 15, datetime(2026, 7, 15, 4, tzinfo=UTC))


async def test_each_invoice_has_the_bounds_of_its_period_and_its_day_of_issue_in_the_zone_in_force(bench: Bench) -> None:
    account_id = await moving(bench)
    issues = await bench.store.cut(account_id, datetime(2026, 6, 16, 1, tzinfo=UTC))  # 15 June, 21:00, in New York

    # 1649.00 × 15/31 for 17 to 31 May; 14 of the 31 days from 15 May to 14 June: 1649.00 × 14/31 = 744.71
    assert [issue.total.minor for issue in issues] == [79790, 74471]
    found = (await bench.database.read(invoices.newest, [account_id], 5))[account_id]
    assert [(str(each.period_start), str(each.period_end), str(each.issued_on)) for each in found] == [
        ("2026-06-01", "2026-06-15", "2026-06-15"),
        ("2026-05-01", "2026-06-01", "2026-06-15"),
    ]


async def test_a_dry_run_finds_the_same_stub_and_writes_nothing(bench: Bench) -> None:
    account_id = await moving(bench)
    at = datetime(2026, 6, 15, 4, tzinfo=UTC)

    dry = await bill_run(bench.store, until=at, now=at, dry_run=True)
    assert await row(bench, account_id) == ("Europe/Istanbul", 1, CUT_OFF)
    wet = await bill_run(bench.store, until=at, now=at)

    assert (dry.invoices, dry.totals) == (wet.invoices, wet.totals)
    assert [total.minor for total in wet.totals] == [79790 + 74471]


async def test_a_year_that_was_left_on_the_stub_costs_the_same_in_a_dry_run_and_by_the_journal(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team", interval=Interval.YEAR))).subject or ""
    await bench.do(account_id, NEW_YORK)
    bench.now, at = datetime(2026, 6, 5, 12, tzinfo=UTC), datetime(2026, 6, 15, 4, tzinfo=UTC)
    await bench.do(account_id, CancelPackage(package_id=package, effective=Effective(when=When.NOW)))

    dry = await bill_run(bench.store, until=at, now=at, dry_run=True)
    wet = await bill_run(bench.store, until=at, now=at)

    # By the month 1649.00 × 15/31 = 797.90 for 17 to 31 May and 1649.00 × 5/31 = 265.97 on the stub: 1063.87 on both invoices
    assert (dry.invoices, dry.totals) == (wet.invoices, wet.totals)
    assert [total.minor for total in wet.totals] == [79790 + 26597]
    assert (await audit(look(database_url))).findings == ()


async def test_a_run_up_to_a_day_leaves_the_stub_out(bench: Bench) -> None:
    account_id = await moving(bench)
    at = datetime(2026, 6, 20, tzinfo=UTC)

    assert (await bill_run(bench.store, until=at, now=at, ended_by=date(2026, 6, 14))).invoices == 1
    assert (await row(bench, account_id))[1] == 15
    assert (await bill_run(bench.store, until=at, now=at, ended_by=date(2026, 6, 15))).invoices == 1


async def grown(bench: Bench) -> list[str]:
    """Accounts that moved: once; there and back, with a change scheduled over the seam; one that closed before it came to it."""
    once, twice, closed = await moving(bench), await bench.open("Pacific/Auckland", "EUR", "Shore"), await moving(bench)
    package = (await bench.do(twice, AddPackage(plan="team"))).subject or ""
    await bench.do(twice, ChangeBillingCalendar(time_zone="Pacific/Pago_Pago", anchor_day=2))
    await bench.do(twice, ChangePackage(package_id=package, plan="business", effective=Effective(on=date(2026, 6, 1))))
    await bench.do(closed, CloseAccount())
    for at in (datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 20, tzinfo=UTC)):
        bench.now = at
        assert (await bill_run(bench.store, until=at, now=at)).failures == ()
        await bench.do(twice, ChangeBillingCalendar(time_zone="Pacific/Kiritimati", anchor_day=at.day))
    bench.now = datetime(2026, 9, 5, tzinfo=UTC)
    assert (await bill_run(bench.store, until=bench.now, now=bench.now)).failures == ()
    await bench.do(once, ChangeBillingCalendar(anchor_day=31))
    return [once, twice, closed]


async def test_what_is_stored_is_what_a_replay_gives(bench: Bench, database_url: str) -> None:
    once, twice, closed = await grown(bench)

    assert (await audit(look(database_url))).findings == ()

    books = await bench.store.books([once, twice, closed], bench.now)
    assert [(books[key].calendar.zone, books[key].calendar.anchor) for key in (once, twice, closed)] == [
        ("America/New_York", 15),
        ("Pacific/Kiritimati", 20),
        ("Europe/Istanbul", 1),
    ]
    coming = books[once].upcoming
    assert coming is not None and (coming.on, coming.anchor) == (date(2026, 9, 15), 31)
    assert (books[twice].upcoming, books[closed].upcoming) == (None, None)
    kept = await bench.database.read(
        lambda c: (
            c.execute(select(checkpoint.c.state).where(checkpoint.c.account_id == once).order_by(checkpoint.c.revision)).scalars().all()
        )
    )
    assert [(state["opening"]["on"], state["opening"]["calendar"], state["opening"]["since"]) for state in kept][:3] == [
        ("2026-05-01", None, None),
        ("2026-06-01", {"zone": "America/New_York", "anchor": 15}, "2026-05-31T21:00:00.000000Z"),
        ("2026-06-15", {"zone": "America/New_York", "anchor": 15}, None),
    ]


async def test_the_audit_tells_of_a_row_whose_calendar_is_not_the_journals(bench: Bench, database_url: str) -> None:
    once, *_ = await grown(bench)
    await bench.database.write(lambda c: c.execute(update(account).where(account.c.account_id == once).values(zone="Europe/Istanbul")))

    (found,) = (await audit(look(database_url), once)).findings
    assert (found.what, found.detail) == (What.ACCOUNT, "zone is Europe/Istanbul, and by the journal America/New_York")


async def test_the_audit_tells_of_a_day_of_issue_by_the_wrong_calendar(bench: Bench, database_url: str) -> None:
    once, *_ = await grown(bench)
    first = select(func.min(invoice.c.number)).where(invoice.c.account_id == once).scalar_subquery()
    await bench.database.write(lambda c: c.execute(update(invoice).where(invoice.c.number == first).values(issued_on=date(2026, 5, 31))))

    (found,) = (await audit(look(database_url), once)).findings
    assert found.what is What.INVOICE and found.detail.startswith("issued_on of inv_")


async def test_checkpoints_written_before_calendars_could_change_are_read_as_they_were(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.store.cut(account_id, CUT_OFF)
    before = (await bench.store.books([account_id], CUT_OFF))[account_id]

    def age(connection):  # type: ignore[no-untyped-def]
        for found in connection.execute(select(checkpoint)).all():
            opening = {key: value for key, value in found.state["opening"].items() if key not in ("calendar", "since")}
            opening["standing"] = {key: value for key, value in opening["standing"].items() if key != "calendar"}
            aged = update(checkpoint).where(checkpoint.c.revision == found.revision)
            connection.execute(aged.values(state={**found.state, "opening": opening}))

    await bench.database.write(age)

    after = (await bench.store.books([account_id], CUT_OFF))[account_id]
    assert pack(after.opening) == pack(before.opening)
    assert (await audit(look(database_url))).findings == ()


async def test_a_copy_has_it_all(file_bench: Bench, tmp_path: Path) -> None:
    accounts = await grown(file_bench)
    url = f"sqlite:///{tmp_path}/copy.db"
    target = open_database(url)
    try:
        await copy(look(f"sqlite:///{tmp_path}/billing.db"), target)
        source = await file_bench.store.books(accounts, file_bench.now)
        copied = await target.read(load, accounts, await file_bench.store.catalog(), file_bench.now)
        assert {key: (books.calendar, books.upcoming, books.next.expected) for key, books in copied.items()} == {
            key: (books.calendar, books.upcoming, books.next.expected) for key, books in source.items()
        }
        assert (await audit(look(url))).findings == ()
    finally:
        await target.close()
