"""Discount codes in the store: counted exactly, published once for all, part of what is audited."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from gateway.billing.commands import AddPackage, ApplyDiscount
from gateway.billing.discount import PERCENT, Discount, Duration, Promotion
from gateway.billing.errors import DiscountNotAvailable
from gateway.store import invoices
from gateway.store.audit import audit
from gateway.store.catalog import CatalogConflict
from gateway.store.finding import What
from gateway.store.looking import look
from gateway.store.tables import discount, journal
from gateway.store.writing import Request

from .given import Bench
from .test_catalog import FILE

pytestmark = pytest.mark.anyio
TEN = Promotion(code="TEN", terms=Discount(names={"en": "Ten", "tr": "On"}, percent=10 * PERCENT), limit=10)
FREE = Promotion(code="FREE", terms=Discount(names={"en": "Free", "tr": "Bedava"}, percent=100 * PERCENT, duration=Duration.FOREVER))


async def publish(bench: Bench, *promotions: Promotion) -> int:
    return (await bench.store.publish(FILE.plans, FILE.convention, bench.now, promotions=promotions)).revision


async def count(bench: Bench, code: str = "TEN") -> int:
    return int(await bench.database.read(lambda c: c.execute(select(discount.c.redeemed).where(discount.c.code == code)).scalar_one()))


async def test_of_the_last_ten_exactly_ten_are_had_by_a_hundred_at_once(bench: Bench) -> None:
    await publish(bench, TEN)
    accounts = [await bench.open() for _ in range(100)]
    requests = [Request(command=ApplyDiscount(code="ten"), account_id=each, actor="tester", key="k") for each in accounts]

    answers = await asyncio.gather(*(bench.store.perform(each, bench.now) for each in requests))

    had = [answer for answer in answers if answer.refusal is None]
    refused = [answer.refusal for answer in answers if answer.refusal is not None]
    assert (len(had), len(refused), await count(bench)) == (10, 90, 10)
    assert {(type(each), str(each)) for each in refused} == {(DiscountNotAvailable, "The code TEN was redeemed as often as it can be.")}
    rows = select(func.count()).select_from(journal).where(journal.c.verb == "applyDiscount")
    assert await bench.database.read(lambda c: c.execute(rows).scalar_one()) == 10
    books = await bench.store.books(accounts, bench.now)
    assert sum(len(each.discounts) for each in books.values()) == 10


async def test_a_key_used_again_and_a_refusal_count_nothing(bench: Bench) -> None:
    await publish(bench, TEN)
    account_id = await bench.open()
    first = await bench.do(account_id, ApplyDiscount(code="TEN"), key="k")
    again = await bench.do(account_id, ApplyDiscount(code="TEN"), key="k")
    other = await bench.do(account_id, ApplyDiscount(code="TEN"))
    assert (again.subject, again.replayed) == (first.subject, True)
    assert isinstance(other.refusal, DiscountNotAvailable)
    assert await count(bench) == 1


async def test_the_audit_finds_a_count_that_is_not_the_journals(bench: Bench, database_url: str) -> None:
    await publish(bench, TEN)
    await bench.do(await bench.open(), ApplyDiscount(code="TEN"))
    assert (await audit(look(database_url))).findings == ()
    await bench.database.write(lambda c: c.execute(update(discount).values(redeemed=3)))
    (found,) = (await audit(look(database_url))).findings
    assert (found.account_id, found.what) == (None, What.DISCOUNT)
    assert found.detail == "TEN is counted as redeemed 3 times, and by the journal 1"


async def test_a_preview_reads_the_count_and_leaves_it(bench: Bench) -> None:
    await publish(bench, replace(TEN, limit=1))
    one, other = await bench.open(), await bench.open()
    drafted = await bench.store.draft(one, ApplyDiscount(code="TEN"), bench.now)
    assert drafted is not None and len(drafted[1].discounts) == 1
    assert await count(bench) == 0
    await bench.do(one, ApplyDiscount(code="TEN"))
    with pytest.raises(DiscountNotAvailable):
        await bench.store.draft(other, ApplyDiscount(code="TEN"), bench.now)


async def test_discounts_are_read_back_as_published_and_the_same_again_changes_nothing(bench: Bench) -> None:
    before = (await bench.store.catalog()).revision
    assert await publish(bench, TEN, FREE) == before + 1
    assert await publish(bench, TEN, FREE) == before + 1
    assert (await bench.store.catalog()).discounts == {"TEN": TEN, "FREE": FREE}


async def test_names_the_last_day_and_the_limit_can_change_and_the_count_goes_on(bench: Bench) -> None:
    await publish(bench, TEN)
    one, other = await bench.open(), await bench.open()
    await bench.do(one, ApplyDiscount(code="TEN"))
    changed = replace(TEN, terms=replace(TEN.terms, names={"en": "X", "tr": "Y"}), until_on=date(2030, 1, 1), limit=1)
    await publish(bench, changed)
    assert (await bench.store.catalog()).discounts["TEN"] == changed
    assert isinstance((await bench.do(other, ApplyDiscount(code="TEN"))).refusal, DiscountNotAvailable)
    assert await count(bench) == 1


@pytest.mark.parametrize(
    ("altered", "named"),
    [
        (replace(TEN, terms=replace(TEN.terms, percent=20 * PERCENT)), "percent"),
        (replace(TEN, terms=replace(TEN.terms, percent=None, amounts={"TRY": 5})), "percent, amount"),
        (replace(TEN, terms=replace(TEN.terms, duration=Duration.FOREVER)), "duration"),
        (replace(TEN, terms=replace(TEN.terms, plans=("team",))), "plans"),
        (replace(TEN, from_on=date(2026, 1, 1)), "from"),
        (replace(TEN, per_account=2), "per_account"),
    ],
)
async def test_what_was_promised_cannot_change(file_bench: Bench, altered: Promotion, named: str) -> None:
    before = await publish(file_bench, TEN)
    with pytest.raises(CatalogConflict, match=f"TEN: {named} of a published discount cannot change"):
        await publish(file_bench, altered)
    assert (await file_bench.store.catalog()).revision == before
    assert (await file_bench.store.catalog()).discounts["TEN"] == TEN


async def test_all_of_it_off_is_an_invoice_of_nothing_issued_as_paid_and_the_audit_agrees(bench: Bench, database_url: str) -> None:
    await publish(bench, TEN, FREE)
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.do(account_id, ApplyDiscount(code="TEN"))
    await bench.do(account_id, ApplyDiscount(code="FREE"))
    books = (await bench.store.books([account_id], bench.now))[account_id]
    (issue,) = await bench.store.cut(account_id, books.current.cut_off_at)
    key = (account_id, issue.invoice_id)
    invoice = (await bench.database.read(invoices.by_id, [key]))[key]
    assert (invoice.number, invoice.total.minor, invoice.stored) == ("INV-2026-000001", 0, "PAID")
    bill = (await bench.database.read(invoices.bills, [key]))[key]
    assert bill == books.current.expected
    assert [each.code for each in bill.deductions] == ["TEN", "FREE"]
    after = (await bench.store.books([account_id], books.current.cut_off_at))[account_id]
    assert [each.redemption.code for each in after.discounts] == ["FREE"]
    assert (await audit(look(database_url))).findings == ()
