"""The bill run: what is over is billed once, whoever else fails."""

import logging
from collections.abc import AsyncGenerator
from datetime import date

import pytest
from sqlalchemy import Connection, text

from gateway.billing.money import Money
from gateway.jobs.bill_run import BillRun, bill_run
from gateway.store import entries, invoices
from tests.server.scene import Scene

pytestmark = pytest.mark.anyio

NOTHING = BillRun()


@pytest.fixture
async def scene(database_url: str) -> AsyncGenerator[Scene, None]:
    scene = Scene(database_url)
    await scene.publish()
    yield scene
    await scene.store.close()


async def run(scene: Scene, **options: object) -> BillRun:
    return await bill_run(scene.store, until=scene.clock(), now=scene.clock(), **options)  # type: ignore[arg-type]


async def numbers(scene: Scene, *account_ids: str) -> list[str | None]:
    """Numbers of all invoices of these accounts, by account, oldest first."""
    found = await scene.store.database.read(invoices.newest, account_ids, 100)
    return [invoice.number for account_id in account_ids for invoice in reversed(found.get(account_id, []))]


async def revision(scene: Scene, account_id: str) -> int:
    newest = await scene.store.database.read(entries.newest, [account_id], 1)
    return newest[account_id][0].revision


async def test_a_period_is_not_billed_before_it_is_over(scene: Scene) -> None:
    await scene.account()

    scene.clock.set("2026-10-31T20:59:59")
    assert await run(scene) == NOTHING

    scene.clock.set("2026-10-31T21:00:00")
    # 22 of October's 31 days at 99.00 TRY
    assert await run(scene) == BillRun(1, 1, (Money(70_26, "TRY"),))


async def test_a_second_run_does_nothing(scene: Scene) -> None:
    account = await scene.account()
    scene.clock.set("2026-11-02T00:00:00")
    await run(scene)
    before = await revision(scene, account)

    assert await run(scene) == NOTHING
    assert await revision(scene, account) == before
    assert await numbers(scene, account) == ["INV-2026-000001"]


async def test_every_period_that_is_over_gets_its_invoice(scene: Scene) -> None:
    account = await scene.account()

    scene.clock.set("2027-01-01T00:00:00")
    assert await run(scene) == BillRun(1, 3, (Money(70_26 + 99_00 + 99_00, "TRY"),))
    assert await numbers(scene, account) == ["INV-2027-000001", "INV-2027-000002", "INV-2027-000003"]


async def test_each_account_is_billed_by_its_own_day_and_summed_by_currency(scene: Scene) -> None:
    await scene.account()
    await scene.account("EUR", "Pacific/Honolulu")
    await scene.account("EUR", "Pacific/Kiritimati")

    scene.clock.set("2026-10-31T12:00:00")
    # On Kiritimati it was the 11th already when the account was opened: 21 of 31 days at 19.99 EUR.
    assert await run(scene) == BillRun(1, 1, (Money(13_54, "EUR"),))
    scene.clock.set("2026-11-02T00:00:00")
    assert await run(scene) == BillRun(2, 2, (Money(14_19, "EUR"), Money(70_26, "TRY")))


async def test_an_account_without_anything_to_pay_is_cut_and_gets_no_invoice(scene: Scene) -> None:
    from gateway.billing.commands import OpenAccount

    opened = await scene.perform(OpenAccount(name="Quiet", currency="TRY", time_zone="UTC"), None)
    scene.clock.set("2026-11-02T00:00:00")

    assert await run(scene) == BillRun(0, 0, ())
    assert await numbers(scene, opened.account_id) == []
    assert await run(scene) == NOTHING


async def test_more_accounts_than_a_batch_are_all_billed_and_progress_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.jobs.bill_run._BATCH", 2)
    for _ in range(5):
        await scene.account()
    scene.clock.set("2026-11-02T00:00:00")
    seen: list[int] = []

    done = await run(scene, progress=seen.append)

    assert (done.accounts, done.invoices) == (5, 5)
    assert seen == [1, 2, 3, 4, 5]


async def test_an_account_that_fails_is_named_logged_and_stops_nobody(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    ids = [await scene.account() for _ in range(3)]

    def spoil(connection: Connection) -> None:
        connection.execute(text("UPDATE checkpoint SET state = '{}' WHERE account_id = :id"), {"id": ids[1]})

    await scene.store.database.write(spoil)
    scene.clock.set("2026-11-02T00:00:00")

    with caplog.at_level(logging.ERROR, "gateway.jobs"):
        done = await run(scene)

    assert done == BillRun(2, 2, (Money(140_52, "TRY"),), (ids[1],))
    assert [record.getMessage() for record in caplog.records] == [f"bill run: account {ids[1]} failed"]
    assert await numbers(scene, *ids) == ["INV-2026-000001", "INV-2026-000002"]


async def test_a_dry_run_tells_the_same_and_writes_nothing(scene: Scene) -> None:
    account = await scene.account()
    await scene.account("EUR", "UTC")
    scene.clock.set("2026-12-02T00:00:00")
    before = await revision(scene, account)

    dry = await run(scene, dry_run=True)

    assert await revision(scene, account) == before
    assert await numbers(scene, account) == []
    assert dry == await run(scene)
    assert dry.invoices == 4


async def test_a_day_leaves_out_accounts_whose_period_ended_later(scene: Scene) -> None:
    await scene.account()
    scene.clock.set("2026-11-02T00:00:00")

    assert await run(scene, ended_by=date(2026, 10, 31)) == NOTHING
    assert (await run(scene, ended_by=date(2026, 11, 1))).invoices == 1
