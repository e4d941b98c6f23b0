"""Cancel a package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Kind
from ..effective import Effective, resolve, warn_of_wait
from ..errors import (
    CommitmentRuns,
    DateOutOfRange,
    InvalidInput,
    NotActive,
    NotFound,
    PlanConflict,
    Refusal,
    RequirementMissing,
    ScheduledConflict,
)
from ..limits import check_commitment, limited, renewal
from ..rules import change_now, schedule, warn_of_early_end
from ..timeline import Scheduled
from .change_package import active
from .command import Right


@dataclass(frozen=True, kw_only=True)
class CancelPackage:
    """End a package. The day it ends is billed, no day after it; it can be brought back on any day."""

    package_id: Annotated[str, "The package to cancel."]
    effective: Annotated[Effective | None, "When it ends; at renewal when left out."] = None
    drop_scheduled: Annotated[tuple[str, ...], "Scheduled changes of this package that may fall with this."] = ()
    replace_scheduled: Annotated[bool, "Whether this may take the place of a change that is already scheduled."] = False

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        InvalidInput,
        DateOutOfRange,
        NotActive,
        ScheduledConflict,
        RequirementMissing,
        PlanConflict,
        CommitmentRuns,
    )
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """End the package."""
        package = books.package(self.package_id)
        active(package)
        on = resolve(books, self.effective, renewal(books, package, None), cheaper=True)
        check_commitment(books, package, None, on)
        if on is None:
            return warn_of_early_end(change_now(books, package.id, None, Kind.PACKAGE, self.drop_scheduled), package, None)
        change = Scheduled(revision=books.revision, id=books.new_id("sch"), item=package.id, on=on, ends=True)
        books = schedule(warn_of_wait(books, on), change, replace=self.replace_scheduled, drop=self.drop_scheduled)
        return warn_of_early_end(books, package, on)
