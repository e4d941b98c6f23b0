"""What every command is."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Protocol

from ..books import Books
from ..errors import AccountClosed, Refusal


class Right(StrEnum):
    """What a caller must be allowed to do."""

    STEER = "STEER"
    """Change what an account holds: its owner, partners, operators."""
    OPERATE = "OPERATE"
    """Open, close and bill accounts: operators."""
    REPORT = "REPORT"
    """Report what is in use: partners, operators."""


class Command(Protocol):
    """A request to change one account's books.

    `refusals` are the expected answers beside success, `right` is what the caller needs, and `personal` names
    the fields that must not enter the journal's chain.
    """

    refusals: ClassVar[tuple[type[Refusal], ...]]
    right: ClassVar[Right]
    personal: ClassVar[tuple[str, ...]]

    def __call__(self, books: Books) -> Books:
        """The books with what this command adds; raises one of `refusals`."""
        ...


def apply(command: Command, books: Books) -> Books:
    """The books a command makes of these; a closed account takes none."""
    closed = books.account.closed_at
    if closed is not None:
        raise AccountClosed("The account was closed on {on}.", on=str(books.almanac.today(closed)))
    return command(books)
