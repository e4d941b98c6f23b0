"""Tax as it is kept: the published table, identities beside the chain, and what an engine said of a period that was cut."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from gateway.billing.catalog_file import read_catalog
from gateway.billing.commands import AddPackage, CloseAccount, SetTaxExemption, SetTaxIdentity
from gateway.billing.errors import KeyReused
from gateway.billing.tax import CustomerKind, TaxIdCheck, TaxRate, TaxTable
from gateway.billing.tax_engine import QuotedRate, TaxAnswer, TaxQuestion
from gateway.server.tax_ids import tax_id_form
from gateway.store import catalog
from gateway.store.audit import audit
from gateway.store.catalog import CatalogConflict
from gateway.store.looking import look
from gateway.store.tables import invoice, journal, profile

from .given import SEED, Bench

pytestmark = pytest.mark.anyio
FILE = read_catalog(SEED.read_text(), SEED.name)
JUNE = datetime(2026, 5, 31, 21, tzinfo=UTC)
VKN = "4540536920"
KDV = {"en": "KDV", "tr": "KDV"}


def rate(percent: int, from_on: date, country: str = "TR") -> TaxRate:
    return TaxRate(country=country, category="standard", from_on=from_on, percent=percent * 10**6, names=KDV)


OLD, NEW, COMING = rate(18, date(2020, 1, 1)), rate(20, date(2023, 7, 10)), rate(22, date(2027, 1, 1))
TABLE = TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=(OLD, NEW))


@dataclass
class Engine:
    """Answers as it is told, and keeps what it was asked."""

    percent: int | None
    asked: list[TaxQuestion] = field(default_factory=list)

    async def quote(self, question: TaxQuestion) -> TaxAnswer | None:
        self.asked.append(question)
        if self.percent is None:
            return None
        rates = tuple(QuotedRate(category=each, percent=self.percent * 10**6, names={"en": "GST"}) for each in question.nets)
        return TaxAnswer(country=question.country, on=question.on, rates=rates)


@pytest.fixture
async def taxed(database_url: str) -> AsyncIterator[Bench]:
    """A store of a vendor that charges tax; ids are checked."""
    async with charging(database_url) as bench:
        yield bench


@asynccontextmanager
async def charging(url: str, engine: Engine | None = None) -> AsyncIterator[Bench]:
    """The same, with an engine to ask."""
    bench = Bench(url, tax_ids=tax_id_form, tax_engine=engine)
    await bench.store.publish(FILE.plans, FILE.convention, bench.now, tax=TABLE)
    try:
        yield bench
    finally:
        await bench.store.close()


async def publish(bench: Bench, table: TaxTable | None) -> int:
    return (await bench.store.publish(FILE.plans, FILE.convention, bench.now, tax=table)).revision


async def test_the_table_is_read_back_as_it_was_published(taxed: Bench) -> None:
    assert (await taxed.database.read(catalog.read)).tax == TABLE
    assert await publish(taxed, TABLE) == 1


async def test_a_rate_to_come_can_be_added_corrected_and_taken_back(taxed: Bench) -> None:
    assert await publish(taxed, replace(TABLE, rates=(OLD, NEW, COMING))) == 2
    assert await publish(taxed, replace(TABLE, rates=(OLD, NEW, rate(23, date(2027, 1, 1))))) == 3
    assert await publish(taxed, TABLE) == 4
    assert (await taxed.store.catalog()).tax == TABLE


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (None, "cannot be left out"),
        (replace(TABLE, seller="DE"), "seller is TR from 2024-01-01 on and cannot become DE"),
        (replace(TABLE, from_on=date(2024, 2, 1)), "cannot become TR from 2024-02-01"),
        (replace(TABLE, rates=(OLD,)), "from 2023-07-10 was published as 20 % and cannot become none"),
        (replace(TABLE, rates=(OLD, rate(21, NEW.from_on))), "published as 20 % and cannot become 21 %"),
        (replace(TABLE, rates=(OLD, NEW, rate(21, date(2026, 5, 17)))), "published as none and cannot become 21 %"),
        (replace(TABLE, rates=(OLD, NEW, rate(19, date(2020, 1, 1), "DE"))), "rate of DE from 2020-01-01 was published as none"),
    ],
)
async def test_what_has_begun_cannot_be_altered(taxed: Bench, table: TaxTable | None, reason: str) -> None:
    with pytest.raises(CatalogConflict, match=reason):
        await publish(taxed, table)
    assert (await taxed.store.catalog()).revision == 1


async def test_who_charged_no_tax_can_only_begin_on_a_day_to_come(bench: Bench) -> None:
    with pytest.raises(CatalogConflict, match="it cannot begin on 2024-01-01, but after 2026-05-17"):
        await publish(bench, TABLE)
    later = replace(TABLE, from_on=date(2026, 7, 1))
    assert await publish(bench, later) == 2
    assert await publish(bench, replace(later, from_on=date(2026, 8, 1))) == 3
    assert await publish(bench, None) == 4


async def test_the_tax_id_stands_beside_the_chain_and_the_account_keeps_its_name(taxed: Bench) -> None:
    account_id = await taxed.open(name="Kıyı")
    await taxed.do(account_id, SetTaxIdentity(country="TR", kind=CustomerKind.BUSINESS, tax_id=VKN))
    books = (await taxed.store.books([account_id], taxed.now))[account_id]
    chain = await taxed.database.read(lambda c: c.execute(select(journal)).all())
    kept = await taxed.database.read(lambda c: c.execute(select(profile.c.data)).scalars().all())

    assert (books.account.name, books.account.tax_id) == ("Kıyı", VKN)
    assert books.standing.tax is not None and books.standing.tax.check is TaxIdCheck.WELL_FORMED
    assert VKN not in str([(row.input, row.facts) for row in chain])
    assert {"name": "Kıyı", "tax_id": VKN} in kept


async def test_a_repeated_request_gets_its_first_outcome_and_a_refusal_binds_its_key(taxed: Bench) -> None:
    account_id = await taxed.open()
    good = SetTaxIdentity(country="TR", kind=CustomerKind.BUSINESS, tax_id=VKN)
    bad = replace(good, tax_id="1")
    first, again = await taxed.do(account_id, good, "a"), await taxed.do(account_id, good, "a")
    refused, refused_again = await taxed.do(account_id, bad, "b"), await taxed.do(account_id, bad, "b")
    with pytest.raises(KeyReused):
        await taxed.do(account_id, good, "b")

    assert (first.replayed, again.replayed, again.revision) == (False, True, first.revision)
    assert refused.refusal is not None and refused_again.refusal is not None and refused_again.replayed
    assert (refused.refusal.code, refused_again.refusal.code) == ("INVALID_INPUT", "INVALID_INPUT")
    assert refused_again.refusal.text("en") == "This is not a tax id of TR; a right one looks like 4540536920."


async def turkish(bench: Bench) -> str:
    account_id = await bench.open()
    await bench.do(account_id, SetTaxIdentity(country="TR", kind=CustomerKind.BUSINESS, tax_id=VKN))
    await bench.do(account_id, AddPackage(plan="team"))
    return account_id


async def documents(bench: Bench) -> list[dict[str, object]]:
    rows = await bench.database.read(lambda c: c.execute(select(invoice.c.document).order_by(invoice.c.period_start)).scalars().all())
    return [json.loads(row) for row in rows]


async def test_a_period_is_cut_with_its_tax_and_an_audit_finds_nothing(taxed: Bench, database_url: str) -> None:
    account_id = await turkish(taxed)
    await taxed.do(account_id, SetTaxExemption(reason="embassy"))
    await taxed.do(account_id, SetTaxExemption())
    expected = (await taxed.store.books([account_id], taxed.now))[account_id].current.expected
    (issue,) = await taxed.store.cut(account_id, JUNE)
    taxed.now = JUNE
    await taxed.do(account_id, CloseAccount())
    first, _ = await documents(taxed)

    # 1649.00 × 15/31 = 797.90; 20 % of it are 159.58
    assert (issue.total.minor, issue.total) == (95748, expected.due)
    assert (first["net"], first["gross"], first["tax_status"]) == (79790, 95748, "CHARGED")
    assert (await audit(look(database_url))).findings == ()


async def test_what_an_engine_says_is_charged_and_replayed_without_asking_again(database_url: str) -> None:
    engine = Engine(7)
    async with charging(database_url, engine) as bench:
        account_id = await turkish(bench)
        issues = await bench.store.cut(account_id, datetime(2026, 6, 30, 21, tzinfo=UTC))
        inputs = await bench.database.read(
            lambda c: c.execute(select(journal.c.input).where(journal.c.verb == "cutPeriod")).scalars().all()
        )
        found = await documents(bench)

        # 797.90 × 7 % = 55.853; 1649.00 × 7 % = 115.43
        assert [issue.total.minor for issue in issues] == [85375, 176443]
        assert [(each.on, each.nets) for each in engine.asked] == [
            (date(2026, 5, 31), {"standard": 79790}),
            (date(2026, 6, 30), {"standard": 164900}),
        ]
        assert [each["tax"]["rates"][0]["percent"] for each in inputs] == [7_000_000, 7_000_000]
        assert [[line["source"] for line in each["tax"]] for each in found] == [["ENGINE"], ["ENGINE"]]  # type: ignore[attr-defined]
        assert (await audit(look(database_url))).findings == ()
        assert len(engine.asked) == 2


async def test_an_engine_without_an_answer_blocks_nothing_and_the_line_says_so(database_url: str) -> None:
    async with charging(database_url, Engine(None)) as bench:
        (issue,) = await bench.store.cut(await turkish(bench), JUNE)
        ((line,),) = [each["tax"] for each in await documents(bench)]  # type: ignore[misc]

        assert issue.total.minor == 95748
        assert (line["source"], line["notes"]) == ("TABLE", ["ENGINE_UNAVAILABLE"])
        assert (await audit(look(database_url))).findings == ()


async def test_closing_an_account_asks_for_its_last_periods_too(database_url: str) -> None:
    engine = Engine(7)
    async with charging(database_url, engine) as bench:
        account_id = await turkish(bench)
        bench.now = datetime(2026, 6, 5, 9, tzinfo=UTC)
        await bench.do(account_id, CloseAccount())
        found = await documents(bench)
        repeated = await bench.do(account_id, CloseAccount())

        # May as above; in June 5 of 30 days: 1649.00 × 5/30 = 274.83, and 7 % of it 19.24
        assert [each["due"] for each in found] == [85375, 29407]
        assert [each.on for each in engine.asked] == [date(2026, 5, 31), date(2026, 6, 30)]
        assert repeated.refusal is not None and repeated.refusal.code == "ACCOUNT_CLOSED"
        assert (await audit(look(database_url))).findings == ()


async def test_an_account_without_an_identity_is_not_asked_for(database_url: str) -> None:
    engine = Engine(7)
    async with charging(database_url, engine) as bench:
        account_id = await bench.open()
        await bench.do(account_id, AddPackage(plan="team"))
        (issue,) = await bench.store.cut(account_id, JUNE)

        assert (issue.total.minor, engine.asked) == (79790, [])
