"""Hints over PostgreSQL's LISTEN and NOTIFY, on one connection that does nothing else.

NOTIFY takes a lock on the whole database as its transaction commits. So hints are sent here, many in one, and never from
the transaction that writes. LISTEN needs the server itself, or a pooler in session mode.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Final

from sqlalchemy import make_url

from . import hint

_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 5
_QUIET_SECONDS: Final = 5
"""After so long without a word the server is asked whether it is still there."""
# These are for SQLAlchemy's own part of the driver.
_NOT_FOR_ASYNCPG: Final = ("prepared_statement_cache_size", "prepared_statement_name_func", "async_creator_fn")


class PostgresHints:
    """Sends and hears hints through the database itself."""

    def __init__(self, url: str) -> None:
        """`url` names the database; nothing is connected yet."""
        parsed = make_url(url).set(drivername="postgresql+asyncpg")
        _, named = parsed.get_dialect()().create_connect_args(parsed)
        self._arguments = {name: value for name, value in named.items() if name not in _NOT_FOR_ASYNCPG}
        self._connection: Any = None
        # asyncpg refuses a second statement while one is under way.
        self._turn = asyncio.Lock()

    async def announce(self, account_ids: Collection[str | None]) -> None:
        """Tell every process that listens.

        :raises ConnectionError: there is no connection at present.
        """
        for text in hint.written(account_ids):
            await self._ask("SELECT pg_notify($1, $2)", hint.CHANNEL, text)

    async def hear(self, ring: Callable[[str | None], None]) -> None:
        """Listen until the connection is lost; the first ring is for everybody, for hints may have been missed before.

        :raises Exception: there is no connection to be had, or it was lost.
        """
        import asyncpg

        settings = {"application_name": "billing-gateway hints"}
        connection = await asyncpg.connect(**self._arguments, timeout=_CONNECT_SECONDS, server_settings=settings)
        lost = asyncio.Event()

        def heard(connection: object, process: int, channel: str, text: str) -> None:
            for account_id in hint.read(text):
                ring(account_id)

        try:
            connection.add_termination_listener(lambda connection: lost.set())
            await connection.add_listener(hint.CHANNEL, heard)
            self._connection = connection
            ring(None)
            while not lost.is_set():
                try:
                    async with asyncio.timeout(_QUIET_SECONDS):
                        await lost.wait()
                except TimeoutError:
                    await self._ask("SELECT 1")
        finally:
            self._connection = None
            connection.terminate()
        raise ConnectionError("the connection that listens was lost")

    async def _ask(self, statement: str, *values: str) -> None:
        async with self._turn:
            if self._connection is None:
                raise ConnectionError("nothing is connected that could send hints")
            await self._connection.execute(statement, *values, timeout=_ANSWER_SECONDS)
