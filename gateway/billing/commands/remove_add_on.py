"""Remove an add-on."""

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
from ..item import Status
from ..limits import check_commitment, limited, renewal
from ..rules import change_now, schedule, warn_of_early_end
from ..timeline import Scheduled
from .command import Right


@dataclass(frozen=True, kw_only=True)
class RemoveAddOn:
    """End an add-on. The day it ends is billed, no day after it; adding it again brings it back."""

    plan: Annotated[str, "Code of the add-on plan."]
    effective: Annotated[Effective | None, "When it ends; at renewal when left out."] = None
    drop_scheduled: Annotated[tuple[str, ...], "Scheduled changes of this add-on that may fall with this."] = ()
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
        """End the add-on."""
        plan = books.catalog.plan(self.plan, Kind.ADD_ON)
        add_on = books.add_on(plan.code)
        if add_on is None:
            raise NotFound("There is no add-on {plan} on this account.", "plan", plan=plan.code)
        if add_on.status not in (Status.ACTIVE, Status.ENDING):
            raise NotActive("The add-on {plan} is not active.", "plan", plan=plan.code)
        on = resolve(books, self.effective, renewal(books, add_on, None), cheaper=True)
        check_commitment(books, add_on, None, on)
        if on is None:
            return warn_of_early_end(change_now(books, add_on.id, None, Kind.ADD_ON, self.drop_scheduled), add_on, None)
        change = Scheduled(revision=books.revision, id=books.new_id("sch"), item=add_on.id, on=on, ends=True)
        books = schedule(warn_of_wait(books, on), change, replace=self.replace_scheduled, drop=self.drop_scheduled)
        return warn_of_early_end(books, add_on, on)
