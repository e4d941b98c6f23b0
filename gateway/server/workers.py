"""Several serving processes behind one port: the first process starts them, replaces one that dies, and ends them in order."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from signal import SIGINT, SIGTERM, Signals
from typing import Final

log = logging.getLogger("gateway.server")

READY: Final = b"ready"
"""What a process says on its standard output once it takes requests."""

_LONGEST_PAUSE: Final = 30.0


class Workers:
    """Keeps `count` processes of one command running until it is told to stop."""

    def __init__(self, command: Sequence[str], descriptor: int, count: int, ready: Callable[[], None]) -> None:
        """`descriptor` is the listening socket they share; `ready` is called once the first of them takes requests."""
        self._command, self._descriptor, self._count, self._ready = command, descriptor, count, ready
        self._running: set[asyncio.subprocess.Process] = set()
        self._stopping = asyncio.Event()
        self._orderly = True

    async def run(self) -> bool:
        """Keep them running until SIGTERM or SIGINT; whether all of them then ended in order."""
        loop = asyncio.get_running_loop()
        for number in (SIGTERM, SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        async with asyncio.TaskGroup() as keeping:
            for _ in range(self._count):
                keeping.create_task(self._keep())
        return self._orderly

    def _stop(self, number: Signals) -> None:
        """Pass the wish to end on. A second Ctrl+C means that connections are not to be waited for."""
        hurried = self._stopping.is_set() and number == SIGINT
        self._stopping.set()
        for process in self._running:
            with suppress(ProcessLookupError):
                process.send_signal(SIGINT if hurried else SIGTERM)

    async def _keep(self) -> None:
        """Keep one process running. One that dies before it takes requests is started again after a pause that grows."""
        failures = 0
        while not self._stopping.is_set():
            process = await self._start()
            served = await self._watch(process)
            if self._stopping.is_set():
                # One that had not begun to serve may be ended by the signal itself.
                self._orderly = self._orderly and (process.returncode == 0 or not served)
                return
            failures = 0 if served else failures + 1
            log.error("process %d ended with code %s; another one takes its place", process.pid, process.returncode)
            await self._pause(min(_LONGEST_PAUSE, 2.0**failures / 4) if failures else 0)

    async def _start(self) -> asyncio.subprocess.Process:
        """Start one. A group of its own keeps a terminal's Ctrl+C from it; its input ends when this process does, however that may be."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, pass_fds=(self._descriptor,), process_group=0
        )
        self._running.add(process)
        if self._stopping.is_set():
            with suppress(ProcessLookupError):
                process.send_signal(SIGTERM)
        return process

    async def _watch(self, process: asyncio.subprocess.Process) -> bool:
        """Wait for its end; whether it took requests."""
        assert process.stdout is not None
        served = False
        async for line in process.stdout:
            if line.strip() == READY and not served:
                served = True
                self._ready()
        await process.wait()
        self._running.discard(process)
        return served

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def again(*arguments: str) -> tuple[str, ...]:
    """The command line that starts this program once more, with other arguments."""
    return (sys.executable, "-m", "gateway", *arguments)


async def end_with_parent() -> None:
    """End this process in order when the one that started it is gone: its standard input then ends."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), lambda: ended.set() if not os.read(sys.stdin.fileno(), 1024) else None)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    os.kill(os.getpid(), SIGTERM)
