"""Report the representatives in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from ..books import Books
from ..errors import DateOutOfRange, InvalidInput, NotFound, Refusal
from ..in_use import newest
from ..reported import RepresentativesReported
from .command import Right


@dataclass(frozen=True, kw_only=True)
class ReportRepresentatives:
    """Say how many representatives of a package are in use, as the product counts them; a package cannot go below that.

    It is told, not asked: a count that is above what the package has, or above what it is scheduled to go down to, is kept
    with a warning. A scheduled change acts on its day all the same.
    """

    package_id: Annotated[str, "The package."]
    in_use: Annotated[int, "How many of its representatives are in use."]
    counted_at: Annotated[datetime | None, "When they were counted; now when left out. An older count than the last changes nothing."] = (
        None
    )

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, InvalidInput, DateOutOfRange)
    right: ClassVar = Right.REPORT
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Note the count."""
        package = books.package(self.package_id)
        if self.in_use < 0:
            raise InvalidInput("A count cannot be below 0.", "inUse")
        counted_at = self.counted_at or books.now
        if counted_at > books.now:
            raise DateOutOfRange("It cannot have been counted in the future.", "countedAt")
        known = newest(books.standing.in_use, package.id)
        if known is not None and known.counted_at > counted_at:
            books = books.warn("COUNT_OUTDATED", "A newer count is known, which stands.")
        elif package.held.state is not None and self.in_use > package.representatives:
            books = books.warn(
                "MORE_IN_USE",
                "{in_use} representatives are in use and the package has {representatives}.",
                in_use=self.in_use,
                representatives=package.representatives,
            )
        else:
            for change in package.scheduled:
                if change.quantity is not None and change.quantity < self.in_use:
                    books = books.warn(
                        "SCHEDULED_BELOW_USE",
                        "On {on} the package goes down to {representatives} representatives, and {in_use} are in use.",
                        on=str(change.on),
                        representatives=change.quantity,
                        in_use=self.in_use,
                    )
        fact = RepresentativesReported(revision=books.revision, at=books.now, item=package.id, in_use=self.in_use, counted_at=counted_at)
        return books.add(fact)
