"""PostgreSQL and Redis of the storm's own, in a folder of its own, so that stopping them harms nobody else."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from pathlib import Path


def free_port() -> int:
    """A port of this machine's that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class OwnRedis:
    """A Redis that keeps nothing."""

    def __init__(self) -> None:
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        """Start it, and wait until it listens."""
        arguments = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = await asyncio.create_subprocess_exec("redis-server", *arguments, stdout=asyncio.subprocess.DEVNULL)
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise RuntimeError("redis-server did not start within 10 s")

    async def stop(self) -> None:
        """End it by `kill -9`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
            self._process = None


class OwnPostgres:
    """A PostgreSQL cluster made for this storm. A superuser of the machine runs it as the user `postgres`, as it must."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder / "postgres", free_port()
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"

    @property
    def url(self) -> str:
        """Its first database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    async def start(self) -> None:
        """Make it, and start it."""
        self._folder.mkdir(mode=0o700)
        if self._as:
            shutil.chown(self._folder, "postgres")
            self._folder.parent.chmod(0o711)
        await self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
        await self._control("start")

    async def restart(self) -> None:
        """Stop it as a crash would, and start it: it recovers from its log."""
        await self._control("restart", "-m", "immediate")

    async def stop(self) -> None:
        """Stop it."""
        await self._control("stop", "-m", "fast")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    async def _control(self, *arguments: str) -> None:
        await self._run("pg_ctl", "-D", str(self._data), "-l", str(self._folder / "log"), "-o", self._options, "-w", *arguments)

    async def _run(self, program: str, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._as, _program(program), *arguments, stdout=asyncio.subprocess.DEVNULL, cwd=self._folder.parent
        )
        if await process.wait():
            raise RuntimeError(f"{program} {' '.join(arguments)} failed")


def _program(name: str) -> str:
    """A program of PostgreSQL's, which Debian keeps off the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(installed[-1]) if installed else shutil.which(name) or name
