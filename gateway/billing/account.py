"""Accounts: who is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .dates import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is billed: one currency, one time zone, one billing anchor day.

    `revision` counts the commands performed; `last_at` is the instant of the newest. `name` and `tax_id` are personal and
    stand outside the journal's chain.
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
    tax_id: str | None = None

    @property
    def calendar(self) -> Calendar:
        """The account's billing months."""
        return Calendar(self.zone, self.anchor)

    def profile(self, *, tax_id: str | None) -> dict[str, str]:
        """The personal data of the account, with another tax id."""
        return {"name": self.name, **({"tax_id": tax_id} if tax_id is not None else {})}
