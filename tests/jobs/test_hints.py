"""Hints between processes: what one writes another hears, and no outage loses anything."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from gateway.billing.commands import AddPackage
from gateway.jobs.hints import Hints, Listener
from gateway.jobs.outbox_runner import OutboxRunner
from gateway.jobs.redis_hints import RedisHints
from gateway.jobs.work import at_work
from gateway.store.feed import Feed, Watch
from gateway.store.listen import PostgresHints
from gateway.store.tables import outbox
from tests import databases
from tests.services import Way, redis_url, way_to
from tests.store.given import Bench

pytestmark = pytest.mark.anyio

NEVER = 3600.0


class Scene:
    """One database, and a way for hints that can be closed."""

    def __init__(self, url: str, way: Way, hints: Callable[[], Hints]) -> None:
        self.url, self.way, self.hints = url, way, hints

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Bench]:
        """A store, as of a process of its own."""
        bench = Bench(self.url, announces=True)
        try:
            yield bench
        finally:
            await bench.store.close()


@pytest.fixture(params=["postgresql", "redis"])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        url = stack.enter_context(databases.database_url("postgresql", tmp_path))
        if request.param == "redis":
            way = await stack.enter_async_context(way_to(await redis_url()))
            made: Callable[[], Hints] = lambda: RedisHints(way.url)  # noqa: E731
        else:
            way = await stack.enter_async_context(way_to(url))
            made = lambda: PostgresHints(way.url)  # noqa: E731
        scene = Scene(url, way, made)
        async with scene.store() as bench:
            await bench.publish()
        yield scene


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def listening(hints: Hints, *, interval: float = NEVER) -> AsyncIterator[tuple[Feed, Watch]]:
    """A feed that hears hints, and somebody who watches everything that concerns everybody."""
    feed = Feed()
    watch = feed.watch(f"acc_{uuid4()}", "UTC")
    async with running(Listener(feed, hints, interval=interval).run()):
        await heard(watch)
        yield feed, watch


async def heard(watch: Watch) -> None:
    async with asyncio.timeout(10):
        await watch.heard()


async def rang(watch: Watch) -> bool:
    """Whether a watcher was told to look; it then has looked."""
    try:
        async with asyncio.timeout(0):
            await watch.heard()
    except TimeoutError:
        return False
    return True


async def waiting(bench: Bench) -> int:
    """How many hints are in the outbox."""
    return await bench.database.read(lambda c: c.execute(select(func.count()).select_from(outbox)).scalar_one())


async def test_what_one_process_writes_rings_those_who_watch_it_in_another(scene: Scene) -> None:
    async with scene.store() as here, scene.store() as there:
        account_id = await here.open()
        await here.database.write(lambda c: c.execute(outbox.delete()))
        mine = here.store.feed.watch("acc_another", "UTC")
        watch, another = (there.store.feed.watch(each, "UTC") for each in (account_id, "acc_another"))
        async with (
            at_work(here.store, lambda: here.now, scene.hints(), jobs=False),
            at_work(there.store, lambda: there.now, scene.hints(), jobs=False),
        ):
            for each in (mine, watch, another):
                await heard(each)  # as listening begins

            await here.do(account_id, AddPackage(plan="team"))
            await heard(watch)
            assert not await rang(another)
            await here.publish()
            await heard(watch)
            await heard(another)
        assert await waiting(here) == 0


async def test_what_was_written_last_is_handed_on_as_the_process_ends(scene: Scene) -> None:
    async with scene.store() as here, listening(scene.hints()) as (feed, _):
        mine = here.store.feed.watch("acc_another", "UTC")
        async with at_work(here.store, lambda: here.now, scene.hints(), jobs=False):
            await heard(mine)
            account_id = await here.open()
            watch = feed.watch(account_id, "UTC")
        await heard(watch)
        assert await waiting(here) == 0


async def test_a_thousand_accounts_are_told_in_a_few_messages(scene: Scene) -> None:
    hints = scene.hints()
    async with listening(hints) as (feed, everybody):
        accounts = [f"acc_{uuid4()}" for _ in range(1000)]
        watches = [feed.watch(each, "UTC") for each in accounts]

        await hints.announce(accounts)

        for watch in watches:
            await heard(watch)
        assert not await rang(everybody)


async def test_after_a_lost_connection_everybody_looks_again_and_the_next_hint_is_heard(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    hints = scene.hints()
    async with listening(hints) as (feed, everybody):
        watch = feed.watch("acc_1", "UTC")

        await scene.way.close()
        await scene.way.open()

        await heard(everybody)
        assert await rang(watch)
        await hints.announce(["acc_1"])
        await heard(watch)
        assert not await rang(everybody)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_while_no_hint_can_be_heard_everybody_looks_every_interval(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    await scene.way.close()
    with caplog.at_level(logging.WARNING, "gateway.jobs"):
        async with listening(scene.hints(), interval=0.01) as (_, everybody):
            for _ in range(5):
                await heard(everybody)
    assert len(caplog.records) == 1
    assert "cannot be heard" in caplog.text


async def test_what_cannot_be_announced_stays_in_the_outbox_until_it_can(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    hints = scene.hints()
    async with scene.store() as bench:
        runner = OutboxRunner(bench.store, hints)
        account_id = await bench.open()
        assert not await runner.flush()
        assert caplog.records == []  # once may be but the beginning
        assert not await runner.flush()
        assert not await runner.flush()
        assert len(caplog.records) == 1
        assert await waiting(bench) == 2  # the catalog's, and the account's
        async with listening(hints) as (feed, everybody):
            watch = feed.watch(account_id, "UTC")

            assert await runner.flush()

            await heard(watch)
            await heard(everybody)
        assert await waiting(bench) == 0


async def test_a_process_that_dies_between_announcing_and_its_commit_leaves_the_hint_to_another(scene: Scene) -> None:
    hints = scene.hints()
    async with scene.store() as here, scene.store() as there:
        async with listening(hints) as (feed, _):
            assert await OutboxRunner(here.store, hints).flush()
            account_id = await here.open()
            watch = feed.watch(account_id, "UTC")

            def take(connection: Any) -> int:
                """Its own connection is cut once the hint is out."""
                return int(connection.execute(text("DELETE FROM outbox RETURNING pg_backend_pid()")).scalar_one())

            async def killed(process: int) -> None:
                await hints.announce([account_id])
                await there.database.read(lambda c: c.execute(text("SELECT pg_terminate_backend(:id)"), {"id": process}))

            with pytest.raises(DBAPIError):
                await here.database.hand_over(take, killed)
            await heard(watch)

            assert await OutboxRunner(there.store, hints).flush()
            await heard(watch)
        assert await waiting(there) == 0


async def test_the_runner_hands_on_in_time_what_another_left_and_at_once_what_is_written_here(scene: Scene) -> None:
    hints = scene.hints()
    async with scene.store() as here, scene.store() as there, listening(hints) as (feed, everybody):
        account_id = await here.open()
        watch = feed.watch(account_id, "UTC")
        async with running(OutboxRunner(there.store, hints, interval=0.01).run()):
            await heard(watch)
            await heard(everybody)  # the catalog's
        async with running(OutboxRunner(here.store, hints, interval=NEVER).run()):
            await here.do(account_id, AddPackage(plan="team"))
            await heard(watch)
            assert not await rang(everybody)
