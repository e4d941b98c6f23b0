"""The clock: the one place that reads it."""

from __future__ import annotations

from datetime import UTC, datetime


def system_now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
