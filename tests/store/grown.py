"""A store that has grown: accounts in several zones and currencies, months of invoices, changes planned and made, one closed."""

from datetime import UTC, date, datetime

from gateway.billing.catalog import Interval
from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage, CloseAccount
from gateway.billing.effective import Effective, When
from gateway.jobs.bill_run import bill_run

from .given import Bench


async def grown(bench: Bench) -> tuple[str, str, str, str]:
    """Ids of the accounts: one of the yearly package, one of changes, one that was closed, one that never had anything."""
    yearly = await bench.open()
    package = (await bench.do(yearly, AddPackage(plan="team", interval=Interval.YEAR))).subject or ""
    await bench.do(yearly, AddAddOn(plan="ticket_system"))
    await bench.do(yearly, ChangePackage(package_id=package, plan="business", effective=Effective(on=date(2026, 8, 20))))
    changing = await bench.open("America/New_York", "USD", "Harbor Soft")
    other = (await bench.do(changing, AddPackage(plan="starter"))).subject or ""
    closing = await bench.open("Europe/Berlin", "EUR", "Ufer GmbH")
    await bench.do(closing, AddPackage(plan="team", representatives=7))
    idle = await bench.open("Pacific/Auckland", "EUR", "Shore Ltd")
    await _bill(bench, datetime(2026, 7, 3, tzinfo=UTC))
    await bench.do(changing, ChangePackage(package_id=other, plan="team", representatives=9))
    await bench.do(changing, CancelPackage(package_id=other, effective=Effective(when=When.AT_RENEWAL)))
    await bench.do(closing, ChangePackage(package_id=await _package(bench, closing), plan="business"))
    await bench.do(closing, CloseAccount())
    await _bill(bench, datetime(2026, 10, 9, tzinfo=UTC))
    await bench.do(yearly, CancelPackage(package_id=package, effective=Effective(when=When.NOW)))
    return yearly, changing, closing, idle


async def _package(bench: Bench, account_id: str) -> str:
    return (await bench.store.books([account_id], bench.now))[account_id].packages[0].id


async def _bill(bench: Bench, at: datetime) -> None:
    bench.now = at
    assert (await bill_run(bench.store, until=at, now=at)).failures == ()
