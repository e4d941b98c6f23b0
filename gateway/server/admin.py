"""The admin socket: how other processes of the same user ask errands of the one that owns the database.

A Unix socket in a folder only its owner may enter; its path stands in the database's lock file. A caller writes one JSON object on a
line, `{"do": "bill", …}`, and reads lines: any number of `{"progress": n}`, and at the end `{"done": {…}}` or `{"error": "…"}`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from .errands import ERRANDS, Declined, Json, Say
from .services import Services

log = logging.getLogger("gateway.server")

_LONGEST_LINE: Final = 8 * 1024 * 1024
_MOST_UNSENT: Final = 64 * 1024


@contextmanager
def admin_path() -> Generator[Path, None, None]:
    """Where an admin socket may be, in a fresh folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="billing-gateway-"))
    try:
        yield folder / "admin.sock"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class AdminSocket:
    """Takes errands while it is open."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def open(self, path: Path) -> None:
        """Listen."""
        self._server = await asyncio.start_unix_server(self._take, path, limit=_LONGEST_LINE)

    async def close(self) -> None:
        """Take no more, and break off what is running: whatever an errand has done is done, and it can be asked again."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            with suppress(ConnectionError):
                writer.write(_line(await self._answer(reader, writer)))
                await writer.drain()
        finally:
            self._running.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Json:
        def say(progress: int) -> None:
            if not writer.is_closing() and writer.transport.get_write_buffer_size() < _MOST_UNSENT:
                writer.write(_line({"progress": progress}))

        try:
            asked = json.loads(await reader.readline())
            errand = ERRANDS[asked.pop("do")]
        except (ValueError, KeyError, AttributeError, TypeError):
            return {"error": "That is no errand this gateway knows; is it of another version?"}
        try:
            return {"done": await errand(self._services, asked, say)}
        except Declined as reason:
            return {"error": str(reason)}
        except asyncio.CancelledError:
            return {"error": "The gateway is going down; ask again to have the rest done."}
        except Exception:
            log.exception("an errand failed")
            return {"error": "The errand failed; the gateway's log says why."}


async def ask(path: str, errand: str, asked: Json, say: Say) -> Json:
    """Have an errand run by the process that listens at a path.

    :raises Declined: with what it says against it.
    :raises OSError: nobody listens there.
    """
    reader, writer = await asyncio.open_unix_connection(path, limit=_LONGEST_LINE)
    try:
        writer.write(_line({"do": errand, **asked}))
        async for line in reader:
            answer = json.loads(line)
            if "progress" in answer:
                say(answer["progress"])
            elif "done" in answer:
                done: Json = answer["done"]
                return done
            else:
                raise Declined(answer["error"])
    finally:
        writer.close()
    raise Declined("The gateway went away before it was done; ask again to have the rest done.")


def _line(message: Json) -> bytes:
    return json.dumps(message, default=str).encode() + b"\n"
