"""Publishing prices from another process: whoever watches sees what the next period will cost."""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.server.running import command
from tests.store.given import SEED

from .gateway import Clock, gateway
from .test_estimate import do

pytestmark = pytest.mark.anyio
NEXT = """subscription { estimate { revision cause { verb }
    account { forecast(period: NEXT) { period { start } expected { net { amount } } } } } }"""


async def pushed(socket: ClientConnection) -> dict[str, Any]:
    message = json.loads(await asyncio.wait_for(socket.recv(), 15))
    assert message["type"] == "next" and "errors" not in message["payload"], message
    event: dict[str, Any] = message["payload"]["data"]["estimate"]
    return event


async def test_a_catalog_that_another_process_plans_and_applies_moves_the_next_forecast_of_who_watches(
    tmp_path: Path, database_url: str
) -> None:
    clock = Clock(tmp_path)
    clock.set(datetime(2026, 12, 10, 9, tzinfo=UTC))
    # The seed's Team costs 1899.00 from 2027 on; here it will be 1999.00.
    (tmp_path / "dearer.toml").write_text(SEED.read_text().replace('TRY = { base = "1899.00"', 'TRY = { base = "1999.00"'))
    outside = {"BILLING_DATABASE_URL": database_url, **clock.environment}
    with gateway(tmp_path, clock, database_url) as running:
        opened = await do(running, running.token(), "openAccount", name="Kıyı", currency="TRY", timeZone="Europe/Istanbul")
        account_id = opened["account"]["id"]
        owner = running.token(account_id)
        await do(running, owner, "addPackage", plan="team")
        async with running.socket(owner) as socket:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": NEXT}}))
            first = await pushed(socket)
            january = {"period": {"start": "2027-01-01"}, "expected": {"net": {"amount": "1899.00"}}}
            assert first == {"revision": 2, "cause": None, "account": {"forecast": january}}

            planned = await asyncio.to_thread(command, tmp_path, "catalog", "plan", "dearer.toml", **outside)
            assert (planned.returncode, planned.stderr) == (0, "")
            assert re.search(rf"{account_id}\s+Jan 1\s–\s31, 2027\s+₺1,899.00\s+₺1,999.00\s+\+₺100.00\n", planned.stdout)
            digest = planned.stdout.split()[-1]
            applied = await asyncio.to_thread(command, tmp_path, "catalog", "apply", "dearer.toml", "--plan", digest, **outside)
            assert (applied.returncode, applied.stdout) == (0, "Published 15 plans under revision 2.\n")

            event = await pushed(socket)
            assert event["account"]["forecast"] == {"period": {"start": "2027-01-01"}, "expected": {"net": {"amount": "1999.00"}}}
            assert (event["revision"], event["cause"]) == (2, None)
