"""Postings in rows: written with their entry, in balance at every commit, summed up, and made for what was billed before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from gateway.billing import ledger
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, CloseAccount, Command, GrantCredit, RevokeCredit
from gateway.billing.credit import CreditReason
from gateway.billing.credit_movement import CreditKind
from gateway.billing.effective import Effective, When
from gateway.billing.ledger import Book, Posting
from gateway.jobs.bill_run import bill_run
from gateway.store import postings
from gateway.store.audit import audit
from gateway.store.database import open_database
from gateway.store.looking import look
from gateway.store.migrate import newest, version
from gateway.store.tables import journal, posting

from .given import START, Bench
from .grown import grown

pytestmark = pytest.mark.anyio

Rows = list[tuple[int, int, str, int, str]]


def grant(amount: str) -> GrantCredit:
    return GrantCredit(amount=Decimal(amount), reason=CreditReason.GOODWILL, text="Sorry.")


def rows(connection: Connection) -> Rows:
    columns = (posting.c.revision, posting.c.position, posting.c.book, posting.c.amount, posting.c.currency)
    return [tuple(row) for row in connection.execute(select(*columns).order_by(posting.c.account_id, *columns[:2]))]


async def test_an_entry_and_its_postings_are_written_together(bench: Bench) -> None:
    account_id = await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.do(account_id, grant("300.00"))
    await bench.store.cut(account_id, datetime(2026, 6, 1, tzinfo=UTC))

    # 1649.00 × 15/31 = 797.90, of which 300.00 are paid by credit
    assert await bench.database.read(rows) == [
        (3, 0, "GOODWILL", 30000, "TRY"),
        (3, 1, "CUSTOMER_CREDIT", -30000, "TRY"),
        (4, 0, "RECEIVABLE", 49790, "TRY"),
        (4, 1, "CUSTOMER_CREDIT", 30000, "TRY"),
        (4, 2, "REVENUE", -79790, "TRY"),
    ]
    instants = await bench.database.read(lambda c: c.execute(select(posting.c.at, journal.c.at).join_from(posting, journal, _SAME)).all())
    assert len(instants) == 5 and all(one == other for one, other in instants)


_SAME = (journal.c.account_id == posting.c.account_id) & (journal.c.revision == posting.c.revision)


async def test_what_does_not_sum_to_zero_is_not_written_and_neither_is_its_entry(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    account_id = await bench.open()
    monkeypatch.setattr(ledger, "postings", lambda fact: (Posting(Book.GOODWILL, 1),))

    with pytest.raises(ValueError, match="do not sum to zero"):
        await bench.do(account_id, grant("1.00"))

    assert await bench.database.read(rows) == []
    assert (await bench.store.books([account_id], bench.now))[account_id].account.revision == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", ["insert", "update", "delete"])
async def test_postgresql_itself_refuses_a_commit_out_of_balance(bench: Bench, change: str) -> None:
    account_id = await bench.open()
    await bench.do(account_id, grant("1.00"))
    before = await bench.database.read(rows)
    row = {"account_id": account_id, "revision": 2, "position": 2, "book": "REVENUE", "amount": 1, "currency": "TRY", "at": START}
    damage = {
        "insert": insert(posting).values(row),
        "update": update(posting).where(posting.c.position == 0).values(amount=101),
        "delete": delete(posting).where(posting.c.position == 0),
    }[change]

    with pytest.raises(DBAPIError, match=f"the postings of {account_id} at revision 2 do not sum to zero"):
        await bench.database.write(lambda connection: connection.execute(damage))

    assert await bench.database.read(rows) == before


async def test_the_trial_balance_sums_each_book_by_currency(bench: Bench) -> None:
    yearly, *_ = await grown(bench)
    await bench.do(yearly, grant("300.00"))

    found = await bench.database.read(postings.trial_balance)

    assert set(found) == {"EUR", "TRY", "USD"}
    assert [sum(books.values()) for books in found.values()] == [0, 0, 0]
    assert (found["TRY"][Book.GOODWILL], found["TRY"][Book.CUSTOMER_CREDIT]) == (30000, -30000)
    assert set(found["USD"]) == {Book.RECEIVABLE, Book.REVENUE}


async def test_at_every_step_of_a_random_life_the_ledger_balances_and_owes_what_the_books_say(bench: Bench, database_url: str) -> None:
    """Rules §10, 5, on each database: grants, revocations, changes, cuts, and an end."""
    dice = Random(5)
    account_id = await bench.open()
    packages = [(await bench.do(account_id, AddPackage(plan="team"))).subject or ""]
    for _ in range(60):
        amount = Decimal(dice.randint(1, 150_000)).scaleb(-2)
        commands: list[Command] = [
            GrantCredit(amount=amount, reason=CreditReason.PROMOTION, text="Welcome back."),
            RevokeCredit(amount=amount, reason=CreditReason.CORRECTION, text="Too much."),
            ChangePackage(package_id=packages[0], representatives=dice.randint(1, 10), effective=Effective(when=When.NOW)),
            AddPackage(plan=dice.choice(["starter", "business"])),
            CancelPackage(package_id=packages[-1], effective=Effective(when=When.NOW)),
        ]
        step = dice.randrange(8)
        if step < 5:
            answer = await bench.do(account_id, commands[step])
            if isinstance(commands[step], AddPackage) and answer.subject:
                packages.append(answer.subject)
        else:
            bench.now += timedelta(days=dice.choice([1, 9, 33]))
            if step == 7:
                assert (await bill_run(bench.store, until=bench.now, now=bench.now)).failures == ()
        await _balances(bench, account_id)
    await bench.do(account_id, CloseAccount())
    await _balances(bench, account_id)
    assert (await audit(look(database_url))).findings == ()


async def _balances(bench: Bench, account_id: str) -> None:
    balances = (await bench.database.read(postings.trial_balance)).get("TRY", {})
    books = (await bench.store.books([account_id], bench.now))[account_id]
    claimed = sum(bill.credit.minor for bill in books.current.closing_bills)
    assert sum(balances.values()) == 0
    assert -balances.get(Book.CUSTOMER_CREDIT, 0) == books.credit.minor + claimed
    movements = (await bench.database.read(postings.credit, [account_id], 1)).get(account_id, [])
    assert [each.balance.minor for each in movements] == [books.credit.minor + claimed][: len(movements)]


async def test_movements_tell_what_they_come_from_newest_first_and_from_any_place_on(bench: Bench) -> None:
    account_id, other = await bench.open(), await bench.open()
    await bench.do(account_id, AddPackage(plan="team"))
    await bench.do(account_id, grant("1000.00"))
    await bench.do(other, grant("7.00"))
    await bench.store.cut(account_id, datetime(2026, 7, 1, tzinfo=UTC))

    found = await bench.database.read(postings.credit, [account_id, other], 10)

    told = {key: [(each.kind, each.amount.minor, each.balance.minor, bool(each.invoice)) for each in of] for key, of in found.items()}
    assert told == {
        account_id: [
            (CreditKind.USED, -20210, 0, True),  # 1000.00 − 797.90, of 1649.00
            (CreditKind.USED, -79790, 20210, True),
            (CreditKind.GRANTED, 100000, 100000, False),
        ],
        other: [(CreditKind.GRANTED, 700, 700, False)],
    }
    latest, *_ = found[account_id]
    after = await bench.database.read(postings.credit, [account_id], 1, (latest.revision, latest.position))
    assert after == {account_id: [found[account_id][1]]}
    assert await bench.database.read(postings.credit, ["acc_none"], 10) == {}


async def test_what_was_billed_before_there_was_a_ledger_is_posted_when_the_tables_are_brought_up_to_date(
    bench: Bench, database_url: str
) -> None:
    await grown(bench)
    written = await bench.database.read(_whole)
    await bench.database.write(_as_of_before)
    assert await bench.database.read(version) == "0002"
    await bench.store.close()

    brought = open_database(database_url, migrate=True)
    await brought.read(version)
    await brought.close()
    again = Bench(database_url)

    assert await again.database.read(_whole) == written and written
    assert await again.database.read(version) == newest()
    assert (await audit(look(database_url))).findings == ()
    await again.store.close()


def _whole(connection: Connection) -> list[tuple[object, ...]]:
    return [
        tuple(row) for row in connection.execute(select(posting).order_by(posting.c.account_id, posting.c.revision, posting.c.position))
    ]


def _as_of_before(connection: Connection) -> None:
    for later in ("DROP TABLE posting", "DROP TABLE discount", "ALTER TABLE reference DROP COLUMN tax"):
        connection.execute(text(later))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION posting_balances"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
