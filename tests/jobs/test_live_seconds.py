"""The live estimate of an account that is woken though nothing happened: where seconds are billed, the clock alone makes a new state."""

import asyncio

import pytest

import resolvers
from gateway.billing.commands import AddPackage
from gateway.server.auth import Principal, Role
from resolvers.live import estimates
from tests.billing.given import CATALOG
from tests.server.scene import Scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("convention", "told"), [("SECOND", ["13:00:00 rev 2", "14:00:00 rev 2"]), ("USED_DAY", ["12:00:01 rev 2"])])
async def test_time_alone_is_told_where_seconds_are_billed_and_kept_back_where_days_are(
    database_url: str, convention: str, told: list[str]
) -> None:
    scene = Scene(database_url)
    await scene.store.publish(tuple(CATALOG.plans.values()), convention, scene.clock())
    account = await scene.account()
    watching = estimates(resolvers.make_context(scene.services, Principal("owner", Role.OWNER, account, None), {}), None)
    seen = []

    scene.clock.set("2026-10-10T13:00:00")
    seen.append(await anext(watching))
    following = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(0)  # it listens
    scene.clock.set("2026-10-10T14:00:00")
    scene.store.feed.touch(account)
    if len(told) > 1:
        seen.append(await asyncio.wait_for(following, 10))
        following = asyncio.ensure_future(anext(watching))
        await asyncio.sleep(0)
    scene.clock.set("2026-10-10T15:00:00")
    await scene.perform(AddPackage(plan="pro"), account)
    scene.store.feed.touch(account)
    last = await asyncio.wait_for(following, 10)

    assert [f"{each.books.as_of:%H:%M:%S} rev {each.books.account.revision}" for each in seen] == told
    assert last.books.account.revision == 3  # nothing was sent between
    await watching.aclose()
    await scene.store.close()
