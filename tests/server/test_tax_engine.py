"""A tax engine behind HTTP: a real little server that answers, is late, fails, or talks nonsense."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from gateway.billing.tax import CustomerKind, TaxIdCheck, TaxStatus
from gateway.billing.tax_engine import QuotedRate, TaxAnswer, TaxQuestion
from gateway.server.tax_engine import HttpTaxEngine

pytestmark = pytest.mark.anyio
QUESTION = TaxQuestion(
    seller="DE",
    country="FR",
    kind=CustomerKind.CONSUMER,
    check=TaxIdCheck.NONE,
    currency="EUR",
    on=date(2026, 11, 30),
    nets={"standard": 4500, "books": -5},
)
RATES = [{"category": "standard", "percent": "20", "name": {"en": "TVA"}}, {"category": "books", "percent": "5.5"}]
GOOD = {"rates": RATES}


class Server:
    """Answers each request by what it is told; keeps what it was asked."""

    def __init__(self, answer: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answer = answer

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        (length,) = (int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
        self.asked.append((head, json.loads(await reader.readexactly(length))))
        await self._answer(writer)
        writer.close()


@asynccontextmanager
async def serving(answer: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[tuple[Server, str]]:
    """A server, and its URL."""
    server = Server(answer)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    async with listening:
        yield server, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/quote?v=1"


def saying(body: bytes, status: str = "200 OK", head: str | None = None) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        length = f"Content-Length: {len(body)}\r\n" if head is None else head
        writer.write(f"HTTP/1.1 {status}\r\n{length}\r\n".encode() + body)
        await writer.drain()

    return answer


async def test_it_is_asked_in_json_and_its_answer_is_taken() -> None:
    async with serving(saying(json.dumps(GOOD).encode())) as (server, url):
        answer = await HttpTaxEngine(url, 5).quote(QUESTION)

    ((head, asked),) = server.asked
    assert head.startswith("POST /quote?v=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert asked == {
        "seller": "DE",
        "customer": {"country": "FR", "kind": "CONSUMER", "taxId": "NONE"},
        "currency": "EUR",
        "on": "2026-11-30",
        "lines": [{"category": "standard", "net": "45.00"}, {"category": "books", "net": "-0.05"}],
    }
    assert answer == TaxAnswer(
        country="FR",
        on=date(2026, 11, 30),
        status=TaxStatus.CHARGED,
        rates=(
            QuotedRate(category="standard", percent=20_000_000, names={"en": "TVA"}),
            QuotedRate(category="books", percent=5_500_000, names={"en": "VAT", "tr": "KDV"}),
        ),
    )


async def test_an_answer_in_chunks_or_up_to_the_end_of_the_connection_is_read_whole() -> None:
    body = json.dumps(GOOD).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:])) + b"0\r\n\r\n"
    for sent, head in ((chunks, "Transfer-Encoding: chunked\r\n"), (body, "Connection: close\r\n")):
        async with serving(saying(sent, head=head)) as (_, url):
            assert await HttpTaxEngine(url, 5).quote(QUESTION) is not None


async def test_it_may_say_that_nothing_is_charged() -> None:
    none = {"status": "REVERSE_CHARGE", "rates": [{"category": each, "percent": "0"} for each in QUESTION.nets]}
    async with serving(saying(json.dumps(none).encode())) as (_, url):
        answer = await HttpTaxEngine(url, 5).quote(QUESTION)

    assert answer is not None and answer.status is TaxStatus.REVERSE_CHARGE


def altered(**values: object) -> bytes:
    return json.dumps({"rates": [{**RATES[0], **values}, RATES[1]]}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        saying(json.dumps(GOOD).encode(), "500 Internal Server Error"),
        saying(json.dumps(GOOD).encode(), "302 Found"),
        saying(b"not json"),
        saying(b"[]"),
        saying(b"{}"),
        saying(b"[" * 60_000),
        saying(json.dumps({"rates": RATES[:1]}).encode()),
        saying(json.dumps({"rates": RATES, "status": "MAYBE"}).encode()),
        saying(json.dumps({"rates": RATES, "status": "ADDRESS_NEEDED"}).encode()),
        saying(json.dumps({"rates": RATES, "status": ["CHARGED"]}).encode()),
        saying(json.dumps({"rates": RATES, "status": "EXPORT"}).encode()),
        saying(altered(percent=20)),
        saying(altered(percent="101")),
        saying(altered(percent="-1")),
        saying(altered(name="TVA")),
        saying(altered(name={"fr": "TVA"})),
        saying(json.dumps({**GOOD, "more": "x" * 100_000}).encode()),
        saying(json.dumps(GOOD).encode()[:-9], head=f"Content-Length: {len(json.dumps(GOOD))}\r\n"),
        saying(b"", head="nonsense"),
    ],
)
async def test_a_fault_or_an_answer_that_makes_no_sense_is_no_answer(answer: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
    async with serving(answer) as (server, url):
        assert await HttpTaxEngine(url, 5).quote(QUESTION) is None
    assert len(server.asked) == 1


async def test_one_that_is_late_is_not_waited_for() -> None:
    held = asyncio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        await held.wait()

    async with serving(late) as (_, url):
        before = asyncio.get_running_loop().time()
        assert await HttpTaxEngine(url, 0.05).quote(QUESTION) is None
        assert asyncio.get_running_loop().time() - before < 2
        held.set()


async def test_one_that_is_not_there_is_no_answer() -> None:
    async with serving(saying(b"")) as (_, url):
        pass
    assert await HttpTaxEngine(url, 5).quote(QUESTION) is None


async def test_one_that_failed_is_left_alone_for_a_while_and_then_asked_again() -> None:
    async with serving(saying(b"", "503 Service Unavailable")) as (server, url):
        resting, restless = HttpTaxEngine(url, 5), HttpTaxEngine(url, 5, rest=0)
        for engine in (resting, restless):
            assert [await engine.quote(QUESTION) for _ in range(2)] == [None, None]

    assert len(server.asked) == 1 + 2
