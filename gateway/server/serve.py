"""Serving: from a bound port to an orderly end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from errno import EADDRINUSE
from pathlib import Path
from signal import SIGINT
from types import FrameType
from typing import Any, Final, TypeVar

import uvicorn

from .admin import AdminSocket
from .app import create_app
from .auth import Tokens
from .contract import CONTEXT, SCHEMA
from .problem import OperatorProblem
from .protocol import ImpatientProtocol
from .services import Services
from .settings import Settings

T = TypeVar("T")

_MESSAGE_BYTES: Final = 1 << 20
_GRACE_SECONDS: Final = 35


class PortTaken(OperatorProblem):
    """Somebody listens there already; the message says where."""


def bind(host: str, port: int, *, tries: int = 1) -> socket.socket:
    """Listen on a port, or on the first free one of `tries` that follow each other. Port 0 is any that is free.

    :raises PortTaken: none of them is free.
    :raises OperatorProblem: the address is not one of this machine, or the port needs more rights.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + tries, 65536)):
        try:
            return socket.create_server((host, candidate), family=family, backlog=2048)
        except OSError as error:
            if error.errno != EADDRINUSE:
                reason = error.strerror and error.strerror.partition(" (")[0]
                raise OperatorProblem(f"Nothing can listen on {host} port {candidate}: {reason}. See --host or BILLING_HOST.") from None
    which = f"Port {port}" if tries == 1 else f"Ports {port} to {port + tries - 1}"
    raise PortTaken(f"{which} on {host} {'is' if tries == 1 else 'are'} taken. Choose another one with --port or BILLING_PORT.")


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds what listens here: http://127.0.0.1:8000"""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what listens everywhere is found here
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn, ended in the order that lets every client know and every mutation finish."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None, endings: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """`endings` are awaited one after the other, once no more connections are accepted."""
        super().__init__(config)
        self._ready, self._endings = ready, endings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and then say so."""
        await super().startup(sockets)
        if self._ready is not None and not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, close sockets with 1012 and break off streams, finish mutations; only then wait for connections.

        uvicorn alone waits first, and an event stream never ends by itself.
        """
        for server in self.servers:
            server.close()
        for end in self._endings:
            await end()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on SIGTERM and SIGINT, with exit code 0: uvicorn would raise the signal again once all is done.

        A second Ctrl+C waits for no connection any more; a second SIGTERM is a supervisor's, and changes nothing.
        """
        self.force_exit = self.force_exit or (self.should_exit and sig == SIGINT)
        self.should_exit = True


async def serve(
    services: Services,
    tokens: Tokens,
    settings: Settings,
    listener: socket.socket,
    *,
    admin: Path | None = None,
    ready: Callable[[], None] | None = None,
    schema: str = SCHEMA,
    context: str = CONTEXT,
) -> None:
    """Serve until SIGTERM or SIGINT, and close the store. `ready` is called once requests are taken; `admin` is the admin socket's path."""
    app = create_app(services, tokens, settings, schema=schema, context=context)
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="websockets-sansio",
        # Above the endpoint's own bound, so that the endpoint answers what is too long.
        ws_max_size=_MESSAGE_BYTES,
        # Saves little on small messages, and costs memory and time on each socket.
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing here asks where a request came from.
        proxy_headers=False,
        limit_concurrency=settings.connections,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    errands = AdminSocket(services)
    if admin is not None:
        await errands.open(admin)
    await Server(config, ready, (errands.close, app.state.drain)).serve([listener])


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the fastest event loop there is."""
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(main)


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop
