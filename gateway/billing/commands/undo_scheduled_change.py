"""Undo a scheduled change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ..books import Books
from ..errors import DateOutOfRange, NotFound, PlanConflict, Refusal, RequirementMissing, ScheduledConflict
from ..limits import limited
from ..rules import check_optional, unschedule
from ..timeline import Fate, Scheduled
from .command import Right


@dataclass(frozen=True, kw_only=True)
class UndoScheduledChange:
    """Take back a scheduled change before it acts."""

    scheduled_id: Annotated[str, "The scheduled change."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        NotFound,
        DateOutOfRange,
        RequirementMissing,
        PlanConflict,
        ScheduledConflict,
    )
    right: ClassVar = Right.STEER
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """Take the change back."""
        for change in books.scheduled:
            if change.id == self.scheduled_id:
                check_optional(change, "scheduledId")
                return unschedule(books, change, Fate.UNDONE)
        if any(isinstance(move, Scheduled) and move.id == self.scheduled_id and move.on <= books.today for move in books.moves):
            raise DateOutOfRange(
                "The scheduled change {id} has taken effect and can no longer be undone.", "scheduledId", id=self.scheduled_id
            )
        raise NotFound("There is no scheduled change {id}.", "scheduledId", id=self.scheduled_id)
