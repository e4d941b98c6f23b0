"""One GraphQL endpoint: the schema, who may use it, and the routes it is served on."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry import Schema

from .connections import Connections
from .http import HttpApp
from .identity import Identify
from .limits import Limits
from .run import MakeContext, Runner
from .websocket import SocketApp


class Endpoint:
    """Serves a Strawberry schema over HTTP, server-sent events and WebSocket."""

    def __init__(
        self,
        schema: Schema,
        *,
        identify: Identify,
        context: MakeContext,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        allowed_origins: tuple[str, ...] | None = None,
    ) -> None:
        """
        `identify` turns a raw bearer token (None: none was sent) into an identity (None: anonymous, who may only introspect), or raises
        `Unauthenticated`. `context` makes the context of each operation and of each pushed event from the identity and the lower-cased
        headers; on a WebSocket those are the handshake's, overlaid with the strings of the `connection_init` payload. `now` is an aware
        instant and decides when tokens expire. `allowed_origins` are the web origins that may open a WebSocket; None means the
        endpoint's own host, `"*"` any.

        :raises ValueError: the schema uses extensions, operation directives or incremental delivery.
        """
        limits = limits or Limits()
        self._runner = Runner(schema, context, now, limits)
        self._connections = Connections(limits.sockets_per_principal)
        self._http = HttpApp(self._runner, identify, self._connections, limits)
        self._socket = SocketApp(self._runner, identify, self._connections, limits, allowed_origins)

    def routes(self, path: str) -> list[BaseRoute]:
        """Routes of exactly this path, for HTTP and for WebSocket."""
        return [Route(path, self._http), WebSocketRoute(path, self._socket)]

    async def drain(self) -> None:
        """For shutting down: sockets are closed with 1012, event streams broken off, and running mutations awaited to their end."""
        await self._connections.drain()
        await self._runner.mutations.drain()
