"""The day ledger as clients see it: the running period, the next, and any that was cut, from a few statements."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangeBillingCalendar, ChangePackage
from gateway.billing.dates import DAY
from gateway.billing.effective import Effective, When
from gateway.store import invoices, periods
from tests.store.given import statements

from .given import Client

pytestmark = pytest.mark.anyio
NOW = Effective(when=When.NOW)
DAYS = """on expected reason because states { plan name representatives interval since until billed }
    shares { formula exact amount { amount } line { formula amount { amount } because { revision verb } } }"""
LEDGER = f"""query($period: ForecastPeriod!, $on: Date) {{ account {{
    packages {{ id billedDays(period: $period, on: $on) {{ {DAYS} }} }}
    addOns {{ billedDays(period: $period, on: $on) {{ on reason }} }} }} }}"""
Json = dict[str, Any]


@pytest.fixture
async def package(client: Client, owner: str) -> str:
    """Team from 17 May, Business for two hours of the 20th, and from 25 June on; an add-on from 3 July on."""
    account, bench = owner.partition(":")[2], client.bench

    def at(text: str) -> None:
        bench.now = datetime.fromisoformat(text).replace(tzinfo=UTC)

    package = (await bench.do(account, AddPackage(plan="team"))).subject or ""
    at("2026-05-20T09:00")
    await bench.do(account, ChangePackage(package_id=package, plan="business"))
    at("2026-05-20T11:00")
    await bench.do(account, ChangePackage(package_id=package, plan="team", representatives=3, effective=NOW))
    at("2026-06-25T09:00")
    await bench.do(account, ChangePackage(package_id=package, plan="business"))
    at("2026-07-03T09:00")
    await bench.do(account, AddAddOn(plan="ticket_system"))
    return package


async def days(client: Client, owner: str, period: str = "CURRENT", on: str | None = None) -> dict[str, Json]:
    found = await client.data(owner, LEDGER, period=period, on=on)
    (package,) = found["account"]["packages"]
    return {each["on"]: each for each in package["billedDays"]}


async def test_a_day_shows_its_states_what_is_billed_and_why(client: Client, owner: str, package: str) -> None:
    tried = (await days(client, owner, on="2026-05-20"))["2026-05-20"]

    assert (tried["reason"], tried["because"]) == ("DEAREST_STATE", "Billed once, as the dearest state of the day.")
    assert [(each["plan"], each["name"], each["representatives"], each["billed"]) for each in tried["states"]] == [
        ("team", "Team", 3, False),
        ("business", "Business", 3, True),
        ("team", "Team", 3, False),
    ]
    times = [(each["since"][:19], each["until"][:19]) for each in tried["states"]]
    assert times == [  # the day is Istanbul's
        ("2026-05-19T21:00:00", "2026-05-20T09:00:01"),
        ("2026-05-20T09:00:01", "2026-05-20T11:00:01"),
        ("2026-05-20T11:00:01", "2026-05-20T21:00:00"),
    ]
    (share,) = tried["shares"]
    assert (share["formula"], share["exact"], share["amount"]) == ("4990.00 × 1/31", "160.967741935484", {"amount": "160.97"})
    assert share["line"]["because"][0]["verb"] == "changePackage"


async def test_the_running_and_the_next_period_are_there_with_days_to_come(client: Client, owner: str, package: str) -> None:
    running, coming = await days(client, owner), await days(client, owner, "NEXT")

    assert (min(running), max(running), min(coming), max(coming)) == ("2026-07-01", "2026-07-31", "2026-08-01", "2026-08-31")
    assert [on for on, day in running.items() if not day["expected"]] == ["2026-07-01", "2026-07-02", "2026-07-03"]
    assert all(day["expected"] for day in coming.values())


async def test_a_period_that_was_cut_says_to_the_cent_what_its_invoice_says(client: Client, owner: str, package: str) -> None:
    account, bench = owner.partition(":")[2], client.bench
    before = {month: await days(client, owner, on=f"2026-{month}-28") for month in ("05", "06")}
    await bench.store.cut(account, bench.now)
    assert (await bench.store.books([account], bench.now))[account].opening.on == date(2026, 7, 1)

    after = {month: await days(client, owner, on=f"2026-{month}-01") for month in ("05", "06")}

    assert [len(each) for each in after.values()] == [31, 30]
    assert after == before
    newest = (await bench.database.read(invoices.newest, [account], 10, None))[account]
    for invoice, month in zip(newest, ("06", "05"), strict=True):
        bill = (await bench.database.read(invoices.bills, [(account, invoice.id)]))[account, invoice.id]
        shares = [share for day in after[month].values() for share in day["shares"]]
        assert sum(Decimal(share["amount"]["amount"]) for share in shares) == bill.subtotal.amount
        assert {share["line"]["formula"] for share in shares} == {line.formula for line in bill.lines}


async def test_every_past_period_of_a_long_history_is_found_from_its_own_checkpoint(client: Client, owner: str, package: str) -> None:
    account, bench = owner.partition(":")[2], client.bench
    bench.now = datetime(2027, 6, 10, tzinfo=UTC)
    await bench.do(account, CancelPackage(package_id=package, effective=NOW))
    await bench.store.cut(account, bench.now)
    bills = {}
    for invoice in (await bench.database.read(invoices.newest, [account], 100, None))[account]:
        bill = (await bench.database.read(invoices.bills, [(account, invoice.id)]))[account, invoice.id]
        bills[bill.period.start] = sum(line.amount.minor for line in bill.lines if line.item == package)
    assert len(bills) == 13

    for start, minor in bills.items():
        for on in (start, start + 27 * DAY):
            shares = [share for day in (await days(client, owner, on=str(on))).values() for share in day["shares"]]
            assert sum(Decimal(share["amount"]["amount"]) for share in shares) * 100 == minor


async def test_a_period_from_before_a_change_of_the_calendar_keeps_its_days(client: Client, owner: str, package: str) -> None:
    account, bench = owner.partition(":")[2], client.bench
    before = {on: await days(client, owner, on=on) for on in ("2026-05-20", "2026-06-20", "2026-07-20")}
    await bench.do(account, ChangeBillingCalendar(time_zone="America/New_York", anchor_day=15))
    bench.now = datetime(2026, 10, 2, tzinfo=UTC)
    await bench.store.cut(account, bench.now)
    assert (await bench.store.books([account], bench.now))[account].account.zone == "America/New_York"

    after = {on: await days(client, owner, on=on) for on in before}

    assert all({**day, "expected": None} == {**before[on][key], "expected": None} for on in before for key, day in after[on].items())
    stub = await days(client, owner, on="2026-08-03")
    assert (min(stub), max(stub)) == ("2026-08-01", "2026-08-14")


async def test_before_it_was_there_an_item_has_no_days_and_other_days_are_refused(client: Client, owner: str, package: str) -> None:
    account = owner.partition(":")[2]
    await client.bench.store.cut(account, client.bench.now)

    found = await client.data(owner, LEDGER, period="CURRENT", on="2026-06-10")

    assert found["account"]["addOns"] == [{"billedDays": []}]
    for on in ("2026-04-30", "2026-09-01", "0001-01-01", "9999-12-31"):
        answer = await client.ask(owner, LEDGER, period="CURRENT", on=on)
        (error, *_) = answer["errors"]
        assert error["message"] == "No billing period up to the next one holds this day."
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_past_period_costs_three_statements_however_many_items_ask(client: Client, owner: str, package: str) -> None:
    account, bench = owner.partition(":")[2], client.bench
    await bench.store.cut(account, bench.now)
    bench.now += timedelta(seconds=1)

    with statements(bench.database) as seen:
        found = await bench.database.read(
            periods.opened, [(account, date(2026, 5, 20)), (account, date(2026, 6, 20)), ("acc_none", date(2026, 6, 20))]
        )
    assert len(seen) == 3
    assert set(found) == {(account, date(2026, 5, 20)), (account, date(2026, 6, 20))}


async def test_the_reason_is_said_in_the_readers_language(client: Client, owner: str, package: str) -> None:
    answer = await client.ask(owner, LEDGER, language="tr", period="CURRENT", on="2026-05-20")

    (package_,) = answer["data"]["account"]["packages"]
    assert package_["billedDays"][19]["because"] == "Bir kez, günün en pahalı durumu üzerinden faturalanır."
