"""Performing what was quoted: at the quoted instant, once, by whoever comes first."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from gateway.billing.commands import AddPackage, ChangePackage, Command
from gateway.billing.errors import InvalidQuote, QuoteChanged, QuoteExpired
from gateway.billing.quote import Promise, Quote
from gateway.store.audit import audit
from gateway.store.looking import look
from gateway.store.tables import invoice, journal, outcome
from gateway.store.writing import Answer, Request

from .given import Bench

pytestmark = pytest.mark.anyio

BEFORE_MIDNIGHT = datetime(2026, 5, 20, 20, 59, 50, tzinfo=UTC)  # 23:59:50 in Istanbul


async def quoted(bench: Bench, account_id: str, command: Command) -> Promise:
    """What is promised for a command now."""
    drafted = await bench.store.draft(account_id, command, bench.now)
    assert drafted is not None
    return Quote(drafted[1], command, bench.now).promise


async def take(bench: Bench, account_id: str, command: Command, quote: Promise | InvalidQuote, key: str = "k") -> Answer:
    request = Request(command=command, account_id=account_id, actor="tester", key=key, quote=quote)
    return await bench.store.perform(request, bench.now)


async def counts(bench: Bench) -> tuple[int, int]:
    """Entries of the journal, and keys that are bound."""
    return await bench.database.read(
        lambda c: (
            c.execute(select(func.count()).select_from(journal)).scalar_one(),
            c.execute(select(func.count()).select_from(outcome)).scalar_one(),
        )
    )


async def test_of_many_who_take_up_one_quote_at_once_the_first_has_it_and_nothing_is_kept_of_the_others(bench: Bench) -> None:
    account_id, command = await bench.open(), AddPackage(plan="team")
    promise = await quoted(bench, account_id, command)

    answers = await asyncio.gather(*(take(bench, account_id, command, promise, f"k{i}") for i in range(20)), return_exceptions=True)

    assert sum(isinstance(each, Answer) for each in answers) == 1
    assert sum(isinstance(each, QuoteChanged) for each in answers) == 19
    assert await counts(bench) == (2, 2)


async def test_one_key_takes_it_up_once_however_often_it_is_sent_at_once(bench: Bench) -> None:
    account_id, command = await bench.open(), AddPackage(plan="team")
    promise = await quoted(bench, account_id, command)

    answers = await asyncio.gather(*(take(bench, account_id, command, promise) for _ in range(20)))

    assert (len({each.subject for each in answers}), sum(not each.replayed for each in answers)) == (1, 1)
    assert await counts(bench) == (2, 2)


async def test_a_key_that_was_used_needs_no_quote_that_can_be_read(bench: Bench) -> None:
    account_id, command = await bench.open(), AddPackage(plan="team")
    unread = InvalidQuote("This is not a quote of this gateway; take a new one.", "quote")
    with pytest.raises(InvalidQuote):
        await take(bench, account_id, command, unread)
    first = await take(bench, account_id, command, await quoted(bench, account_id, command))
    bench.now += timedelta(days=1)

    assert (await take(bench, account_id, command, unread)).revision == first.revision


async def test_a_clock_that_runs_behind_the_one_that_quoted_performs_at_the_quoted_instant(bench: Bench) -> None:
    account_id, command = await bench.open(), AddPackage(plan="team")
    promise = await quoted(bench, account_id, command)
    bench.now -= timedelta(milliseconds=300)

    answer = await take(bench, account_id, command, promise)

    assert answer.books is not None and answer.books.account.last_at == promise.effective_at


async def test_entries_of_quoted_instants_bill_and_audit_like_any_other(bench: Bench, database_url: str) -> None:
    account_id = await bench.open()
    package = (await bench.do(account_id, AddPackage(plan="team"))).subject or ""
    change = ChangePackage(package_id=package, plan="business")
    bench.now = BEFORE_MIDNIGHT
    promise = await quoted(bench, account_id, change)
    bench.now += timedelta(seconds=15)
    taken = await take(bench, account_id, change, promise)
    assert taken.books is not None
    assert (taken.books.account.last_at, taken.books.today) == (BEFORE_MIDNIGHT, date(2026, 5, 21))

    bench.now += timedelta(seconds=1)
    await bench.do(account_id, ChangePackage(package_id=package, representatives=12))
    bench.now = datetime(2026, 5, 31, 21, tzinfo=UTC)
    await bench.store.cut(account_id, bench.now)

    # 1649.00 × 3/31; 4990.00 × 12/31; two further representatives from the 21st on, 399.00 × 22/31
    assert await bench.database.read(lambda c: c.execute(select(invoice.c.total)).scalar_one()) == 15958 + 193161 + 28316
    assert (await audit(look(database_url))).findings == ()


async def test_an_expired_quote_leaves_no_trace(bench: Bench) -> None:
    account_id, command = await bench.open(), AddPackage(plan="team")
    promise = await quoted(bench, account_id, command)
    bench.now += timedelta(minutes=10)

    with pytest.raises(QuoteExpired):
        await take(bench, account_id, command, promise)

    assert await counts(bench) == (1, 1)
