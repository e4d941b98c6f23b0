"""One process of the gateway's: started by its command line, ended by a signal, started again in the same place."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.server.running import ROOT

_START_SECONDS = 60.0
_STOP_SECONDS = 45.0


class Process:
    """A command that says a line when it is ready, and then runs until it is told to end."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], folder: Path, ready: str) -> None:
        """`ready` is a part of the line it says; `folder` keeps what it writes to the standard error."""
        self.name, self._arguments, self._environment = name, arguments, dict(environment)
        self._folder, self._ready = folder, ready
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def errors(self) -> str:
        """What it wrote to the standard error, over all its lives."""
        file = self._folder / f"{self.name}.err"
        return file.read_text() if file.exists() else ""

    async def start(self) -> None:
        """Start it and wait until it is ready.

        :raises RuntimeError: it ended before, or took too long.
        """
        with (self._folder / f"{self.name}.err").open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-u", "-m", "gateway", *self._arguments,
                cwd=ROOT, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(_START_SECONDS):
                while line := await self._process.stdout.readline():
                    if self._ready in line.decode():
                        self._reading = asyncio.create_task(self._read_on(self._process.stdout))
                        return
        except TimeoutError:
            await self.kill()
        raise RuntimeError(f"{self.name} did not start:\n{self.errors[-2000:]}")

    @staticmethod
    async def _read_on(stdout: asyncio.StreamReader) -> None:
        while await stdout.readline():
            pass

    async def kill(self) -> None:
        """End it by `kill -9`."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int | None:
        """End it in order; its exit code, None when it was not running."""
        return await self._end(signal.SIGTERM)

    async def _end(self, with_signal: int) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(with_signal)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if self._reading is not None:
            await self._reading
        return code
