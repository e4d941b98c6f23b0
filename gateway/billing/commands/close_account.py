"""Close an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ..books import Books
from ..calendar_change import CalendarChanged
from ..errors import Refusal
from ..facts import Closed
from ..rules import unschedule, warn_of_early_end
from ..timeline import Change, Fate
from .command import Right


@dataclass(frozen=True, kw_only=True)
class CloseAccount:
    """Close an account for good: everything it holds ends now, nothing scheduled will act, its last invoice is cut at once."""

    refusals: ClassVar[tuple[type[Refusal], ...]] = ()
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """End everything and close."""
        for change in books.scheduled:
            books = unschedule(books, change, Fate.DROPPED)
        ending = [item for item in books.items if item.held.state is not None]
        for item in ending:
            books = books.add(Change(revision=books.revision, item=item.id, at=books.now, state=None))
        for item in ending:
            books = warn_of_early_end(books, item, None)
        if books.upcoming is not None:
            present = books.calendar
            books = books.add(CalendarChanged(revision=books.revision, at=books.now, zone=present.zone, anchor=present.anchor))
        books = books.add(Closed(revision=books.revision, at=books.now)).about(books.account.id)
        return replace(books, account=replace(books.account, closed_at=books.now), subject=books.account.id)
