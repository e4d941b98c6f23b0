"""Accounts: who is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is billed: one currency, and by which calendar its oldest uncut period is billed: time zone and anchor day.

    Which calendar is in force at an instant, the books know: `zone` and `anchor` change at a cut.

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

    def profile(self, *, tax_id: str | None) -> dict[str, str]:
        """The personal data of the account, with another tax id."""
        return {"name": self.name, **({"tax_id": tax_id} if tax_id is not None else {})}
