"""Plan migration: every holder is told once, whoever else cannot be moved."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, CloseAccount, MigratePlan
from gateway.billing.money import Money
from gateway.jobs.plan_migration import Migration, Moved, migrate_plan
from gateway.store import entries
from tests.billing.given import NOW
from tests.server.scene import Scene

pytestmark = pytest.mark.anyio

# Retired is 120.00 a month and off sale from 15 June on; Solo is 40.00 and has one representative.
MOVE = MigratePlan(plan="retired", to_plan="solo", on=date(2026, 8, 15))


@pytest.fixture
async def scene(database_url: str) -> AsyncGenerator[Scene, None]:
    scene = Scene(database_url)
    scene.clock.set("2026-06-01T09:00:00")
    await scene.publish()
    yield scene
    await scene.store.close()


async def run(scene: Scene, command: MigratePlan = MOVE, **options: object) -> Migration:
    return await migrate_plan(scene.store, command, scene.clock(), **options)  # type: ignore[arg-type]


async def revision(scene: Scene, account_id: str) -> int:
    newest = await scene.store.database.read(entries.newest, [account_id], 1)
    return newest[account_id][0].revision


def moved(account_id: str) -> Moved:
    """September, the first whole period: without the move, and with it."""
    return Moved(account_id, Money(120_00, "TRY"), Money(40_00, "TRY"))


async def test_holders_are_moved_others_are_not_and_progress_counts_all(scene: Scene) -> None:
    mine, other = await scene.account(plan="retired"), await scene.account(plan="basic")
    scene.clock.set("2026-07-01T09:00:00")
    seen: list[int] = []

    done = await run(scene, progress=seen.append)

    assert done == Migration((moved(mine),))
    assert seen == [1, 2]
    assert (await revision(scene, mine), await revision(scene, other)) == (3, 2)
    books = (await scene.store.books([mine], scene.clock.set("2026-08-15T09:00:00")))[mine]
    assert books.packages[0].plan.code == "solo"


async def test_a_dry_run_says_the_same_and_writes_nothing(scene: Scene) -> None:
    mine = await scene.account(plan="retired")
    scene.clock.set("2026-07-01T09:00:00")

    assert await run(scene, dry_run=True) == Migration((moved(mine),))
    assert await revision(scene, mine) == 2


async def test_running_it_again_does_nothing_twice_and_takes_up_whoever_was_missed(scene: Scene) -> None:
    first = await scene.account(plan="retired")
    scene.clock.set("2026-07-01T09:00:00")
    await run(scene)
    scene.clock.set("2026-06-10T09:00:00")
    second = await scene.account(plan="retired")
    scene.clock.set("2026-07-02T09:00:00")

    assert await run(scene) == Migration((moved(second),), present=1)
    assert await run(scene) == Migration(present=2)
    assert (await revision(scene, first), await revision(scene, second)) == (3, 3)


async def test_whoever_cannot_be_moved_is_named_and_can_be_once_the_reason_is_gone(scene: Scene) -> None:
    large, small = await scene.account(plan="basic"), await scene.account(plan="retired")
    added = await scene.perform(AddPackage(plan="retired", representatives=3), large)
    scene.clock.set("2026-07-01T09:00:00")

    reason = "solo allows at most 1 representatives."
    assert await run(scene) == Migration((moved(small),), problems=((large, reason),))
    assert await run(scene) == Migration(present=1, problems=((large, reason),))

    assert added.subject is not None
    await scene.perform(ChangePackage(package_id=added.subject, representatives=1, effective=NOW), large)
    done = await run(scene)
    assert ([each.account_id for each in done.moved], done.problems) == ([large], ())


async def test_closed_accounts_and_packages_that_have_ended_are_left_alone(scene: Scene) -> None:
    closed, ended = await scene.account(plan="retired"), await scene.account(plan="retired")
    package = (await scene.store.books([ended], scene.clock()))[ended].packages[0].id
    await scene.perform(CancelPackage(package_id=package, effective=NOW), ended)
    await scene.perform(CloseAccount(), closed)
    scene.clock.set("2026-07-01T09:00:00")

    assert await run(scene) == Migration()


async def test_too_little_notice_is_a_problem_of_every_holder(scene: Scene) -> None:
    mine = await scene.account(plan="retired")
    scene.clock.set("2026-08-01T09:00:00")

    done = await run(scene)
    assert done.problems == ((mine, "Holders need 30 days of notice; choose 2026-08-31 or later."),)
    assert (await run(scene, replace(MOVE, notice_days=14))).problems == ()
