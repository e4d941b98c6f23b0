"""HTTP connections that do not wait for ever: a request whose headers come too slowly is dropped."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEADER_SECONDS: Final = 15.0


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a timer on headers: without one, half-sent requests pile up and hold connections for ever.

    (The endpoint has one on bodies, and uvicorn one between requests.)
    """

    header_seconds = HEADER_SECONDS
    _headers_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for headers from the first moment on."""
        super().connection_made(transport)
        self._expect_headers()

    def on_message_begin(self) -> None:
        """A further request has begun."""
        super().on_message_begin()
        self._expect_headers()

    def on_headers_complete(self) -> None:
        """The headers are here."""
        self._forget_timer()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nobody to wait for."""
        self._forget_timer()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        if self._headers_due is None:
            self._headers_due = self.loop.call_later(self.header_seconds, self._drop)

    def _forget_timer(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _drop(self) -> None:
        self._headers_due = None
        # uvicorn's type hides that there is no cycle before the first request.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            # The one before is still being answered: it is not to blame.
            self._expect_headers()
        else:
            self.transport.close()
