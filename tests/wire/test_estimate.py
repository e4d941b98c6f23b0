"""The main job over the wire: what is previewed happens, what happens is pushed, and the last estimate is the invoice."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from .gateway import Clock, Gateway, gateway

pytestmark = pytest.mark.anyio

FORECAST = """period { start end } soFar { due { amount } } expected { due { amount } lines { description formula amount { amount } } }"""
PREVIEW = f"""query($input: ChangePackageInput!) {{ previewPackageChange(input: $input) {{
    ... on ChangePreview {{ before {{ {FORECAST} }} after {{ {FORECAST} }} }} ... on Error {{ code message }} }} }}"""
ESTIMATE = f"subscription {{ estimate {{ revision asOf forecast {{ {FORECAST} }} cause {{ verb revision }} }} }}"


INVOICES = "{ account { pastInvoices { nodes { number total { amount } lines { description formula amount { amount } } } } } }"


def mutation(verb: str) -> str:
    kind = verb[0].upper() + verb[1:]
    return f"""mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ __typename
        ... on Outcome {{ account {{ id revision packages {{ id }} }} forecast {{ {FORECAST} }} }} ... on Error {{ code message }} }} }}"""


async def do(running: Gateway, token: str, verb: str, **fields: Any) -> dict[str, Any]:
    fields.setdefault("idempotencyKey", f"{verb} {time.monotonic_ns()}")
    data = await running.ask(token, mutation(verb), input=fields)
    result: dict[str, Any] = data[verb]
    assert "code" not in result, result
    return result


async def answered(asked: Awaitable[dict[str, Any]]) -> tuple[dict[str, Any], float]:
    """An answer, and when it came."""
    answer = await asked
    return answer, time.monotonic()


async def pushed(socket: ClientConnection) -> dict[str, Any]:
    message = json.loads(await asyncio.wait_for(socket.recv(), 10))
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    event: dict[str, Any] = message["payload"]["data"]["estimate"]
    return event


async def test_preview_is_outcome_is_push_and_the_last_estimate_is_the_invoice(tmp_path: Path, database_url: str) -> None:
    clock = Clock(tmp_path)
    clock.set(datetime(2026, 5, 17, 9, tzinfo=UTC))
    with gateway(tmp_path, clock, database_url) as running:
        opened = await do(running, running.token(), "openAccount", name="Kıyı", currency="TRY", timeZone="Europe/Istanbul")
        account_id = opened["account"]["id"]
        owner = running.token(account_id)
        package = (await do(running, owner, "addPackage", plan="team"))["account"]["packages"][0]["id"]

        async with running.socket(owner) as socket:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": ESTIMATE}}))
            first = await pushed(socket)
            assert (first["revision"], first["cause"]) == (2, None)
            assert first["forecast"]["expected"]["due"]["amount"] == "797.90"  # 1649.00 × 15/31

            # An upgrade: looked at, made by another client, pushed.
            clock.set(datetime(2026, 5, 20, 9, tzinfo=UTC))
            assert (await pushed(socket))["cause"] is None  # midnight passed
            change = {"packageId": package, "plan": "business", "idempotencyKey": "upgrade"}
            preview = (await running.ask(owner, PREVIEW, input=change))["previewPackageChange"]
            answer = await do(running, owner, "changePackage", **change)
            event = await pushed(socket)
            assert preview["after"] == answer["forecast"] == event["forecast"]
            assert event["forecast"]["expected"]["due"]["amount"] == "2091.19"  # 1649.00 × 3/31 + 4990.00 × 12/31
            assert event["cause"] == {"verb": "changePackage", "revision": 3}

            # Cancelled and brought back on one day: the estimate is what it was.
            clock.set(datetime(2026, 5, 25, 9, tzinfo=UTC))
            before = await pushed(socket)
            await do(running, owner, "cancelPackage", packageId=package, effective={"when": "NOW"})
            cancelled = await pushed(socket)
            assert cancelled["forecast"]["expected"]["due"]["amount"] == "1125.39"  # 159.58 + 4990.00 × 6/31
            clock.set(datetime(2026, 5, 25, 17, tzinfo=UTC))
            await do(running, owner, "reactivatePackage", packageId=package)
            assert (await pushed(socket))["forecast"] == before["forecast"]

            # The answer and the push arrive together, whoever asked.
            delays = []
            for seats in (11, 12, 13, 14, 15):
                asked = asyncio.create_task(answered(do(running, owner, "changePackage", packageId=package, representatives=seats)))
                event = await pushed(socket)
                arrived = time.monotonic()
                answer, answered_at = await asked
                delays.append(arrived - answered_at)
                assert event["forecast"] == answer["forecast"]
            assert statistics.median(delays) < 0.1

            # Over the cut-off: the last estimate is the invoice.
            clock.set(datetime(2026, 5, 31, 20, 59, 0, tzinfo=UTC))
            last = (await pushed(socket))["forecast"]
            clock.set(datetime(2026, 5, 31, 21, 0, 0, tzinfo=UTC))
            event = await pushed(socket)
            assert event["forecast"]["period"] == {"start": "2026-06-01", "end": "2026-07-01"}
            for _ in range(100):
                shown = await running.ask(owner, INVOICES)
                invoices = shown["account"]["pastInvoices"]["nodes"]
                if invoices:
                    break
                await asyncio.sleep(0.1)
            assert [each["number"] for each in invoices] == ["INV-2026-000001"]
            assert invoices[0]["total"] == last["expected"]["due"] == last["soFar"]["due"]
            assert invoices[0]["lines"] == last["expected"]["lines"]
        code, errors = running.running.stop()
        assert (code, errors) == (0, "")
