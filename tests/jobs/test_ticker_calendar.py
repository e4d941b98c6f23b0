"""The ticker where an account's zone changes: watchers are woken by the midnights of the zone in force."""

import asyncio

import pytest

import resolvers
from gateway.billing.commands import ChangeBillingCalendar
from gateway.jobs.ticker import Ticker
from gateway.server.auth import Principal, Role
from resolvers.live import Estimate, estimates
from tests.server.scene import Scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("jobs", [True, False])
async def test_a_watcher_follows_its_account_into_the_new_zone(database_url: str, jobs: bool) -> None:
    scene = Scene(database_url)
    await scene.publish()
    account = await scene.account()
    await scene.perform(ChangeBillingCalendar(time_zone="America/New_York"), account)
    scene.clock.set("2026-10-31T20:59:59")
    ticker = Ticker(scene.store, scene.clock, jobs=jobs)
    watching = estimates(resolvers.make_context(scene.services, Principal("owner", Role.OWNER, account, None), {}), None)

    async def told() -> Estimate:
        async with asyncio.timeout(10):
            return await anext(watching)

    assert str((await told()).books.today) == "2026-10-31"
    assert scene.store.feed.zones() == {"Europe/Istanbul"}

    scene.clock.set("2026-10-31T21:00:00")  # the cut-off: midnight in Istanbul
    await ticker.tick()
    assert str((await told()).books.today) == "2026-11-01"
    assert scene.store.feed.zones() == {"America/New_York"}  # whose midnights wake it from now on

    await watching.aclose()
    await scene.store.close()
