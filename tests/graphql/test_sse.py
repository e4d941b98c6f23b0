import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from gateway.graphql import Limits
from tests.graphql.demo import BEARER, Demo

pytestmark = pytest.mark.anyio

URL = "/graphql"
STREAM = {**BEARER, "accept": "text/event-stream"}
COMPLETE = "event: complete\ndata:\n\n"


def following(payload: str) -> str:
    return f"event: next\ndata: {payload}\n\n"


async def read(demo: Demo, query: str, **fields: Any) -> str:
    """The whole stream, without the comment it opens with."""
    async with demo.client(**STREAM) as client:
        response = await client.post(URL, json={"query": query, **fields})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    opening, events = response.text[:3], response.text[3:]
    assert opening == ":\n\n"
    return events


async def until(lines: AsyncIterator[str], wanted: str) -> None:
    async for line in lines:
        if line == wanted:
            return
    raise AssertionError("the stream ended")


async def test_a_subscription_is_streamed_event_by_event_and_completed() -> None:
    events = await read(Demo(), "subscription ($to: Int!) { count(to: $to) { number } }", variables={"to": 2})
    assert events == following('{"data":{"count":{"number":0}}}') + following('{"data":{"count":{"number":1}}}') + COMPLETE


async def test_a_subscription_is_streamed_by_get_too() -> None:
    async with Demo().client(**STREAM) as client:
        response = await client.get(URL, params={"query": "subscription { count(to: 1) { number } }"})
    assert response.text == ":\n\n" + following('{"data":{"count":{"number":0}}}') + COMPLETE


async def test_each_event_gets_a_context_of_its_own() -> None:
    events = await read(Demo(), "subscription { count(to: 2) { contextNumber } }")
    assert events == following('{"data":{"count":{"contextNumber":2}}}') + following('{"data":{"count":{"contextNumber":3}}}') + COMPLETE


async def test_queries_and_mutations_are_streamed_as_one_answer() -> None:
    assert await read(Demo(), "{ hello }") == following('{"data":{"hello":"hello world"}}') + COMPLETE
    events = await read(Demo(), "mutation { buy(quantity: 2) { ... on Bought { quantity } } }")
    assert events == following('{"data":{"buy":{"quantity":2}}}') + COMPLETE


async def test_a_bad_document_is_told_in_the_stream() -> None:
    events = await read(Demo(), "subscription { nope }")
    assert events == (
        following(
            """{"errors":[{"message":"Cannot query field 'nope' on type 'Subscription'.","""
            '"locations":[{"line":1,"column":16}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}'
        )
        + COMPLETE
    )


async def test_a_bad_request_is_told_by_its_status() -> None:
    async with Demo().client(**STREAM) as client:
        malformed = await client.post(URL, json={"query": 7})
        by_get = await client.get(URL, params={"query": "mutation { buy(quantity: 1) { __typename } }"})
    assert (malformed.status_code, malformed.headers["content-type"]) == (400, "application/json; charset=utf-8")
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")


async def test_a_source_that_breaks_ends_its_stream_masked() -> None:
    events = await read(Demo(), "subscription { breaks }")
    first, last, complete, _ = events.split("\n\n")
    assert first == 'event: next\ndata: {"data":{"breaks":1}}'
    masked = '{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL_SERVER_ERROR","errorId":'
    assert last.startswith(f"event: next\ndata: {masked}")
    assert f"{complete}\n\n" == COMPLETE
    assert "secret" not in events


async def test_a_fault_in_one_event_does_not_end_the_stream() -> None:
    events = await read(Demo(), "subscription { count(to: 2) { fault } }")
    assert events.count('{"data":{"count":{"fault":null}},"errors":[') == 2
    assert events.endswith(COMPLETE)


async def test_a_silent_stream_is_kept_open_by_comments() -> None:
    demo = Demo(Limits(heartbeat_seconds=0.02))
    async with demo.served() as address, httpx2.AsyncClient(headers=STREAM) as client:
        query = {"query": "subscription { forever }"}
        async with client.stream("POST", f"http://{address}{URL}", json=query) as response:
            lines = response.aiter_lines()
            await until(lines, 'data: {"data":{"forever":0}}')
            assert [await anext(lines) for _ in range(6)] == ["", ":", "", ":", "", ":"]


async def test_the_source_is_closed_when_the_client_leaves() -> None:
    demo = Demo()
    async with demo.served() as address, httpx2.AsyncClient(headers=STREAM) as client:
        query = {"query": "subscription { forever }"}
        async with client.stream("POST", f"http://{address}{URL}", json=query) as response:
            await until(response.aiter_lines(), 'data: {"data":{"forever":0}}')
            assert demo.stage.seen["closed"] == 0
        await demo.until("closed")


async def test_the_stream_completes_when_the_token_expires() -> None:
    demo = Demo()
    async with asyncio.timeout(5):
        async with demo.client(authorization="Bearer brief", accept="text/event-stream") as client:
            response = await client.post(URL, json={"query": "subscription { forever }"})
    assert response.text == ":\n\n" + following('{"data":{"forever":0}}') + COMPLETE
    assert demo.stage.seen["closed"] == 1


async def test_draining_breaks_the_stream_off_without_completing_it() -> None:
    demo = Demo()
    answering = asyncio.create_task(read(demo, "subscription { forever }"))
    await demo.until("opened")
    await demo.endpoint.drain()
    assert COMPLETE not in await answering
    assert demo.stage.seen["closed"] == 1


async def test_streams_count_as_connections_of_their_principal() -> None:
    demo = Demo(Limits(sockets_per_principal=1))
    first = asyncio.create_task(read(demo, "subscription { forever }"))
    await demo.until("opened")
    async with demo.client(**STREAM) as client:
        response = await client.post(URL, json={"query": "subscription { forever }"})
    assert (response.status_code, response.headers["retry-after"]) == (429, "30")
    assert response.json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 30}
    await demo.endpoint.drain()
    await first
