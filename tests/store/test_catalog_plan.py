"""A catalog plan: what it foretells is what invoices later say, it is only looked at, and `planned` publishes nothing else."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from gateway.billing.catalog import Interval, Offer, Plan, Rate
from gateway.billing.catalog_file import CatalogFile, read_catalog
from gateway.billing.commands import AddPackage, CancelPackage, CloseAccount, GrantCredit
from gateway.billing.credit import CreditReason
from gateway.billing.dates import Period
from gateway.billing.effective import Effective, When
from gateway.billing.money import Money
from gateway.store import catalog_plan, invoices
from gateway.store.catalog import CatalogConflict
from gateway.store.catalog_plan import CatalogPlan
from gateway.store.looking import CannotLook, look
from tests import databases

from .given import SEED, Bench

pytestmark = pytest.mark.anyio
FILE = replace(read_catalog(SEED.read_text(), SEED.name), tax=None, discounts=())
RISE = date(2026, 8, 1)


def raised(code: str, by: int, on: date) -> CatalogFile:
    """The product's file, in which each price of a plan rises by so much percent on a day."""

    def rate(of: Rate) -> Rate:
        return Rate(of.millionths * (100 + by) // 100, of.currency)

    def offer(of: Offer) -> Offer:
        prices = tuple(replace(each, base=rate(each.base), per_representative=rate(each.per_representative)) for each in of.prices)
        return replace(of, from_on=on, prices=prices)

    def plan(of: Plan) -> Plan:
        return replace(of, offers=(of.offers[0], offer(of.offers[0]), *of.offers[1:])) if of.code == code else of

    return replace(FILE, plans=tuple(map(plan, FILE.plans)))


async def planned(bench: Bench, url: str, file: CatalogFile, sample: int | None = None) -> CatalogPlan:
    return await catalog_plan.plan(look(url), file, bench.now, sample)


async def publish(bench: Bench, file: CatalogFile, digest: str | None = None) -> int:
    return (await bench.store.publish(file.plans, file.convention, bench.now, planned=digest)).revision


async def holding(bench: Bench, plan: str, interval: Interval = Interval.MONTH, currency: str = "TRY") -> str:
    account_id = await bench.open(currency=currency)
    await bench.do(account_id, AddPackage(plan=plan, interval=interval))
    return account_id


async def billed(bench: Bench, url: str, account_id: str, period: Period) -> int:
    """The gross of an account's invoice for a period, in minor units: what is due, and the credit that paid a part of it."""
    found = (await bench.database.read(invoices.newest, [account_id], 100, None))[account_id]
    (mine,) = [each for each in found if each.period_start == period.start]
    bill = (await bench.database.read(invoices.bills, [(account_id, mine.id)]))[account_id, mine.id]
    return bill.gross.minor


async def test_the_totals_of_a_plan_are_what_invoices_later_are(bench: Bench, database_url: str) -> None:
    monthly = await holding(bench, "business")
    yearly = await holding(bench, "business", Interval.YEAR)
    await holding(bench, "starter")
    abroad = await holding(bench, "business", currency="EUR")
    await bench.do(monthly, GrantCredit(amount=Decimal("100.00"), reason=CreditReason.GOODWILL, text="sorry"))
    file = raised("business", 10, RISE)

    plan = await planned(bench, database_url, file)

    try_, eur = plan.totals["TRY"], plan.totals["EUR"]
    assert (plan.seen, plan.of, try_.accounts, try_.changed, eur.accounts, eur.changed) == (4, 4, 3, 2, 1, 1)
    firsts = {each.account: each.first for each in (*try_.largest, *eur.largest) if each.first is not None}
    august, may = Period(RISE, date(2026, 9, 1)), Period(date(2027, 5, 1), date(2027, 6, 1))
    assert {account: first.period for account, first in firsts.items()} == {monthly: august, yearly: may, abroad: august}
    # 4990.00 + 10 %; a month of 31 days of 49900.00 a year + 10 %
    assert (firsts[monthly].before, firsts[monthly].after) == (Money(499000, "TRY"), Money(548900, "TRY"))
    assert (firsts[yearly].before, firsts[yearly].after) == (Money(422650, "TRY"), Money(464915, "TRY"))  # 31/366 of the year

    assert await publish(bench, file, plan.merged.digest) == 2
    ids = {"TRY": [monthly, yearly], "EUR": [abroad]}
    for account_id in databases_accounts(database_url):
        await bench.store.cut(account_id, datetime.fromisoformat("2027-06-02T00:00Z"))
    for currency, totals in plan.totals.items():
        first = sum([await billed(bench, database_url, each, firsts[each].period) for each in ids[currency]])
        assert totals.first.after == Money(first, currency)
        everybody = databases_accounts(database_url, currency)
        for one, period in ((totals.current, "2026-05-01"), (totals.next, "2026-06-01")):
            days = Period(date.fromisoformat(period), date.fromisoformat(period))
            assert one.after == one.before == Money(sum([await billed(bench, database_url, each, days) for each in everybody]), currency)


def databases_accounts(url: str, currency: str | None = None) -> list[str]:
    where = f" WHERE currency = '{currency}'" if currency else ""
    return [row[0] for row in databases.fetch(url, f"SELECT account_id FROM account{where} ORDER BY account_id")]


async def test_a_plan_writes_nothing_and_says_each_price_that_differs(bench: Bench, database_url: str) -> None:
    await holding(bench, "business")
    tables = ("journal", "offer", "plan", "reference", "outbox", "checkpoint")
    before = [databases.fetch(database_url, f"SELECT * FROM {table}") for table in tables]

    plan = await planned(bench, database_url, raised("business", 10, RISE))

    assert [databases.fetch(database_url, f"SELECT * FROM {table}") for table in tables] == before
    told = {(each.where[-2], each.where[-1]): (each.before, each.after) for each in plan.differences}
    assert {each.where[:4] for each in plan.differences} == {("plans", "business", "offers", "2026-08-01")}
    assert told["MONTH TRY", "base"] == ("4990.00 TRY", "5489.00 TRY")
    assert told["YEAR EUR", "per_representative"] == ("120.00 EUR", "132.00 EUR")
    assert len(told) == 18  # three terms, three currencies, base and representative


async def test_what_became_of_the_catalog_is_what_was_planned(bench: Bench, database_url: str) -> None:
    plan = await planned(bench, database_url, raised("business", 10, RISE))

    await publish(bench, raised("business", 10, RISE), plan.merged.digest)

    assert await bench.store.catalog() == plan.merged.after
    again = await planned(bench, database_url, raised("business", 10, RISE))
    assert (again.merged.changes, again.differences) == (False, ())


async def test_another_file_or_a_catalog_that_moved_meanwhile_is_not_published_under_the_digest(bench: Bench, database_url: str) -> None:
    digest = (await planned(bench, database_url, raised("business", 10, RISE))).merged.digest

    with pytest.raises(CatalogConflict, match="not what was planned"):
        await publish(bench, raised("business", 11, RISE), digest)
    assert await publish(bench, raised("team", 5, RISE)) == 2
    with pytest.raises(CatalogConflict, match="not what was planned"):
        await publish(bench, raised("business", 10, RISE), digest)
    assert (await bench.store.catalog()).revision == 2


async def test_everything_that_would_be_refused_is_said_and_no_account_is_billed(bench: Bench, database_url: str) -> None:
    await holding(bench, "business")
    file = replace(raised("business", 10, date(2026, 5, 1)), convention="NEW_STATE_DAY")

    plan = await planned(bench, database_url, file)

    convention, past = plan.merged.problems
    assert convention.startswith("The convention is USED_DAY and cannot become NEW_STATE_DAY")
    assert past.startswith("business: the offer from 2026-05-01 differs from what was published")
    assert (plan.seen, plan.totals) == (0, {})
    with pytest.raises(CatalogConflict) as refused:
        await bench.store.publish(file.plans, file.convention, bench.now)
    assert str(refused.value) == "\n".join(plan.merged.problems)


async def test_an_offer_left_out_of_the_file_counts_when_a_later_one_drops_its_price(bench: Bench, database_url: str) -> None:
    business = next(each for each in FILE.plans if each.code == "business")
    last = business.offers[-1]
    poorer = replace(last, from_on=date(2028, 1, 1), prices=last.prices[1:])
    file = replace(FILE, plans=(replace(business, offers=(poorer,)),))

    (problem,) = (await planned(bench, database_url, file)).merged.problems

    assert problem.startswith("business: the offer from 2028-01-01 drops the MONTH price in TRY")


async def test_a_sample_is_spread_over_all_accounts_and_closed_ones_are_left_out(bench: Bench, database_url: str) -> None:
    ids = sorted([await holding(bench, "business") for _ in range(7)])
    await bench.do(ids[0], CloseAccount())

    plan = await planned(bench, database_url, raised("business", 10, RISE), sample=3)

    assert (plan.of, plan.seen, plan.totals["TRY"].accounts, plan.totals["TRY"].changed) == (6, 3, 3, 3)
    assert sorted(each.account for each in plan.totals["TRY"].largest) == [ids[1], ids[3], ids[5]]
    assert (await planned(bench, database_url, raised("business", 10, RISE), sample=99)).seen == 6


async def test_the_ten_that_change_most_are_named_the_largest_first(bench: Bench, database_url: str) -> None:
    ids = []
    for number in range(12):
        account_id = await bench.open()
        await bench.do(account_id, AddPackage(plan="business", representatives=10 + number))
        ids.append(account_id)

    plan = await planned(bench, database_url, raised("business", 10, RISE))

    assert [each.account for each in plan.totals["TRY"].largest] == ids[:1:-1]


async def test_who_leaves_before_the_rise_is_not_touched(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="business"))).subject or ""
    await bench.do(account_id, CancelPackage(package_id=package, effective=Effective(when=When.AT_RENEWAL)))

    totals = (await planned(bench, database_url, raised("business", 10, RISE))).totals["TRY"]

    assert (totals.accounts, totals.changed, totals.largest) == (1, 0, [])
    assert totals.next.before == totals.next.after == Money(0, "TRY")


async def test_where_there_is_no_database_that_is_said(bench: Bench, database_url: str, tmp_path: object) -> None:
    with pytest.raises(CannotLook):
        await planned(bench, f"sqlite:///{tmp_path}/none.db", FILE)
