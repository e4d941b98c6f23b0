"""What a client is told when the database is not to be reached, or a lock was not to be had in time."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from gateway.graphql import ClientError, Code
from gateway.store.database import DatabaseBusyNow

T = TypeVar("T")


async def answered(asked: Awaitable[T]) -> T:
    """What the database answers; while it cannot, the client is asked to come again. A command's key keeps it from acting twice."""
    try:
        return await asked
    except DatabaseBusyNow as busy:
        raise ClientError("The database is busy; send the same request again.", Code.CONFLICT, retry_after=1) from busy
