"""Discounts: what is taken off a bill (rules §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dates import Period

if TYPE_CHECKING:
    from .bill import Deduction, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A discount an account has been given."""

    id: str


def deduct(
    lines: Sequence[Line], discounts: tuple[Redemption, ...], period: Period, currency: str
) -> tuple[tuple[Deduction, ...], tuple[Redemption, ...]]:
    """What comes off the lines of a whole period, and the discounts that are left after it."""
    return (), discounts
