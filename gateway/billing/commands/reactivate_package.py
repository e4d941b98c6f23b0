"""Reactivate a package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..effective import Effective, resolve
from ..errors import (
    AlreadyActive,
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotActive,
    NotFound,
    PlanConflict,
    PlanNotAvailable,
    Refusal,
    RequirementMissing,
    ScheduledConflict,
)
from ..item import Item, Status
from ..limits import limited
from ..rules import change_now, check_state, schedule, unschedule
from ..timeline import Fate, Scheduled
from .command import Right


@dataclass(frozen=True, kw_only=True)
class ReactivatePackage:
    """Bring a cancelled package back as it was; of one that is about to end, undo the pending end and nothing else."""

    package_id: Annotated[str, "The package to bring back."]
    effective: Annotated[Effective | None, "When it is back; now when left out."] = None
    replace_scheduled: Annotated[bool, "Whether this may take the place of a return that is already scheduled."] = False

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        NotActive,
        AlreadyActive,
        ScheduledConflict,
        RequirementMissing,
        PlanConflict,
    )
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """Bring the package back."""
        package = books.package(self.package_id)
        if package.status is Status.SCHEDULED:
            raise NotActive("The package begins on {on}; undo that scheduled start instead.", "packageId", on=str(package.started_on))
        if package.status is Status.ENDED:
            return bring_back(books, package, self.effective, replace=self.replace_scheduled)
        return keep(books, package, AlreadyActive("The package is active already.", "packageId"))


def keep(books: Books, item: Item, refusal: AlreadyActive) -> Books:
    """Undo the pending end of an active item; without one there is nothing to do, which refuses."""
    ends = [change for change in item.scheduled if change.ends]
    if not ends:
        raise refusal
    return unschedule(books, ends[0], Fate.UNDONE)


def bring_back(books: Books, item: Item, effective: Effective | None, *, replace: bool) -> Books:
    """Put an ended item back into the state it ended in."""
    on = resolve(books, effective, None, cheaper=False)
    kind, state = item.plan.kind, item.state
    check_state(books, state, on or books.today, kind, state.plan)
    if on is None:
        return change_now(books, item.id, state, kind)
    change = Scheduled(revision=books.revision, id=books.new_id("sch"), item=item.id, on=on)
    return schedule(books, change, replace=replace)
