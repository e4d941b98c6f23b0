"""Accounts: who is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is billed: one currency, and by which calendar its oldest uncut period is billed: time zone and anchor day.

    Which calendar is in force at an instant, the books know: `zone` and `anchor` change at a cut.

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
