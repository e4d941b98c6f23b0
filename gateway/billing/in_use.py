"""Representatives in use, as the product counts them (rules §6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InUse:
    """How many representatives of a package were in use at an instant."""

    item: str
    representatives: int
    counted_at: datetime


def newest(present: Iterable[InUse], item: str) -> InUse | None:
    """What was counted last of a package."""
    return next((each for each in present if each.item == item), None)


def counted(present: tuple[InUse, ...], report: InUse) -> tuple[InUse, ...]:
    """The counts with one more: the newest of each package stands, in whichever order they were reported."""
    known = newest(present, report.item)
    if known is not None and known.counted_at > report.counted_at:
        return present
    return (*(each for each in present if each.item != report.item), report)
