"""Errands: the same answer whether the command has the database to itself, beside others, or a running gateway owns it.

What a running gateway does for others, at its admin socket, is SQLite's: `owned` is a file that it owns. On a server, where
nobody owns anything, a command does its errand itself.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.billing.commands import ChangeBillingCalendar, CloseAccount
from gateway.jobs.work import at_work
from gateway.server.admin import AdminSocket, admin_path
from gateway.server.errands import ERRANDS, Declined, Json, Say
from gateway.server.owner import run_errand
from gateway.server.services import hints_of, open_services
from gateway.server.settings import Settings
from gateway.store import invoices
from tests import databases
from tests.server.scene import COMING_CATALOG, Scene

pytestmark = pytest.mark.anyio

BILL = {"until": None, "dry_run": False}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/billing.db")


@asynccontextmanager
async def in_use(settings: Settings) -> AsyncGenerator[Scene, None]:
    """A running gateway, as far as other processes can tell: a file it owns, and takes errands."""
    with admin_path() as admin:
        scene = Scene(settings.database_url, admin=admin)
        taking = AdminSocket(scene.services)
        await taking.open(admin)
        await scene.publish()
        yield scene
        await taking.close()
        await scene.store.close()


@pytest.fixture
async def owned(settings: Settings) -> AsyncGenerator[Scene, None]:
    """A gateway that owns a file."""
    async with in_use(settings) as scene:
        yield scene


@dataclass
class Errands:
    """A database in use, and how another process has an errand run on it."""

    scene: Scene
    settings: Settings

    async def run(self, errand: str, asked: Json, say: Say = lambda progress: None) -> Json:
        """Have it run by the owner of the file; on a server as a command does it itself, at the scene's instant."""
        if self.settings.database_path is not None:
            return await run_errand(self.settings, errand, asked, say)
        services = open_services(self.settings, now=self.scene.clock)
        try:
            return await ERRANDS[errand](services, asked, say)
        finally:
            await services.store.close()

    async def declined(self, errand: str, asked: Json) -> str:
        """Why it is not run."""
        with pytest.raises(Declined) as reason:
            await self.run(errand, asked)
        return str(reason.value)


@pytest.fixture
async def errands(database_url: str) -> AsyncGenerator[Errands, None]:
    settings = Settings(database_url=database_url)
    async with in_use(settings) as scene:
        yield Errands(scene, settings)


def explaining(account: str, month: str | None = None) -> dict[str, Any]:
    return {"account": account, "month": month, "locale": "en", "width": 100, "colour": False}


async def declined(settings: Settings, errand: str, asked: dict[str, Any]) -> str:
    with pytest.raises(Declined) as reason:
        await run_errand(settings, errand, asked)
    return str(reason.value)


async def test_a_bill_run_beside_a_running_gateway_tells_its_progress(errands: Errands) -> None:
    accounts = [await errands.scene.account(), await errands.scene.account("EUR")]
    errands.scene.clock.set("2026-11-02T00:00:00")
    seen: list[int] = []

    done = await errands.run("bill", BILL, seen.append)

    totals = [{"minor": 14_19, "currency": "EUR"}, {"minor": 70_26, "currency": "TRY"}]
    assert done == {"accounts": 2, "invoices": 2, "totals": totals, "failures": []}
    assert seen == [1, 2]
    assert await errands.scene.store.database.read(invoices.count, accounts) == dict.fromkeys(accounts, 1)
    assert (await errands.run("bill", BILL))["accounts"] == 0


async def test_a_dry_run_leaves_the_running_gateway_as_it_was(errands: Errands) -> None:
    account = await errands.scene.account()
    errands.scene.clock.set("2026-11-02T00:00:00")

    done = await errands.run("bill", {**BILL, "dry_run": True})

    assert done["invoices"] == 1
    assert await errands.scene.store.database.read(invoices.count, [account]) == {}


async def test_a_day_in_the_future_is_declined(errands: Errands) -> None:
    assert await errands.declined("bill", {**BILL, "until": "2026-10-12"}) == (
        "2026-10-12 lies in the future: periods are billed once they are over."
    )


async def test_a_catalog_is_published_beside_a_running_gateway(errands: Errands) -> None:
    done = await errands.run("publish", {"text": COMING_CATALOG, "name": "mine.toml"})
    again = await errands.run("publish", {"text": COMING_CATALOG, "name": "mine.toml"})

    assert (done["revision"], done["changed"]) == (2, True)
    assert (again["revision"], again["changed"]) == (2, False)
    assert len((await errands.scene.store.catalog()).plans["coming"].offers) == 2


async def test_the_owner_of_a_file_wakes_its_watchers_when_it_publishes_a_catalog(owned: Scene, settings: Settings) -> None:
    watch = owned.store.feed.watch("acc_1", "UTC")

    await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"})

    async with asyncio.timeout(1):
        await watch.heard()


async def test_a_gateway_on_a_server_wakes_its_watchers_when_a_command_publishes_a_catalog(tmp_path: Path) -> None:
    with databases.database_url("postgresql", tmp_path) as url:
        settings = Settings(database_url=url)
        async with in_use(settings) as scene, asyncio.timeout(10):
            watch = scene.store.feed.watch("acc_1", "UTC")
            async with at_work(scene.store, scene.clock, hints_of(settings), jobs=False):
                await watch.heard()  # as listening begins

                await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"})

                await watch.heard()


async def test_a_catalog_with_mistakes_or_against_the_past_is_declined_and_publishes_nothing(errands: Errands) -> None:
    await errands.run("publish", {"text": COMING_CATALOG, "name": "mine.toml"})

    assert await errands.declined("publish", {"text": "x", "name": "mine.toml"}) == (
        "mine.toml: this is not TOML: Expected '=' after a key in a key/value pair (at end of document)"
    )
    backdated = COMING_CATALOG.replace('"coming"', '"basic"').replace("2999-01-01", "2024-01-01")
    said = await errands.declined("publish", {"text": backdated, "name": "mine.toml"})
    assert said.startswith("basic: the offer from 2024-01-01 differs from what was published")
    assert (await errands.scene.store.catalog()).revision == 2


async def test_a_month_is_drawn_whether_it_runs_comes_or_is_over(errands: Errands) -> None:
    account = await errands.scene.account()
    errands.scene.clock.set("2026-12-05T00:00:00")
    uncut = (await errands.run("explain", explaining(account, "2026-10")))["text"]
    await errands.run("bill", BILL)

    months = ("2026-10", "2026-12", "2027-01")
    texts = {month: (await errands.run("explain", explaining(account, month)))["text"] for month in months}

    assert "70.26" in texts["2026-10"] and "99.00 × 22/31" in texts["2026-10"]
    assert uncut == texts["2026-10"]
    assert "99.00 × 31/31" in texts["2026-12"]
    assert "99.00 × 31/31" in texts["2027-01"]
    assert (await errands.run("explain", explaining(account)))["text"] == texts["2026-12"]
    assert "\x1b[" not in "".join(texts.values())


async def test_where_the_anchor_day_changed_every_period_that_begins_in_a_month_is_drawn(errands: Errands) -> None:
    account = await errands.scene.account()
    await errands.scene.perform(ChangeBillingCalendar(anchor_day=15), account)
    seen = (await errands.run("explain", explaining(account, "2026-11")))["text"]
    errands.scene.clock.set("2026-12-05T00:00:00")
    uncut = (await errands.run("explain", explaining(account, "2026-11")))["text"]
    await errands.run("bill", BILL)
    cut = (await errands.run("explain", explaining(account, "2026-11")))["text"]

    # The stub from 1 to 14 November is 14 of the 31 days from 15 October on; below it stands the running period.
    assert "99.00 × 14/31" in seen and "99.00 × 30/30" not in seen
    assert uncut.index("99.00 × 14/31") < uncut.index("99.00 × 30/30")
    assert cut == uncut
    assert (await errands.run("explain", explaining(account)))["text"].count("99.00 × 30/30") == 1


async def test_the_last_month_of_an_account_that_was_closed_is_drawn_from_its_invoice(errands: Errands) -> None:
    account = await errands.scene.account()
    await errands.scene.perform(CloseAccount(), account)

    assert "99.00 × 1/31" in (await errands.run("explain", explaining(account, "2026-10")))["text"]
    assert "99.00" not in (await errands.run("explain", explaining(account)))["text"]


async def test_a_month_of_which_nothing_can_be_known_is_declined(errands: Errands) -> None:
    account = await errands.scene.account()

    assert await errands.declined("explain", explaining("acc_none")) == "There is no account acc_none."
    assert await errands.declined("explain", explaining(account, "November")) == "A month is written as 2026-11, not November."
    assert await errands.declined("explain", explaining(account, "2026-09")) == "The account was opened on 2026-10-10, after 2026-09."
    assert await errands.declined("explain", explaining(account, "2026-12")) == (
        "2026-12 lies too far ahead: known are the running period and the one that begins on 2026-11-01."
    )


async def test_without_a_running_gateway_the_command_opens_the_database_itself(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    scene = Scene(database_url)
    await scene.publish()
    account = await scene.account()
    await scene.store.close()

    done = await run_errand(settings, "explain", explaining(account, "2026-10"))

    assert "99.00 × 22/31" in done["text"]
    assert (await run_errand(settings, "publish", {"text": COMING_CATALOG, "name": "mine.toml"}))["revision"] == 2


async def test_a_missing_file_is_named_and_not_made(tmp_path: Path, settings: Settings) -> None:
    assert await declined(settings, "bill", BILL) == (
        f"There is no database at {tmp_path}/billing.db. BILLING_DATABASE_URL says where it is."
    )
    assert not (tmp_path / "billing.db").exists()
    assert not (tmp_path / "billing.db.lock").exists()


async def test_an_owner_of_a_file_that_takes_no_errands_or_does_not_answer_is_named(tmp_path: Path, settings: Settings) -> None:
    scene = Scene(settings.database_url)
    assert (await declined(settings, "bill", BILL)).endswith("It takes no errands: wait until it is done, and try again.")
    await scene.store.close()

    scene = Scene(settings.database_url, admin=tmp_path / "nobody.sock")
    assert (await declined(settings, "bill", BILL)).endswith("it may just be starting. Try again in a moment.")
    await scene.store.close()


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[]\n", b"7\n", b'{"do": "harm"}\n', b'{"do": []}\n', b"\xff\n", b'{"do"'])
async def test_what_is_no_errand_gets_an_answer(owned: Scene, tmp_path: Path, line: bytes) -> None:
    owner = json.loads((tmp_path / "billing.db.lock").read_text())
    reader, writer = await asyncio.open_unix_connection(owner["admin"])
    writer.write(line)
    writer.write_eof()

    assert json.loads(await reader.readline()) == {"error": "That is no errand this gateway knows; is it of another version?"}
    writer.close()


async def test_an_errand_that_fails_says_so_and_the_next_one_is_taken(
    owned: Scene, settings: Settings, caplog: pytest.LogCaptureFixture
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
        scene = Scene(settings.database_url, admin=admin)
        taking = AdminSocket(scene.services)
        await taking.open(admin)
        waiting = asyncio.create_task(declined(settings, "endless", {}))
        await asyncio.wait_for(begun.wait(), 5)
        await taking.close()
        await scene.store.close()

    assert await waiting == "The gateway is going down; ask again to have the rest done."


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "billing.db").mkdir()

    assert await declined(settings, "bill", BILL) == (f"The database {tmp_path}/billing.db cannot be opened: unable to open database file")
