"""Add an add-on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Interval, Kind
from ..effective import Effective, resolve
from ..errors import (
    AlreadyActive,
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotFound,
    PlanConflict,
    PlanNotAvailable,
    Refusal,
    RequirementMissing,
    ScheduledConflict,
)
from ..item import Item, Status
from ..limits import limited
from ..rules import change_now, check_state, in_the_way, schedule
from ..timeline import Scheduled, State
from .command import Right
from .reactivate_package import keep


@dataclass(frozen=True, kw_only=True)
class AddAddOn:
    """Take an add-on, or bring it back. There is one of each; of one that is about to end, this undoes the end."""

    plan: Annotated[str, "Code of the add-on plan."]
    interval: Annotated[Interval | None, "The interval it is priced by; as it was, or monthly, when left out."] = None
    effective: Annotated[Effective | None, "When it begins; now when left out."] = None
    replace_scheduled: Annotated[bool, "Whether this may take the place of a start that is already scheduled."] = False

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        AlreadyActive,
        ScheduledConflict,
        RequirementMissing,
        PlanConflict,
    )
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """Add the add-on."""
        plan = books.catalog.plan(self.plan, Kind.ADD_ON)
        present = books.add_on(plan.code)
        if present is not None and present.status in (Status.ACTIVE, Status.ENDING):
            refusal = AlreadyActive("The add-on {plan} is active already.", "plan", plan=plan.code)
            return keep(books, present, refusal) if self.interval in (None, present.period) else _refuse(refusal)
        on = resolve(books, self.effective, None, cheaper=False)
        state = State(plan.code, 1, self.interval or _interval(present))
        check_state(books, state, on or books.today, Kind.ADD_ON)
        item = present.id if present else books.new_id("add")
        if on is None:
            scheduled = present.scheduled if present else ()
            for change in scheduled:
                if change.apply(state) != state and not self.replace_scheduled:
                    raise in_the_way(change)
            return change_now(books, item, state, Kind.ADD_ON, tuple(change.id for change in scheduled if self.replace_scheduled))
        change = Scheduled(
            revision=books.revision, id=books.new_id("sch"), item=item, on=on, plan=plan.code, quantity=1, interval=state.interval
        )
        return schedule(books, change, replace=self.replace_scheduled)


def _interval(present: Item | None) -> Interval:
    return present.period if present else Interval.MONTH


def _refuse(refusal: AlreadyActive) -> Books:
    raise refusal
