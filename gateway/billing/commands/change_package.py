"""Change a package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Interval, Kind
from ..effective import Effective, resolve, warn_of_wait
from ..errors import (
    CommitmentRuns,
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
from ..limits import check_commitment, check_in_use, limited, renewal
from ..rules import change_now, check_state, is_cheaper, schedule, warn_of_early_end
from ..timeline import Scheduled, State
from .command import Right


@dataclass(frozen=True, kw_only=True)
class ChangePackage:
    """Move a package to another plan, or change its representatives or its interval."""

    package_id: Annotated[str, "The package to change."]
    plan: Annotated[str | None, "Code of the plan to move to; as before when left out."] = None
    representatives: Annotated[int | None, "How many representatives; as before when left out."] = None
    interval: Annotated[Interval | None, "The interval to be priced by; as before when left out."] = None
    effective: Annotated[Effective | None, "When it takes effect; when left out, dearer or equal at once, cheaper at renewal."] = None
    drop_scheduled: Annotated[tuple[str, ...], "Scheduled changes of this package that may fall with this."] = ()
    replace_scheduled: Annotated[bool, "Whether this may take the place of a change that is already scheduled."] = False

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
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
        """Change the package."""
        package = books.package(self.package_id)
        active(package)
        if self.plan is None and self.representatives is None and self.interval is None:
            raise InvalidInput("Say what is to change: the plan, the representatives or the interval.")
        now = package.state
        quantity = now.quantity if self.representatives is None else self.representatives
        state = State(self.plan or now.plan, quantity, self.interval or now.interval)
        cheaper = False
        if self.effective is None:
            check_state(books, state, books.today, Kind.PACKAGE, now.plan)
            cheaper = is_cheaper(books, package, state)
        on = resolve(books, self.effective, renewal(books, package, state), cheaper=cheaper)
        check_state(books, state, on or books.today, Kind.PACKAGE, now.plan)
        check_in_use(books, package.id, now, state)
        check_commitment(books, package, state, on)
        if state == now:
            books = books.warn("NO_CHANGE", "This changes nothing.")
        if on is None:
            books = change_now(books, package.id, state, Kind.PACKAGE, self.drop_scheduled)
            return warn_of_early_end(books, package, None) if state.interval is not now.interval else books
        change = Scheduled(
            revision=books.revision,
            id=books.new_id("sch"),
            item=package.id,
            on=on,
            plan=self.plan,
            quantity=self.representatives,
            interval=self.interval,
        )
        books = schedule(warn_of_wait(books, on), change, replace=self.replace_scheduled, drop=self.drop_scheduled)
        return warn_of_early_end(books, package, on) if state.interval is not now.interval else books


def active(package: Item) -> None:
    """A package must be active to be changed or cancelled."""
    if package.status is Status.ENDED:
        raise NotActive("The package ended on {on}; reactivate it first.", "packageId", on=str(package.ends_on))
    if package.status is Status.SCHEDULED:
        raise NotActive("The package begins on {on}; undo that scheduled start instead.", "packageId", on=str(package.started_on))
