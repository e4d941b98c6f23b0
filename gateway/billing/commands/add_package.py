"""Add a package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Interval, Kind
from ..effective import Effective, resolve
from ..errors import (
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
from ..item import Status
from ..limits import limited
from ..rules import change_now, check_state
from ..timeline import Scheduled, State
from .command import Right


@dataclass(frozen=True, kw_only=True)
class AddPackage:
    """Take a further package, from now or from a day on. It is billed from its first day."""

    plan: Annotated[str, "Code of the package plan."]
    representatives: Annotated[int | None, "How many representatives; those included when left out."] = None
    interval: Annotated[Interval, "The interval it is priced by."] = Interval.MONTH
    effective: Annotated[Effective | None, "When it begins; now when left out."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        RequirementMissing,
        PlanConflict,
        ScheduledConflict,
    )
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """Add the package."""
        on = resolve(books, self.effective, None, cheaper=False)
        plan = books.catalog.plan(self.plan, Kind.PACKAGE)
        offer = plan.offer(on or books.today)
        quantity = self.representatives if self.representatives is not None else offer.included if offer else 1
        state = State(plan.code, quantity, self.interval)
        check_state(books, state, on or books.today, Kind.PACKAGE)
        item = books.new_id("pkg")
        if on is not None:
            scheduled = books.new_id("sch")
            return books.add(
                Scheduled(
                    revision=books.revision, id=scheduled, item=item, on=on, plan=plan.code, quantity=quantity, interval=self.interval
                )
            )
        ended_today = [each for each in books.packages if each.status is Status.ENDED and each.ends_on == books.today and each.plan is plan]
        if ended_today:
            books = books.warn(
                "BILLED_TWICE_TODAY",
                "{plan} was cancelled today as well: both bill this day. Reactivating it would bill it once.",
                plan=plan.code,
            )
        return change_now(books, item, state, Kind.PACKAGE)
