"""Once: a hundred calls with one key on connections of their own, and a kill between commit and answer."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from .gateway import Clock, Gateway, Json, gateway

pytestmark = pytest.mark.anyio

ADD = """mutation($input: AddPackageInput!) { addPackage(input: $input) { __typename
    ... on PackageAdded { package { id } entry { revision digest } } ... on Error { code } } }"""


async def at_once(running: Gateway, token: str, key: str, calls: int) -> list[Json]:
    answers = (running.ask(token, ADD, input={"plan": "team", "idempotencyKey": key}) for _ in range(calls))
    return [answer["addPackage"] for answer in await asyncio.gather(*answers)]


async def killed_before_answering(running: Gateway, token: str, key: str) -> None:
    """A hundred clients have asked and none has read an answer when the commit is seen from outside and the process is killed."""
    async with running.outside() as count:
        committed = await count("journal")
        connections = [await asyncio.open_connection(*running.host) for _ in range(100)]
        for _, writer in connections:
            writer.write(running.request(token, ADD, input={"plan": "team", "idempotencyKey": key}))
        while await count("journal") == committed:  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0)
        running.running.process.send_signal(signal.SIGKILL)
    running.running.process.wait()
    for _, writer in connections:
        writer.close()


async def test_one_key_takes_effect_once_over_a_hundred_connections_and_a_kill_before_the_answer(tmp_path: Path, database_url: str) -> None:
    clock = Clock(tmp_path)
    clock.set(datetime(2026, 5, 17, 9, tzinfo=UTC))
    with gateway(tmp_path, clock, database_url) as running:
        opened = await running.ask(
            running.token(),
            'mutation { openAccount(input: {name: "A", currency: "EUR", timeZone: "Europe/Berlin", idempotencyKey: "o"}) '
            "{ ... on Outcome { account { id } } } }",
        )
        owner = running.token(opened["openAccount"]["account"]["id"])
        await killed_before_answering(running, owner, "k0")
    for round_ in range(3):
        with gateway(tmp_path, clock, database_url) as running:
            answers = await at_once(running, owner, f"k{round_}", 100)
            assert {answer["__typename"] for answer in answers} == {"PackageAdded"}
            assert len({answer["package"]["id"] for answer in answers}) == 1
            assert {answer["entry"]["revision"] for answer in answers} == {2 + round_}
            async with running.outside() as count:
                assert await count("journal") == await count("outcome") == 2 + round_
            if round_ < 2:
                await killed_before_answering(running, owner, f"k{round_ + 1}")
