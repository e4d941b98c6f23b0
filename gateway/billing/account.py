"""Accounts: who is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .dates import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is billed: one currency, one time zone, one billing anchor day.

    `revision` counts the commands performed; `last_at` is the instant of the newest. `name` is personal and
    stands outside the journal's chain.
    """

    id: str
    name: str
    currency: str
    zone: str
    anchor: int
    locale: str
    opened_at: datetime
    closed_at: datetime | None = None
    revision: int = 0
    last_at: datetime

    @property
    def calendar(self) -> Calendar:
        """The account's billing months."""
        return Calendar(self.zone, self.anchor)
