"""The audit: clean over a store that has grown, and for each kind of damage exactly that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from gateway.billing.codec import canonical
from gateway.billing.commands import AddPackage
from gateway.billing.journal import Entry
from gateway.store import audit_account
from gateway.store.audit import audit
from gateway.store.finding import Finding, Seen, What
from gateway.store.looking import CannotLook, look
from gateway.store.tables import account, checkpoint, invoice, journal, number, profile

from .given import Bench
from .grown import grown

pytestmark = pytest.mark.anyio

Told = list[tuple[What, str]]


@dataclass
class Ground:
    """Where damage is done: the account of the yearly package, whose entry 5 cuts its first invoice and 6 issues it."""

    connection: Connection
    account_id: str
    invoice_id: str

    def entry(self, revision: int) -> Entry:
        row = self.connection.execute(select(journal).where(*self.at(revision))).one()
        return Entry(**row._mapping)

    def at(self, revision: int) -> tuple[Any, ...]:
        return journal.c.account_id == self.account_id, journal.c.revision == revision

    def write(self, revision: int, /, **values: object) -> None:
        self.connection.execute(update(journal).where(*self.at(revision)).values(**values))

    def drop(self, revision: int) -> None:
        self.connection.execute(delete(journal).where(*self.at(revision)))

    def head(self, **values: object) -> None:
        self.connection.execute(update(account).where(account.c.account_id == self.account_id).values(**values))

    def bill(self, **values: object) -> None:
        self.connection.execute(update(invoice).where(invoice.c.invoice_id == self.invoice_id).values(**values))

    def billed(self) -> Any:
        return self.connection.execute(select(invoice).where(invoice.c.invoice_id == self.invoice_id)).one()

    def state(self, revision: int) -> Any:
        mine = (checkpoint.c.account_id == self.account_id, checkpoint.c.revision == revision)
        return self.connection.execute(select(checkpoint.c.state).where(*mine)).scalar_one()

    def keep(self, revision: int, state: Any) -> None:
        mine = (checkpoint.c.account_id == self.account_id, checkpoint.c.revision == revision)
        self.connection.execute(update(checkpoint).where(*mine).values(state=state))

    def forge(self, revision: int, /, **values: Any) -> None:
        """Alter an entry and seal everything from there on anew, as one would who knows how seals are made."""
        written = replace(self.entry(revision), **values)
        last = self.connection.execute(select(account.c.revision).where(account.c.account_id == self.account_id)).scalar_one()
        while True:
            content = [written.account_id, written.revision, f"{written.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", written.actor]
            digest = sha256(canonical([*content, written.verb, written.input, written.facts, written.previous])).hexdigest()
            self.write(written.revision, facts=written.facts, at=written.at, previous=written.previous, digest=digest)
            if written.revision == last:
                break
            written = replace(self.entry(written.revision + 1), previous=digest)
        self.head(digest=digest)


async def ground(bench: Bench) -> tuple[str, str, Callable[[Callable[[Ground], None]], Any]]:
    """A grown store; gives the account, its first invoice, and a way to do damage."""
    account_id, *_ = await grown(bench)
    first = select(invoice.c.invoice_id).where(invoice.c.number == "INV-2026-000001")
    invoice_id = await bench.database.read(lambda connection: connection.execute(first).scalar_one())

    async def damage(do: Callable[[Ground], None]) -> None:
        await bench.database.write(lambda connection: do(Ground(connection, account_id, invoice_id)))

    return account_id, invoice_id, damage


async def seen(url: str, account_id: str | None = None) -> Seen:
    return await audit(look(url), account_id)


async def test_a_grown_store_is_clean_and_the_progress_is_told(bench: Bench, database_url: str) -> None:
    await grown(bench)
    told: list[tuple[int, int]] = []

    found = await audit(look(database_url), progress=lambda done, of: told.append((done, of)))

    assert found == Seen((), accounts=4, entries=43, checkpoints=22, invoices=11)
    assert told == [(4, 4), (4, 4)]


async def test_journals_longer_than_a_page_are_clean_too(bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await grown(bench)
    monkeypatch.setattr(audit_account, "_PAGE", 3)

    assert await seen(database_url) == Seen((), accounts=4, entries=43, checkpoints=22, invoices=11)


async def test_one_account_alone_is_looked_at_and_one_that_is_missing_named(bench: Bench, database_url: str) -> None:
    _, _, closed, _ = await grown(bench)

    assert await seen(database_url, closed) == Seen((), accounts=1, entries=10, checkpoints=4, invoices=3)
    with pytest.raises(CannotLook, match=r"^there is no account acc_none$"):
        await seen(database_url, "acc_none")


async def test_an_empty_store_is_clean(bench: Bench, database_url: str) -> None:
    assert await seen(database_url) == Seen()


async def test_a_store_that_is_written_to_meanwhile_is_clean(bench: Bench, database_url: str) -> None:
    """What was written before a view was taken is seen, what comes after is not: never half of it."""
    account_id = await bench.open()
    async with look(database_url).view() as view:
        before = await view(audit_account.audit_account, account_id, await bench.store.catalog())
        await bench.do(account_id, AddPackage(plan="team"))
        await bench.store.cut(account_id, datetime(2026, 8, 1, tzinfo=UTC))
        again = await view(audit_account.audit_account, account_id, await bench.store.catalog())

    assert before == again == Seen((), accounts=1, entries=1, checkpoints=1)
    assert await seen(database_url) == Seen((), accounts=1, entries=8, checkpoints=4, invoices=3)


# --- the journal ---------------------------------------------------------------------------------------------------


def alter_an_amount(at: Ground) -> None:
    (fact,) = at.entry(5).facts
    at.write(5, facts=[{**fact, "total": 1}])


def alter_an_actor(at: Ground) -> None:
    at.write(15, actor="somebody else")


def drop_an_entry(at: Ground) -> None:
    at.drop(4)


def drop_the_first(at: Ground) -> None:
    at.drop(1)


def drop_the_last(at: Ground) -> None:
    at.drop(15)


def drop_them_all(at: Ground) -> None:
    at.connection.execute(delete(journal).where(journal.c.account_id == at.account_id))


def swap_two(at: Ground) -> None:
    at.write(2, revision=99)
    at.write(3, revision=2)
    at.write(99, revision=3)


def forge_an_amount(at: Ground) -> None:
    (fact,) = at.entry(5).facts
    at.forge(5, facts=[{**fact, "total": 94331}])


def forge_a_time(at: Ground) -> None:
    at.forge(3, at=at.entry(2).at - timedelta(seconds=1))


def forge_one_link(at: Ground) -> None:
    following = at.entry(6)
    at.forge(5, at=at.entry(5).at - timedelta(seconds=1))
    at.forge(6, previous=following.previous)


def name_a_fact_nobody_knows(at: Ground) -> None:
    at.forge(15, facts=[{"fact": "Gift", "revision": 15}])


JOURNAL: dict[Callable[[Ground], None], Told] = {
    alter_an_amount: [(What.SEAL, "the entry of revision 5 is not what was sealed")],
    alter_an_actor: [(What.SEAL, "the entry of revision 15 is not what was sealed")],
    drop_an_entry: [(What.MISSING, "no entry has revision 4")],
    drop_the_first: [(What.MISSING, "no entry has revision 1")],
    drop_the_last: [(What.ACCOUNT, "revision is 15, and the journal ends at 14")],
    drop_them_all: [(What.MISSING, "there is no journal")],
    swap_two: [
        (What.SEAL, "the entry of revision 2 is not what was sealed"),
        (What.SEAL, "the entry of revision 3 is not what was sealed"),
        (What.CHAIN, "the entry of revision 4 was sealed onto another than the one before"),
    ],
    forge_an_amount: [
        (What.CUT, "the period from 2026-05-01 was cut at 94331 to 2026-06-01; a replay bills 94332 to 2026-06-01"),
        (What.INVOICE, "the totals of {invoice} disagree: due 94332, row 94332, journal 94331"),
    ],
    forge_one_link: [(What.CHAIN, "the entry of revision 6 was sealed onto another than the one before")],
    forge_a_time: [(What.INSTANT, "the entry of revision 3 is not later than the one before")],
    name_a_fact_nobody_knows: [(What.REPLAY, "the entry of revision 15 cannot be replayed: 'Gift'")],
}

# --- what stands beside it -----------------------------------------------------------------------------------------


def alter_a_count(at: Ground) -> None:
    state = at.state(7)
    state["opening"]["items"][0]["counts"][0]["units"] += 1
    at.keep(7, state)


def spoil_a_checkpoint(at: Ground) -> None:
    at.keep(7, {"facts": []})


def drop_a_checkpoint(at: Ground) -> None:
    at.connection.execute(delete(checkpoint).where(checkpoint.c.account_id == at.account_id, checkpoint.c.revision == 7))


def add_a_checkpoint(at: Ground) -> None:
    at.connection.execute(insert(checkpoint).values(account_id=at.account_id, revision=8, state=at.state(7)))


def point_to_an_older_checkpoint(at: Ground) -> None:
    at.head(checkpoint=11)


def raise_the_revision(at: Ground) -> None:
    at.head(revision=16)


def lower_the_revision(at: Ground) -> None:
    at.head(revision=14)


def alter_the_chain_end(at: Ground) -> None:
    at.head(digest="0" * 64)


def alter_the_zone(at: Ground) -> None:
    at.head(zone="Europe/Berlin")


def close_it(at: Ground) -> None:
    at.head(closed_at=datetime(2026, 10, 9, tzinfo=UTC))


def put_off_the_cut(at: Ground) -> None:
    at.head(cut_off_at=datetime(2027, 1, 1, tzinfo=UTC))


def never_cut_it(at: Ground) -> None:
    at.head(cut_off_at=None)


def alter_the_name(at: Ground) -> None:
    at.connection.execute(update(profile).where(profile.c.account_id == at.account_id).values(data={"name": "Else"}))


def erase_the_name(at: Ground) -> None:
    at.connection.execute(delete(profile).where(profile.c.account_id == at.account_id))


BESIDE: dict[Callable[[Ground], None], Told] = {
    alter_a_count: [(What.CHECKPOINT, "the one at revision 7 differs from a replay in state.opening.items[0].counts[0].units: 46, not 45")],
    spoil_a_checkpoint: [
        (What.CHECKPOINT, "the one at revision 7 differs from a replay in state: {{'facts': []}}, not "),
    ],
    drop_a_checkpoint: [(What.CHECKPOINT, "there is none at revision 7")],
    add_a_checkpoint: [(What.CHECKPOINT, "there is one at revision 8, where no period was cut")],
    point_to_an_older_checkpoint: [(What.ACCOUNT, "checkpoint is 11, and by the journal 13")],
    raise_the_revision: [(What.ACCOUNT, "revision is 16, and the journal ends at 15")],
    lower_the_revision: [(What.ACCOUNT, "revision is 14, and the journal ends at 15")],
    alter_the_chain_end: [(What.ACCOUNT, "digest is " + "0" * 64 + ", and by the journal ")],
    alter_the_zone: [(What.ACCOUNT, "zone is Europe/Berlin, and by the journal Europe/Istanbul")],
    close_it: [(What.ACCOUNT, "closed_at is 2026-10-09 00:00:00+00:00, and by the journal None")],
    put_off_the_cut: [(What.CUT_OFF, "cut_off_at is 2027-01-01 00:00:00+00:00, and by the journal 2026-10-31 21:00:00+00:00")],
    never_cut_it: [(What.CUT_OFF, "cut_off_at is None, and by the journal 2026-10-31 21:00:00+00:00")],
    alter_the_name: [(What.PROFILE, "the profile is not what the journal stands for")],
    erase_the_name: [],
}

# --- invoices ------------------------------------------------------------------------------------------------------


def alter_a_byte(at: Ground) -> None:
    at.bill(document=at.billed().document.replace(b'"due":94332', b'"due":94333'))


def alter_a_byte_and_its_digest(at: Ground) -> None:
    document = at.billed().document.replace(b'"due":94332', b'"due":94333')
    at.bill(document=document, digest=sha256(document).hexdigest())


def alter_a_total(at: Ground) -> None:
    at.bill(total=94000)


def alter_a_status(at: Ground) -> None:
    at.bill(status="DRAFT")


def alter_a_period(at: Ground) -> None:
    at.bill(period_end=date(2026, 6, 2))


def lose_an_invoice(at: Ground) -> None:
    at.connection.execute(delete(invoice).where(invoice.c.invoice_id == at.invoice_id))


def slip_an_invoice_in(at: Ground) -> None:
    row = dict(at.billed()._mapping)
    stray = {**row, "invoice_id": "inv_stray", "number": None, "period_start": date(2025, 1, 1)}
    at.connection.execute(insert(invoice).values(stray))


def change_a_number(at: Ground) -> None:
    at.bill(number="INV-2026-000099")


INVOICES: dict[Callable[[Ground], None], Told] = {
    alter_a_byte: [(What.DOCUMENT, "the document of {invoice} is not the one that was cut")],
    alter_a_byte_and_its_digest: [
        (What.INVOICE, "digest of {invoice} is "),
        (What.DOCUMENT, "the document of {invoice} is not the one that was cut"),
    ],
    alter_a_total: [
        (What.INVOICE, "the totals of {invoice} disagree: due 94332, row 94000, journal 94332"),
    ],
    alter_a_status: [(What.INVOICE, "status of {invoice} is DRAFT, and it was issued over 94332")],
    alter_a_period: [
        (What.INVOICE, "period_end of {invoice} is 2026-06-02, and by the journal 2026-06-01"),
        (What.DOCUMENT, "the document of {invoice} is about something else: {invoice}, {account}, TRY, 2026-05-01, 2026-06-01"),
    ],
    lose_an_invoice: [
        (What.INVOICE, "{invoice} of the period from 2026-05-01 is missing"),
        (What.NUMBER, "no invoice bears INV-2026-000001"),
    ],
    slip_an_invoice_in: [(What.INVOICE, "inv_stray stands in no entry of the journal")],
    change_a_number: [
        (What.INVOICE, "number of {invoice} is INV-2026-000099, and by the journal INV-2026-000001"),
        (What.NUMBER, "no invoice bears INV-2026-000001"),
        (What.NUMBER, "INV-2026-000099 was never given out: the counter stands at 11"),
    ],
}

DAMAGE = {**JOURNAL, **BESIDE, **INVOICES}


@pytest.mark.parametrize("do", DAMAGE, ids=lambda do: do.__name__)
async def test_each_kind_of_damage_is_found_and_nothing_else(bench: Bench, database_url: str, do: Callable[[Ground], None]) -> None:
    account_id, invoice_id, damage = await ground(bench)

    await damage(do)

    found = (await seen(database_url)).findings
    expected = [(what, said.format(invoice=invoice_id, account=account_id)) for what, said in DAMAGE[do]]
    assert [each.what for each in found] == [what for what, _ in expected], found
    for finding, (_, said) in zip(found, expected, strict=True):
        assert finding.detail == said or (said.endswith(" ") and finding.detail.startswith(said))


# --- numbers -------------------------------------------------------------------------------------------------------


async def numbers_found(bench: Bench, url: str, **values: object) -> list[str]:
    await grown(bench)
    await bench.database.write(lambda connection: connection.execute(update(number).values(**values)))
    found = await seen(url)
    assert all(each.what is What.NUMBER for each in found.findings)
    return [each.detail for each in found.findings]


async def test_a_gap_at_the_end_of_the_numbers_is_found(bench: Bench, database_url: str) -> None:
    assert await numbers_found(bench, database_url, last=13) == [
        "no invoice bears INV-2026-000012",
        "no invoice bears INV-2026-000013",
    ]


async def test_a_counter_that_would_give_a_number_out_again_is_found(bench: Bench, database_url: str) -> None:
    assert await numbers_found(bench, database_url, last=10) == ["INV-2026-000011 was never given out: the counter stands at 10"]


async def test_a_counter_whose_time_was_set_back_is_found(bench: Bench, database_url: str) -> None:
    (said,) = await numbers_found(bench, database_url, issued_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert said.startswith("the counter of INV-2026 stands at 2026-01-01 00:00:00+00:00, and its last number was issued at 2026-10-09")


async def test_numbers_issued_out_of_order_are_found_of_the_account_and_of_the_run(bench: Bench, database_url: str) -> None:
    account_id, invoice_id, damage = await ground(bench)

    await damage(lambda at: at.bill(issued_at=datetime(2026, 7, 9, tzinfo=UTC)))

    first, second = (await seen(database_url)).findings
    assert (first.account_id, first.what) == (account_id, What.INVOICE)
    assert first.detail.startswith(f"issued_at of {invoice_id} is 2026-07-09 00:00:00+00:00, and by the journal 2026-07-03")
    assert (second.account_id, second.what) == (None, What.NUMBER)
    assert second.detail.startswith("INV-2026-000002 was issued at 2026-07-03")


async def test_damage_in_one_account_hides_none_in_another(bench: Bench, database_url: str) -> None:
    accounts = await grown(bench)
    await bench.database.write(lambda connection: connection.execute(update(account).values(anchor=9)))

    assert (await seen(database_url)).findings == tuple(
        Finding(each, What.ACCOUNT, "anchor is 9, and by the journal 1") for each in sorted(accounts)
    )


async def test_tables_of_another_version_are_not_audited(bench: Bench, database_url: str) -> None:
    def older(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    await bench.database.write(older)

    with pytest.raises(CannotLook, match=r"^its tables are at version 0000, and this gateway's at 0"):
        await seen(database_url)
