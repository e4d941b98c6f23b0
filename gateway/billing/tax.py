"""Tax: what is added to a bill, by country and kind of customer (rules §5, §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bill import Deduction, Line, TaxLine
    from .catalog import Catalog


class TaxStatus(StrEnum):
    """What is known of the tax on a bill."""

    NOT_CHARGED = "NOT_CHARGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxIdentity:
    """Who an account is to the tax office."""

    country: str


def assess(
    lines: Sequence[Line], deductions: Sequence[Deduction], identity: TaxIdentity | None, catalog: Catalog, on: date, currency: str
) -> tuple[tuple[TaxLine, ...], TaxStatus]:
    """The tax on what is left of the lines, once per rate, at the rates in force on a day."""
    return (), TaxStatus.NOT_CHARGED
