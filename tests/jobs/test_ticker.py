"""The ticker: midnights wake, cut-offs bill, and no clock and no fault stops it."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gateway.jobs.ticker import RETRY_SECONDS, Ticker
from gateway.store import invoices
from gateway.store.feed import Watch
from tests.server.scene import NOON, Scene

pytestmark = pytest.mark.anyio


@pytest.fixture
async def scene(database_url: str) -> AsyncGenerator[Scene, None]:
    scene = Scene(database_url)
    await scene.publish()
    yield scene
    await scene.store.close()


async def rang(watch: Watch) -> bool:
    """Whether a watcher was told to look; it then has looked."""
    try:
        async with asyncio.timeout(0):
            await watch.heard()
    except TimeoutError:
        return False
    return True


async def count(scene: Scene, account: str) -> int:
    return (await scene.store.database.read(invoices.count, [account])).get(account, 0)


async def test_a_midnight_wakes_those_whose_day_it_begins(scene: Scene) -> None:
    istanbul, london = scene.store.feed.watch("acc_1", "Europe/Istanbul"), scene.store.feed.watch("acc_2", "Europe/London")
    scene.clock.set("2026-10-10T20:59:59")
    ticker = Ticker(scene.store, scene.clock)

    await ticker.tick()
    assert (await rang(istanbul), await rang(london)) == (False, False)
    scene.clock.set("2026-10-10T21:00:00")
    await ticker.tick()
    assert (await rang(istanbul), await rang(london)) == (True, False)
    await ticker.tick()
    assert (await rang(istanbul), await rang(london)) == (False, False)


async def test_who_begins_to_watch_just_before_midnight_is_woken_as_well(scene: Scene) -> None:
    scene.clock.set("2026-10-10T20:59:59")
    ticker = Ticker(scene.store, scene.clock)
    await ticker.tick()

    watch = scene.store.feed.watch("acc_1", "Europe/Istanbul")
    scene.clock.set("2026-10-10T21:00:00")
    await ticker.tick()

    assert await rang(watch)


async def test_a_clock_that_is_set_back_wakes_too_and_bills_nothing_twice(scene: Scene) -> None:
    account = await scene.account()
    watch = scene.store.feed.watch(account, "Europe/Istanbul")
    ticker = Ticker(scene.store, scene.clock)
    scene.clock.set("2026-11-01T12:00:00")
    await ticker.tick()
    assert await count(scene, account) == 1
    assert await rang(watch)

    scene.clock.set("2026-10-20T12:00:00")
    await ticker.tick()
    assert await rang(watch)
    scene.clock.set("2026-11-01T12:00:00")
    await ticker.tick()
    assert await count(scene, account) == 1


async def test_a_cut_off_is_billed_by_itself_and_tells_the_watchers(scene: Scene) -> None:
    account = await scene.account()
    ticker = Ticker(scene.store, scene.clock)
    scene.clock.set("2026-10-31T20:59:59")
    await ticker.tick()
    assert await count(scene, account) == 0

    watch = scene.store.feed.watch(account, "UTC")
    scene.clock.set("2026-10-31T21:00:00")
    await ticker.tick()

    assert await count(scene, account) == 1
    assert await rang(watch)


async def test_where_others_do_what_falls_due_it_only_wakes(scene: Scene) -> None:
    account = await scene.account()
    ticker = Ticker(scene.store, scene.clock, jobs=False)
    watch = scene.store.feed.watch(account, "Europe/Istanbul")
    scene.clock.set("2026-12-10T12:00:00")

    await ticker.tick()

    assert await rang(watch)
    assert await count(scene, account) == 0


async def test_a_jump_of_months_bills_all_that_was_missed(scene: Scene) -> None:
    account = await scene.account()
    ticker = Ticker(scene.store, scene.clock)

    scene.clock.set("2027-04-01T00:00:00")
    await ticker.tick()

    assert await count(scene, account) == 6


async def test_outcomes_are_cleared_away_once_a_day(scene: Scene) -> None:
    await scene.account()

    def kept(connection: Connection) -> int:
        return connection.execute(text("SELECT count(*) FROM outcome WHERE answer IS NOT NULL")).scalar_one()

    ticker = Ticker(scene.store, scene.clock)
    await ticker.tick()
    assert await scene.store.database.read(kept) == 2

    scene.clock.at = NOON + timedelta(days=31)
    await ticker.tick()
    assert await scene.store.database.read(kept) == 0


async def test_an_account_that_cannot_be_cut_is_tried_again_a_minute_later_and_holds_up_nobody(
    scene: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt, sound = await scene.account(), await scene.account()

    def write(connection: Connection, state: str) -> str:
        before: str = connection.execute(text("SELECT state FROM checkpoint WHERE account_id = :id"), {"id": spoilt}).scalar_one()
        connection.execute(text("UPDATE checkpoint SET state = :state WHERE account_id = :id"), {"id": spoilt, "state": state})
        return before

    good = await scene.store.database.write(write, "{}")
    scene.clock.set("2026-11-01T12:00:00")
    ticker = Ticker(scene.store, scene.clock)
    with caplog.at_level(logging.ERROR, "gateway.jobs"):
        for _ in range(3):
            await ticker.tick()
    assert len(caplog.records) == 1
    assert await count(scene, sound) == 1

    await scene.store.database.write(write, good)
    await ticker.tick()
    assert await count(scene, spoilt) == 0
    loop = asyncio.get_running_loop()
    time = loop.time() + RETRY_SECONDS
    monkeypatch.setattr(loop, "time", lambda: time)
    await ticker.tick()
    assert await count(scene, spoilt) == 1


async def test_a_database_that_cannot_be_read_stops_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    def rename(connection: Connection, old: str, new: str) -> None:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    watch = scene.store.feed.watch("acc_1", "UTC")
    ticker = Ticker(scene.store, scene.clock)
    await scene.store.database.write(rename, "account", "hidden")
    scene.clock.set("2026-10-11T00:00:00")

    with caplog.at_level(logging.ERROR, "gateway.jobs"):
        await ticker.tick()

    assert await rang(watch)
    assert [record.getMessage() for record in caplog.records] == ["the bill run failed"]


async def test_it_ticks_until_it_is_stopped_and_finishes_what_it_writes(scene: Scene) -> None:
    account = await scene.account()
    running = asyncio.create_task(Ticker(scene.store, scene.clock, interval=0.001).run())
    scene.clock.set("2026-11-01T12:00:00")
    async with asyncio.timeout(5):
        while await count(scene, account) < 1:  # noqa: ASYNC110 - nobody tells of an invoice
            await asyncio.sleep(0.001)

    scene.clock.set("2026-12-01T12:00:00")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    before = await count(scene, account)
    await asyncio.sleep(0.01)
    assert await count(scene, account) == before
