"""Connections that send nothing, or half a request, do not last."""

import asyncio
from pathlib import Path

import pytest
import uvicorn

from gateway.server.protocol import ImpatientProtocol

pytestmark = pytest.mark.anyio


class Hurried(ImpatientProtocol):
    header_seconds = 0.1


async def app(scope: object, receive: object, send: object) -> None:
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


async def sent(tmp_path: Path, *pieces: bytes) -> bytes:
    """What a server answers to these bytes until it closes the connection, which must happen within 5 seconds."""
    config = uvicorn.Config(app, http=Hurried, lifespan="off", log_config=None, uds=str(tmp_path / "http.sock"), timeout_keep_alive=1)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "http.sock"))
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer
    finally:
        server.servers[0].close()


@pytest.mark.parametrize("half", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_request_without_an_end_to_its_headers_is_dropped(tmp_path: Path, half: bytes) -> None:
    assert await sent(tmp_path, half) == b""


async def test_a_whole_request_takes_the_time_it_takes_and_a_half_one_after_it_is_dropped(tmp_path: Path) -> None:
    answer = await sent(tmp_path, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /again HT")

    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert answer.count(b"HTTP/1.1") == 1
