"""When a change takes effect: now, at renewal, or on a day to come (rules §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from .books import Books
from .dates import Period
from .errors import DateOutOfRange, InvalidInput

HORIZON = timedelta(days=732)


class When(StrEnum):
    """When a change takes effect."""

    NOW = "NOW"
    AT_RENEWAL = "AT_RENEWAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """When a change takes effect: one of the two."""

    when: Annotated[When | None, "Now, or at the end of the term that is paid for."] = None
    on: Annotated[date | None, "A local day from today on; the change acts as that day begins."] = None


def resolve(books: Books, effective: Effective | None, term: Period | None, *, cheaper: bool) -> date | None:
    """The local day on which a change acts, or None for now.

    Left out, a dearer or equal state begins at once and a cheaper one at renewal. Refuses with DateOutOfRange
    for a day that has passed or lies more than two years ahead, and with InvalidInput when there is no renewal.
    """
    if effective is None:
        effective = Effective(when=When.AT_RENEWAL if cheaper and term else When.NOW)
    if (effective.on is None) == (effective.when is None):
        raise InvalidInput("Say either when it takes effect or on which day.", "effective")
    if effective.on is not None:
        on, today, limit = effective.on, books.today, books.today + HORIZON
        if on < today:
            raise DateOutOfRange("The day {on} has passed; choose {today} or later.", "effective", on=str(on), today=str(today))
        if on >= limit:
            raise DateOutOfRange("The day {on} is too far ahead; choose one before {limit}.", "effective", on=str(on), limit=str(limit))
        return None if on == today else on
    if effective.when is When.NOW:
        return None
    if term is None:
        raise InvalidInput("There is no renewal to wait for; choose now or a day.", "effective")
    return term.end


def warn_of_wait(books: Books, on: date | None) -> Books:
    """A change that waits for months says so."""
    if on is None or (days := (on - books.today).days) <= 31:
        return books
    return books.warn("FAR_AHEAD", "This takes effect on {on}, {days} days from now.", on=str(on), days=days)
