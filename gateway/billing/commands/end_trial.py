"""End a trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from ..books import Books
from ..dates import DAY
from ..errors import DateOutOfRange, NotFound, Refusal
from ..granted import TrialEnded
from ..trial import TrialEnd
from .command import Right


@dataclass(frozen=True, kw_only=True)
class EndTrial:
    """End a trial before its time, be it one that was granted or one that came with a plan."""

    trial_id: Annotated[str, "The trial."]
    until_on: Annotated[date | None, "The first local day that is billed; tomorrow when left out."] = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, DateOutOfRange)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """End the trial."""
        for trial in books.trials:
            if trial.id == self.trial_id:
                break
        else:
            raise NotFound("There is no trial {id}.", "trialId", id=self.trial_id)
        until_on = self.until_on or books.today + DAY
        if not books.today <= until_on <= trial.until_on:
            raise DateOutOfRange(
                "It can end from {today} to {on}, when it ends by itself.", "untilOn", today=str(books.today), on=str(trial.until_on)
            )
        end = TrialEnd(trial=trial.id, until_on=until_on)
        return books.add(TrialEnded(revision=books.revision, at=books.now, end=end)).about(trial.id)
