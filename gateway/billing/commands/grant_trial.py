"""Grant a trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Kind
from ..effective import HORIZON
from ..errors import DateOutOfRange, InvalidInput, NotFound, Refusal
from ..granted import TrialGranted
from ..trial import Trial
from .command import Right


@dataclass(frozen=True, kw_only=True)
class GrantTrial:
    """Let an account have a plan, or something it holds, free of charge from today until a day. Limits hold as ever."""

    plan: Annotated[str | None, "Code of the package or add-on, for whatever is or comes to be on it; or name the item."] = None
    item_id: Annotated[str | None, "The package or add-on that is free, whatever plan it is on; or name the plan."] = None
    until_on: Annotated[date, "The first local day that is billed."]

    refusals: ClassVar[tuple[type[Refusal], ...]] = (NotFound, InvalidInput, DateOutOfRange)
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Grant the trial."""
        if (self.plan is None) == (self.item_id is None):
            raise InvalidInput("Say either which plan is free or which package or add-on.", "plan")
        if self.plan is not None and books.catalog.plan(self.plan).kind is Kind.SESSION_PACK:
            raise NotFound("There is no plan {plan}.", "plan", plan=self.plan)
        if self.item_id is not None and self.item_id not in {item.id for item in books.items}:
            raise NotFound("There is no package or add-on {id}.", "itemId", id=self.item_id)
        limit = books.today + HORIZON
        if self.until_on <= books.today:
            raise DateOutOfRange("It must be in force for one day at least: choose a day after {on}.", "untilOn", on=str(books.today))
        if self.until_on >= limit:
            raise DateOutOfRange(
                "The day {on} is too far ahead; choose one before {limit}.", "untilOn", on=str(self.until_on), limit=str(limit)
            )
        trial = Trial(id=books.new_id("trl"), plan=self.plan, item=self.item_id, from_on=books.today, until_on=self.until_on)
        return books.add(TrialGranted(revision=books.revision, at=books.now, trial=trial)).about(trial.id)
