"""What if and quotes over the wire: tried changes move with the account, its day and the catalog, and a quote holds over midnight."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.server.running import command
from tests.store.given import SEED

from .gateway import Clock, Gateway, gateway
from .test_estimate import do

pytestmark = pytest.mark.anyio

WHAT_IF = """subscription($changes: [ChangeInput!]!) { whatIf(changes: $changes) { __typename
    ... on WhatIf { revision after { current { expected { due { amount } } } next { expected { due { amount } } } } }
    ... on ChangeRefusedError { index because { __typename } } } }"""
PREVIEW = """query($input: ChangePackageInput!) { previewPackageChange(input: $input) {
    ... on ChangePreview { quote { token current { gross { amount } } } } } }"""

NEXT_PACKAGE = '[[package]]\ncode = "enterprise"'
DEARER = """[[package.offer]]
from = 2026-06-01
included = 10
maximum = 50
chatbot_limit = 2500
price.month.TRY = { base = "9980.00", representative = "399.00" }
price.month.USD = { base = "149.00", representative = "13.00" }
price.month.EUR = { base = "139.00", representative = "12.00" }
price.quarter.TRY = { base = "14225.00", representative = "1140.00" }
price.quarter.USD = { base = "425.00", representative = "37.00" }
price.quarter.EUR = { base = "396.00", representative = "34.00" }
price.year.TRY = { base = "49900.00", representative = "3990.00" }
price.year.USD = { base = "1490.00", representative = "130.00" }
price.year.EUR = { base = "1390.00", representative = "120.00" }
"""


async def pushed(socket: ClientConnection) -> dict[str, Any]:
    message = json.loads(await asyncio.wait_for(socket.recv(), 10))
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    item: dict[str, Any] = message["payload"]["data"]["whatIf"]
    return item


def figures(item: dict[str, Any]) -> tuple[int, str, str]:
    after = item["after"]
    return item["revision"], after["current"]["expected"]["due"]["amount"], after["next"]["expected"]["due"]["amount"]


async def first_event(running: Gateway, token: str, document: str, **variables: Any) -> dict[str, Any]:
    """The first server-sent event of a subscription."""
    reader, writer = await asyncio.open_connection(*running.host)
    writer.write(
        running.request(token, document, **variables).replace(b"\r\ncontent-type", b"\r\naccept: text/event-stream\r\ncontent-type")
    )
    text = (await asyncio.wait_for(reader.readuntil(b"\n\n"), 10)).decode()
    while "event: next" not in text:
        text = (await asyncio.wait_for(reader.readuntil(b"\n\n"), 10)).decode()
    writer.close()
    event: dict[str, Any] = json.loads(text.partition("data: ")[2])
    return event


async def opened(running: Gateway) -> tuple[str, str]:
    """The token of a fresh account's owner, and its package."""
    account = await do(running, running.token(), "openAccount", name="Kıyı", currency="TRY", timeZone="Europe/Istanbul")
    owner = running.token(account["account"]["id"])
    return owner, (await do(running, owner, "addPackage", plan="team"))["account"]["packages"][0]["id"]


async def test_tried_changes_are_compared_anew_whenever_something_moves(tmp_path: Path, database_url: str) -> None:
    clock = Clock(tmp_path)
    clock.set(datetime(2026, 5, 17, 9, tzinfo=UTC))
    with gateway(tmp_path, clock, database_url) as running:
        owner, package = await opened(running)
        changes = [{"changePackage": {"packageId": package, "plan": "business"}}, {"addAddOn": {"plan": "ticket_system"}}]
        asked = {"query": WHAT_IF, "variables": {"changes": changes}}

        async with running.socket(owner) as socket:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
            now = await pushed(socket)
            assert figures(now) == (2, "2680.17", "5539.00")  # 4990.00 × 15/31 + 549.00 × 15/31

            streamed = await first_event(running, owner, WHAT_IF, changes=changes)
            assert streamed == {"data": {"whatIf": now}}

            clock.set(datetime(2026, 5, 18, 9, tzinfo=UTC))
            assert figures(await pushed(socket)) == (2, "2554.68", "5539.00")  # midnight: 53.19 + 2253.55 + 247.94

            await do(running, owner, "addAddOn", plan="ticket_system")
            refused = {"__typename": "ChangeRefusedError", "index": 1, "because": {"__typename": "AlreadyActiveError"}}
            assert await pushed(socket) == refused
            await do(running, owner, "removeAddOn", plan="ticket_system", effective={"when": "NOW"})
            assert figures(await pushed(socket)) == (4, "2554.68", "5539.00")

            file = tmp_path / "dearer.toml"
            file.write_text(SEED.read_text().replace(NEXT_PACKAGE, f"{DEARER}\n{NEXT_PACKAGE}"))
            loaded = command(tmp_path, "catalog", "apply", str(file), "--yes", BILLING_DATABASE_URL=database_url, **clock.environment)
            assert loaded.returncode == 0, loaded.stderr + loaded.stdout
            assert figures(await pushed(socket)) == (4, "2554.68", "10529.00")  # 9980.00 from June on
        code, errors = running.running.stop()
        assert (code, errors) == (0, "")


async def test_a_quote_taken_before_midnight_holds_after_it_and_a_restart(tmp_path: Path, database_url: str) -> None:
    clock = Clock(tmp_path)
    clock.set(datetime(2026, 5, 20, 20, 58, tzinfo=UTC))  # 23:58 in Istanbul
    with gateway(tmp_path, clock, database_url) as running:
        owner, package = await opened(running)
        change = {"packageId": package, "plan": "business", "idempotencyKey": "k"}
        quote = (await running.ask(owner, PREVIEW, input=change))["previewPackageChange"]["quote"]
        running.running.stop()

    clock.set(datetime(2026, 5, 20, 21, 1, tzinfo=UTC))
    with gateway(tmp_path, clock, database_url) as running:
        done = await do(running, owner, "changePackage", **change, quote=quote["token"])

    # The day it was quoted on is billed as Business, too: 12 of 31 days
    assert quote["current"]["gross"]["amount"] == done["forecast"]["expected"]["due"]["amount"] == "1931.61"
