"""The feed: says that something changed, never what, and never queues."""

import asyncio

import pytest

from gateway.store.feed import Feed

pytestmark = pytest.mark.anyio


async def test_however_often_it_rings_it_is_heard_once() -> None:
    feed = Feed()
    watch = feed.watch("acc_a", "UTC")
    for _ in range(1000):
        feed.touch("acc_a")
    await watch.heard()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watch.heard(), 0.01)


async def test_only_watchers_of_the_account_or_the_zone_hear() -> None:
    feed = Feed()
    here, there = feed.watch("acc_a", "Europe/Istanbul"), feed.watch("acc_b", "Europe/Berlin")
    feed.touch("acc_a")
    await here.heard()
    feed.touch_zone("Europe/Berlin")
    await there.heard()
    for watch in (here, there):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watch.heard(), 0.01)
    assert feed.zones() == {"Europe/Istanbul", "Europe/Berlin"}


async def test_nothing_is_left_of_a_watcher_that_left() -> None:
    feed = Feed()
    watch = feed.watch("acc_a", "UTC")
    feed.leave(watch)
    feed.leave(watch)
    feed.touch("acc_a")
    assert feed.zones() == frozenset()
