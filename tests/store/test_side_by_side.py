"""Two releases at once on PostgreSQL: the tables change under a gateway that goes on, the next release joins it, the old one leaves.

The next release is this one's code with migrations and a column of its own, `tests/store/next_version`; the old one is this.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from gateway.store.migrate import newest
from tests import databases
from tests.server.running import Running, environment
from tests.wire.gateway import Clock, Gateway

pytestmark = pytest.mark.anyio

OLD, NEXT, AFTER = ("gateway",), ("tests.store.next_version", "expand"), ("tests.store.next_version", "contract")
OPEN = """mutation($key: ID!) { openAccount(input: {name: "A", currency: "EUR", timeZone: "Europe/Berlin", idempotencyKey: $key}) {
    ... on Outcome { account { id } } } }"""
ADD = """mutation($id: ID!, $key: ID!) { addPackage(input: {accountId: $id, plan: "team", idempotencyKey: $key}) {
    ... on PackageAdded { entry { revision } } ... on Error { code } } }"""
READ = "query($id: ID!) { account(id: $id) { revision forecast { revision } } }"


class RealClock(Clock):
    """Nothing is moved."""

    @property
    def environment(self) -> dict[str, str]:
        return {}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    with databases.database_url("postgresql", tmp_path) as url:
        databases.take_tables_away(url)
        yield url
        # The next release's tables are nothing for other tests: a database without tables is not used again.
        databases.take_tables_away(url)


def start(folder: Path, url: str, release: tuple[str, ...], *arguments: str) -> subprocess.Popen[str]:
    """Start a command of a release."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", *release, *arguments],
        cwd=folder,
        env=environment(folder, BILLING_DATABASE_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ran(folder: Path, url: str, release: tuple[str, ...], *arguments: str) -> tuple[int, str]:
    """Run a command of a release to its end: exit code, and the last line it says."""
    process = start(folder, url, release, *arguments)
    said, errors = process.communicate(timeout=60)
    return process.returncode, (said + errors).splitlines()[-1]


@contextmanager
def serving(folder: Path, url: str, release: tuple[str, ...]) -> Iterator[Gateway]:
    """A gateway of a release that takes requests."""
    process = start(folder, url, release, "serve")
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Serving (http://\S+)/graphql,", line):
                yield Gateway(Running(process, found[1]), folder, RealClock(folder), url)
                break
        else:
            raise AssertionError(process.communicate(timeout=5)[1])
    finally:
        process.kill()
        process.communicate()


async def leave(gateway: Gateway) -> None:
    """End a gateway in order, with nothing said of what went wrong."""
    assert await asyncio.to_thread(gateway.running.stop) == (0, "")


class Callers:
    """Those who ask for one thing after another on the same accounts, and what they were told."""

    def __init__(self, token: str, accounts: list[str]) -> None:
        self.told: dict[str, list[int]] = {account: [] for account in accounts}
        self.failures: list[object] = []
        self._token = token
        self._keys = count()

    @property
    def answered(self) -> int:
        """How many commands were acknowledged."""
        return sum(map(len, self.told.values()))

    async def call(self, gateway: Gateway, more: asyncio.Event) -> None:
        """Change and read each account, all at once, until told that it is enough."""

        async def one(account: str) -> None:
            while not more.is_set():
                written = await gateway.post(self._token, ADD, id=account, key=f"k{next(self._keys)}")
                read = await gateway.post(self._token, READ, id=account)
                try:
                    revision = written["data"]["addPackage"]["entry"]["revision"]
                    assert read["data"]["account"]["forecast"]["revision"] >= revision
                except (AssertionError, KeyError, TypeError):
                    self.failures += [written, read]
                else:
                    self.told[account].append(revision)

        async with asyncio.TaskGroup() as calling:
            for account in self.told:
                calling.create_task(one(account))

    async def expect(self, further: int) -> None:
        """Wait until so many commands more were acknowledged."""
        wanted = self.answered + further
        async with asyncio.timeout(30):
            while self.answered < wanted:  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.01)

    def assert_nothing_failed(self) -> None:
        """Every command is there, once, and none was refused."""
        assert self.failures == []
        for revisions in self.told.values():
            assert sorted(revisions) == list(range(2, len(revisions) + 2))


async def opened(gateway: Gateway, accounts: int) -> Callers:
    token = gateway.token()
    answers = [await gateway.ask(token, OPEN, key=f"o{number}") for number in range(accounts)]
    return Callers(token, [answer["openAccount"]["account"]["id"] for answer in answers])


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Somebody who reads the accounts for long: a migration must not make everybody else wait behind it."""
    reader = await asyncpg.connect(url)
    await reader.execute("BEGIN")
    await reader.fetch("SELECT * FROM account")
    try:
        yield reader.close
    finally:
        await reader.close()


async def waits_for_the_table(url: str) -> object:
    """Since when a migration waits for the accounts' table; None when it does not."""
    waiting = "wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE account ADD%'"
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(f"SELECT query_start FROM pg_stat_activity WHERE datname = current_database() AND {waiting}")
    finally:
        await connection.close()


async def test_the_tables_change_under_a_gateway_that_goes_on_and_the_next_release_takes_over(tmp_path: Path, url: str) -> None:
    with serving(tmp_path, url, OLD) as old:
        callers, enough = await opened(old, 3), asyncio.Event()
        calling = asyncio.create_task(callers.call(old, enough))
        await callers.expect(9)

        async with reading(url) as done, asyncio.timeout(60):
            migrating = asyncio.create_task(asyncio.to_thread(ran, tmp_path, url, NEXT, "migrate"))
            attempts: set[object] = set()
            while len(attempts) < 2:  # the first one gave up
                attempts |= {await waits_for_the_table(url)} - {None}
            await callers.expect(3)
            await done()
            assert await migrating == (0, f"{url} is at version 9002.")
        await callers.expect(9)

        with serving(tmp_path, url, NEXT) as young:
            # An old one that is started again finds tables it does not know, and that it may run on them.
            with serving(tmp_path, url, OLD) as restarted:
                both = [asyncio.create_task(callers.call(each, enough)) for each in (young, restarted)]
                await callers.expect(18)
                enough.set()
                await asyncio.gather(calling, *both)
                newcomers = await opened_by_each(callers, restarted, young)
                await leave(restarted)
            await leave(old)
            callers.assert_nothing_failed()

            assert databases.fetch(url, f"SELECT note FROM account WHERE account_id = '{newcomers[0]}'") == [(None,)]
            assert databases.fetch(url, f"SELECT note FROM account WHERE account_id = '{newcomers[1]}'") == [
                ("written by the next version",)
            ]
            # Now that nobody else is there, what the next release fills may become a must.
            assert ran(tmp_path, url, AFTER, "migrate") == (0, f"{url} is at version 9003.")
            enough.clear()
            calling = asyncio.create_task(callers.call(young, enough))
            await callers.expect(3)
            enough.set()
            await calling
            await leave(young)

    callers.assert_nothing_failed()
    assert databases.fetch(url, "SELECT count(*) FROM account WHERE note IS NULL") == [(0,)]
    code, said = ran(tmp_path, url, AFTER, "audit")
    assert (code, said[:26]) == (0, "Nothing wrong in 5 account")
    code, said = ran(tmp_path, url, OLD, "serve")
    assert (code, said) == (
        1,
        f"Error: {url} cannot be used. The tables are at version 9003, newer than this gateway's {newest()}, "
        "and gateways of 9002 or later may run on them; run a newer gateway.",
    )


async def opened_by_each(callers: Callers, *gateways: Gateway) -> list[str]:
    """An account opened by each of these gateways, which its neighbour can read."""
    ids = []
    for number, (gateway, neighbour) in enumerate(zip(gateways, reversed(gateways), strict=True)):
        answer = await gateway.ask(callers._token, OPEN, key=f"n{number}")
        ids.append(answer["openAccount"]["account"]["id"])
        assert (await neighbour.ask(callers._token, READ, id=ids[-1]))["account"] == {"revision": 1, "forecast": {"revision": 1}}
    return ids


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["bill"], ["catalog", "apply", "--yes"]], ids=" ".join)
def test_the_next_release_says_what_to_do_where_its_migrations_have_not_run(tmp_path: Path, url: str, command: list[str]) -> None:
    catalog = [str(Path(__file__).parents[2] / "gateway/server/catalog.toml")] if command[0] == "catalog" else []
    assert ran(tmp_path, url, OLD, "migrate") == (0, f"{url} is at version {newest()}.")

    assert ran(tmp_path, url, NEXT, *command, *catalog) == (
        1,
        f"Error: {url} cannot be used. The tables are at version {newest()}, older than this gateway's 9002. "
        "Run `billing-gateway migrate` of this version; gateways that are running may go on meanwhile.",
    )
    assert databases.fetch(url, "SELECT version_num FROM alembic_version") == [(newest(),)]


def test_migrate_of_an_older_release_leaves_newer_tables_as_they_are_and_says_whether_it_may_run(tmp_path: Path, url: str) -> None:
    assert ran(tmp_path, url, NEXT, "migrate", "--check") == (1, f"Error: {url} is at version none, and this gateway at 9002.")
    ran(tmp_path, url, NEXT, "migrate")

    ahead = f"{url} is at version 9002, which this gateway of {newest()} may run on."
    assert ran(tmp_path, url, OLD, "migrate", "--check") == (0, ahead)
    assert ran(tmp_path, url, OLD, "migrate") == (0, ahead)
    ran(tmp_path, url, AFTER, "migrate")
    assert ran(tmp_path, url, OLD, "migrate", "--check") == (1, f"Error: {url} is at version 9003, and this gateway at {newest()}.")
    code, said = ran(tmp_path, url, OLD, "migrate")
    assert (code, said[:60]) == (1, f"Error: {url} stays as it is. "[:60])


def test_migrations_that_are_started_at_once_take_turns(tmp_path: Path, url: str) -> None:
    both = [start(tmp_path, url, NEXT, "migrate") for _ in range(3)]

    assert [each.communicate(timeout=60) for each in both] == [(f"{url} is at version 9002.\n", "")] * 3


def test_an_index_that_an_interrupted_migration_left_unusable_is_built_again(tmp_path: Path, url: str) -> None:
    ran(tmp_path, url, OLD, "migrate")
    databases.execute(url, "CREATE INDEX ix_journal_verb ON journal (verb)")
    databases.execute(url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_journal_verb'::regclass")

    assert ran(tmp_path, url, NEXT, "migrate") == (0, f"{url} is at version 9002.")

    assert databases.fetch(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_journal_verb'::regclass") == [(True,)]
