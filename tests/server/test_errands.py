"""Errands: the same answer whether the command has the database to itself or a running gateway owns it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.billing.commands import ChangeBillingCalendar, CloseAccount
from gateway.server.admin import AdminSocket, admin_path
from gateway.server.errands import ERRANDS, Declined
from gateway.server.owner import run_errand
from gateway.server.settings import Settings
from gateway.store import invoices
from tests.server.scene import COMING_CATALOG, Scene

pytestmark = pytest.mark.anyio

BILL = {"until": None, "dry_run": False}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/billing.db")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene, None]:
    """A running gateway, as far as other processes can tell: it owns the file and takes errands."""
    with admin_path() as admin:
        scene = Scene(tmp_path / "billing.db", admin=admin)
        taking = AdminSocket(scene.services)
        await taking.open(admin)
        await scene.publish()
        yield scene
        await taking.close()
        await scene.store.close()


def explaining(account: str, month: str | None = None) -> dict[str, Any]:
    return {"account": account, "month": month, "locale": "en", "width": 100, "colour": False}


async def declined(settings: Settings, errand: str, asked: dict[str, Any]) -> str:
    with pytest.raises(Declined) as reason:
        await run_errand(settings, errand, asked)
    return str(reason.value)


async def test_a_bill_run_is_done_by_the_running_gateway_which_tells_its_progress(scene: Scene, settings: Settings) -> None:
    accounts = [await scene.account(), await scene.account("EUR")]
    scene.clock.set("2026-11-02T00:00:00")
    seen: list[int] = []

    done = await run_errand(settings, "bill", BILL, seen.append)

    totals = [{"minor": 14_19, "currency": "EUR"}, {"minor": 70_26, "currency": "TRY"}]
    assert done == {"accounts": 2, "invoices": 2, "totals": totals, "failures": []}
    assert seen == [1, 2]
    assert await scene.store.database.read(invoices.count, accounts) == dict.fromkeys(accounts, 1)
    assert (await run_errand(settings, "bill", BILL))["accounts"] == 0


async def test_a_dry_run_leaves_the_running_gateway_as_it_was(scene: Scene, settings: Settings) -> None:
    account = await scene.account()
    scene.clock.set("2026-11-02T00:00:00")

    done = await run_errand(settings, "bill", {**BILL, "dry_run": True})

    assert done["invoices"] == 1
    assert await scene.store.database.read(invoices.count, [account]) == {}


async def test_a_day_in_the_future_is_declined(scene: Scene, settings: Settings) -> None:
    assert await declined(settings, "bill", {**BILL, "until": "2026-10-12"}) == (
        "2026-10-12 lies in the future: periods are billed once they are over."
    )


async def test_a_catalog_is_published_by_the_running_gateway_and_wakes_its_watchers(scene: Scene, settings: Settings) -> None:
    watch = scene.store.feed.watch("acc_1", "UTC")

    done = await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"})
    again = await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"})

    assert (done["revision"], done["changed"]) == (2, True)
    assert (again["revision"], again["changed"]) == (2, False)
    assert len((await scene.store.catalog()).plans["coming"].offers) == 2
    async with asyncio.timeout(1):
        await watch.heard()


async def test_a_catalog_with_mistakes_or_against_the_past_is_declined_and_publishes_nothing(scene: Scene, settings: Settings) -> None:
    await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"})

    assert await declined(settings, "publish", {"text": "x", "name": "mine.toml"}) == (
        "mine.toml: this is not TOML: Expected '=' after a key in a key/value pair (at end of document)"
    )
    backdated = COMING_CATALOG.replace('"coming"', '"basic"').replace("2999-01-01", "2024-01-01")
    said = await declined(settings, "publish", {"text": backdated, "name": "mine.toml"})
    assert said.startswith("basic: the offer from 2024-01-01 differs from what was published")
    assert (await scene.store.catalog()).revision == 2


async def test_a_month_is_drawn_whether_it_runs_comes_or_is_over(scene: Scene, settings: Settings) -> None:
    account = await scene.account()
    scene.clock.set("2026-12-05T00:00:00")
    uncut = (await run_errand(settings, "explain", explaining(account, "2026-10")))["text"]
    await run_errand(settings, "bill", BILL)

    months = ("2026-10", "2026-12", "2027-01")
    texts = {month: (await run_errand(settings, "explain", explaining(account, month)))["text"] for month in months}

    assert "70.26" in texts["2026-10"] and "99.00 × 22/31" in texts["2026-10"]
    assert uncut == texts["2026-10"]
    assert "99.00 × 31/31" in texts["2026-12"]
    assert "99.00 × 31/31" in texts["2027-01"]
    assert (await run_errand(settings, "explain", explaining(account)))["text"] == texts["2026-12"]
    assert "\x1b[" not in "".join(texts.values())


async def test_where_the_anchor_day_changed_every_period_that_begins_in_a_month_is_drawn(scene: Scene, settings: Settings) -> None:
    account = await scene.account()
    await scene.perform(ChangeBillingCalendar(anchor_day=15), account)
    seen = (await run_errand(settings, "explain", explaining(account, "2026-11")))["text"]
    scene.clock.set("2026-12-05T00:00:00")
    uncut = (await run_errand(settings, "explain", explaining(account, "2026-11")))["text"]
    await run_errand(settings, "bill", BILL)
    cut = (await run_errand(settings, "explain", explaining(account, "2026-11")))["text"]

    # The stub from 1 to 14 November is 14 of the 31 days from 15 October on; below it stands the running period.
    assert "99.00 × 14/31" in seen and "99.00 × 30/30" not in seen
    assert uncut.index("99.00 × 14/31") < uncut.index("99.00 × 30/30")
    assert cut == uncut
    assert (await run_errand(settings, "explain", explaining(account)))["text"].count("99.00 × 30/30") == 1


async def test_the_last_month_of_an_account_that_was_closed_is_drawn_from_its_invoice(scene: Scene, settings: Settings) -> None:
    account = await scene.account()
    await scene.perform(CloseAccount(), account)

    assert "99.00 × 1/31" in (await run_errand(settings, "explain", explaining(account, "2026-10")))["text"]
    assert "99.00" not in (await run_errand(settings, "explain", explaining(account)))["text"]


async def test_a_month_of_which_nothing_can_be_known_is_declined(scene: Scene, settings: Settings) -> None:
    account = await scene.account()

    assert await declined(settings, "explain", explaining("acc_none")) == "There is no account acc_none."
    assert await declined(settings, "explain", explaining(account, "November")) == "A month is written as 2026-11, not November."
    assert await declined(settings, "explain", explaining(account, "2026-09")) == "The account was opened on 2026-10-10, after 2026-09."
    assert await declined(settings, "explain", explaining(account, "2026-12")) == (
        "2026-12 lies too far ahead: known are the running period and the one that begins on 2026-11-01."
    )


async def test_without_a_running_gateway_the_command_opens_the_file_itself(tmp_path: Path, settings: Settings) -> None:
    scene = Scene(tmp_path / "billing.db")
    await scene.publish()
    account = await scene.account()
    await scene.store.close()

    done = await run_errand(settings, "explain", explaining(account, "2026-10"))

    assert "99.00 × 22/31" in done["text"]
    assert (await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"}))["revision"] == 2


async def test_a_missing_database_is_named_and_not_made(tmp_path: Path, settings: Settings) -> None:
    assert await declined(settings, "bill", BILL) == (
        f"There is no database at {tmp_path}/billing.db. BILLING_DATABASE_URL says where it is."
    )
    assert not (tmp_path / "billing.db").exists()
    assert not (tmp_path / "billing.db.lock").exists()


async def test_an_owner_that_takes_no_errands_or_does_not_answer_is_named(tmp_path: Path, settings: Settings) -> None:
    scene = Scene(tmp_path / "billing.db")
    assert (await declined(settings, "bill", BILL)).endswith("It takes no errands: wait until it is done, and try again.")
    await scene.store.close()

    scene = Scene(tmp_path / "billing.db", admin=tmp_path / "nobody.sock")
    assert (await declined(settings, "bill", BILL)).endswith("it may just be starting. Try again in a moment.")
    await scene.store.close()


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[]\n", b"7\n", b'{"do": "harm"}\n', b'{"do": []}\n', b"\xff\n", b'{"do"'])
async def test_what_is_no_errand_gets_an_answer(scene: Scene, settings: Settings, tmp_path: Path, line: bytes) -> None:
    owner = json.loads((tmp_path / "billing.db.lock").read_text())
    reader, writer = await asyncio.open_unix_connection(owner["admin"])
    writer.write(line)
    writer.write_eof()

    assert json.loads(await reader.readline()) == {"error": "That is no errand this gateway knows; is it of another version?"}
    writer.close()


async def test_an_errand_that_fails_says_so_and_the_next_one_is_taken(
    scene: Scene, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert await declined(settings, "bill", {}) == "The errand failed; the gateway's log says why."
    assert [record.getMessage() for record in caplog.records] == ["an errand failed"]
    assert (await run_errand(settings, "bill", BILL))["accounts"] == 0


async def test_a_gateway_that_goes_down_tells_whoever_waits(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def endless(services: object, asked: object, say: object) -> dict[str, Any]:
        begun.set()
        await asyncio.Event().wait()
        return {}

    monkeypatch.setitem(ERRANDS, "endless", endless)
    with admin_path() as admin:
        scene = Scene(tmp_path / "billing.db", admin=admin)
        taking = AdminSocket(scene.services)
        await taking.open(admin)
        waiting = asyncio.create_task(declined(settings, "endless", {}))
        await asyncio.wait_for(begun.wait(), 5)
        await taking.close()
        await scene.store.close()

    assert await waiting == "The gateway is going down; ask again to have the rest done."


async def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "billing.db").mkdir()

    assert await declined(replace(settings), "bill", BILL) == (
        f"The database {tmp_path}/billing.db cannot be opened: unable to open database file"
    )
