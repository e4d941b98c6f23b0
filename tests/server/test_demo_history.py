"""The demo's history: played through commands, the same every time, and whole or not at all. It is always on SQLite."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from gateway.billing.books import Books
from gateway.billing.dates import Calendar
from gateway.billing.forecast import Expectation
from gateway.billing.invoice import Invoice
from gateway.server.demo_data import open_history
from gateway.server.demo_history import DIARIES
from gateway.server.demo_play import OPERATOR, PlayedSeeds, moments, play
from gateway.server.tax_ids import tax_id_form
from gateway.store import accounts, invoices
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.tables import account, journal

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# In mid-month; on the first moments of an anchor day; after a February; over a change of prices and of clocks; on a leap day.
DAYS = [
    NOON,
    datetime(2026, 6, 30, 21, 0, 1, tzinfo=UTC),
    datetime(2027, 3, 1, 9, tzinfo=UTC),
    datetime(2027, 4, 14, 23, tzinfo=UTC),
    datetime(2028, 2, 29, 6, tzinfo=UTC),
]


@asynccontextmanager
async def played(path: Path, now: datetime = NOON) -> AsyncIterator[Store]:
    """A store in which the history has just been played."""
    store = Store(open_database(f"sqlite:///{path}"), Feed(), PlayedSeeds(), tax_ids=tax_id_form)
    try:
        await play(store, now)
        yield store
    finally:
        await store.close()


def chain(connection: Connection) -> list[tuple[str, int, str]]:
    """The digests of every journal entry."""
    rows = connection.execute(select(journal.c.account_id, journal.c.revision, journal.c.digest).order_by(*journal.primary_key.columns))
    return [tuple(row) for row in rows]


def ends(connection: Connection) -> list[tuple[str, int, str]]:
    """The newest digest of each account."""
    rows = connection.execute(select(account.c.account_id, account.c.revision, account.c.digest).order_by(account.c.account_id))
    return [tuple(row) for row in rows]


async def ids(store: Store) -> list[str]:
    return await store.database.read(accounts.page, 10, None, None, None)


async def issued(store: Store) -> dict[str, Sequence[Invoice]]:
    """Each account's invoices, oldest first."""
    found = await store.database.read(invoices.newest, await ids(store), 100)
    return {key: mine[::-1] for key, mine in found.items()}


async def test_playing_twice_on_one_day_gives_the_same_journal(tmp_path: Path) -> None:
    async with played(tmp_path / "one.db") as one, played(tmp_path / "two.db", NOON.replace(hour=18)) as two:
        first, second = await one.database.read(chain), await two.database.read(chain)

    assert len(first) > 100
    assert first == second


async def test_a_later_day_of_the_month_only_adds_to_the_story(tmp_path: Path) -> None:
    async with played(tmp_path / "one.db") as one, played(tmp_path / "two.db", NOON.replace(day=28)) as two:
        earlier, later = await one.database.read(chain), await two.database.read(chain)

    assert set(earlier) < set(later)


@dataclass(frozen=True)
class Told:
    """What a history that was played comes to."""

    now: datetime
    books: dict[str, Books]
    invoices: dict[str, Sequence[Invoice]]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    async def tell(now: datetime) -> Told:
        async with played(tmp_path_factory.mktemp("told") / "demo.db", now) as store:
            return Told(now, await store.books(await ids(store), now), await issued(store))

    return asyncio.run(tell(request.param))


def test_every_account_has_six_invoices_numbered_in_the_order_of_their_time(told: Told) -> None:
    assert [len(mine) for mine in told.invoices.values()] == [6, 6, 6]
    everything = sorted((each for mine in told.invoices.values() for each in mine), key=lambda each: each.issued_at or told.now)
    runs: dict[str, list[str]] = {}
    for each in everything:
        assert each.number is not None and each.issued_at is not None and each.issued_at <= told.now
        runs.setdefault(each.number[:9], []).append(each.number)
    assert all(run == [f"{series}{n:06d}" for n in range(1, len(run) + 1)] for series, run in runs.items())


def test_every_invoice_is_issued_the_moment_its_period_is_over(told: Told) -> None:
    for key, mine in told.invoices.items():
        calendar = told.books[key].calendar
        assert mine[-1].period_end == told.books[key].period.start, "the running period is the only one that is not billed"
        for invoice in mine:
            assert invoice.issued_at is not None
            assert (invoice.issued_at - calendar.instant(invoice.period_end)).total_seconds() < 1
            assert invoice.total.minor > 0


def test_every_account_expects_an_invoice(told: Told) -> None:
    assert {each.account.currency for each in told.books.values()} == {"TRY", "USD", "EUR"}
    for books in told.books.values():
        assert books.current.status is Expectation.EXPECTED and books.next.status is Expectation.EXPECTED
        assert len(books.packages) == 2 and len(books.add_ons) >= 4


async def test_accounts_are_opened_by_the_operator_and_steered_by_their_owners(tmp_path: Path) -> None:
    async with played(tmp_path / "demo.db") as store:
        rows = await store.database.read(lambda c: list(c.execute(select(journal.c.verb, journal.c.actor).distinct())))

    actors = {(row.verb, row.actor) for row in rows}
    assert {actor for verb, actor in actors if verb == "openAccount"} == {OPERATOR}
    assert {actor for verb, actor in actors if verb == "changePackage"} == {diary.owner for diary in DIARIES}
    assert {actor for verb, actor in actors if verb in ("cutPeriod", "issueInvoice")} == {"system"}


def test_the_diaries_are_in_order_and_every_day_in_them_exists_in_every_month() -> None:
    for diary in DIARIES:
        pages = [(-page.month, page.day, page.time) for page in diary.story]
        assert pages == sorted(set(pages))
        assert all(1 <= page.day <= 28 for page in diary.story)
        verbs = {type(page.deed).__name__ for page in diary.story}
        assert {"AddPackage", "ChangePackage", "CancelPackage", "ReactivatePackage", "AddAddOn", "RemoveAddOn"} <= verbs


def test_nothing_of_the_story_lies_ahead() -> None:
    story = moments(NOON)

    assert story == sorted(story, key=lambda moment: moment.at)
    assert story[-1].at < NOON
    berlin = Calendar("Europe/Berlin", 15)
    assert story[0].at < berlin.instant(berlin.start(berlin.month(NOON.date()) - 5))


_PLAY = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from gateway.server.demo_data import open_history
def progress(done, total):
    if done == total // 2:
        print("half", flush=True)
        sys.stdin.read()
asyncio.run(open_history(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), progress))
"""


def kill_half_way(directory: Path) -> None:
    """Let another process play the history, and kill it in the middle."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PLAY, str(directory), NOON.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        assert process.stdout is not None and process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)


def names(directory: Path) -> set[str]:
    """What lies in a directory."""
    return {path.name for path in directory.iterdir()}


async def test_a_history_killed_half_way_is_played_over(tmp_path: Path) -> None:
    # given a demo that is killed while its history plays
    kill_half_way(tmp_path)
    left = names(tmp_path)
    assert "demo.db" not in left and "half-played.db" in left

    # when it is started again
    path = await open_history(tmp_path, NOON)
    again = Store(open_database(f"sqlite:///{path}"), Feed(), PlayedSeeds(), tax_ids=tax_id_form)

    # then nothing tells it from one that was never disturbed
    async with played(tmp_path / "undisturbed.db") as undisturbed:
        assert await again.database.read(ends) == await undisturbed.database.read(ends)
        assert await again.database.read(chain) == await undisturbed.database.read(chain)
    await again.close()
    assert not [name for name in names(tmp_path) if name.startswith("half-played")]


async def test_a_history_that_was_played_is_left_as_it_is(tmp_path: Path) -> None:
    steps: list[int] = []
    await open_history(tmp_path, NOON)
    before = (tmp_path / "demo.db").read_bytes()

    path = await open_history(tmp_path, NOON.replace(day=29), lambda done, total: steps.append(done))

    assert path == tmp_path / "demo.db"
    assert steps == []
    assert path.read_bytes() == before
