"""Migrate holders of a retired plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

from ..books import Books
from ..catalog import Kind
from ..effective import HORIZON
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
from ..item import Item
from ..limits import limited
from ..rules import check_state, unschedule
from ..timeline import Fate, Scheduled, State
from .command import Right


@dataclass(frozen=True, kw_only=True)
class MigratePlan:
    """Move all packages an account has on a retired plan to another one, on a day to come and with notice.

    It is scheduled and shown like any other change, but its holder cannot undo it: they can end the package or move it
    elsewhere themselves, and then nothing is left to be moved. Repeating it does nothing; another day or plan replaces it.
    """

    plan: Annotated[str, "Code of the package plan that is retired; it is no longer on sale."]
    to_plan: Annotated[str, "Code of the package plan that takes its place."]
    on: Annotated[date, "The local day it acts."]
    notice_days: Annotated[int, "The least days of notice that must lie between today and that day."] = 30

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
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    @limited
    def __call__(self, books: Books) -> Books:
        """Schedule the move of each package."""
        self._check(books)
        before = books
        for item in holding(before, self.plan):
            if present := [change for change in item.scheduled if change.retires == self.plan]:
                if any(change.on == self.on and change.plan == self.to_plan for change in present):
                    continue
                for change in present:
                    books = unschedule(books, change, Fate.REPLACED)
            self._check_item(books, item)
            books = books.add(
                Scheduled(revision=books.revision, id=books.new_id("sch"), item=item.id, on=self.on, plan=self.to_plan, retires=self.plan)
            )
        return books.about(books.account.id) if books.added else books.warn("NO_CHANGE", "This changes nothing.")

    def _check(self, books: Books) -> None:
        plan, _ = books.catalog.plan(self.plan, Kind.PACKAGE), books.catalog.plan(self.to_plan, Kind.PACKAGE, "toPlan")
        if self.plan == self.to_plan:
            raise InvalidInput("A plan cannot take its own place.", "toPlan")
        offer = plan.offer(books.today)
        if offer is None or offer.on_sale:
            raise InvalidInput("{plan} is not retired: take it off sale first.", "plan", plan=self.plan)
        first, limit = books.today + timedelta(days=max(1, self.notice_days)), books.today + HORIZON
        if self.on < first:
            raise DateOutOfRange(
                "Holders need {days} days of notice; choose {first} or later.", "on", days=max(1, self.notice_days), first=str(first)
            )
        if self.on >= limit:
            raise DateOutOfRange("The day {on} is too far ahead; choose one before {limit}.", "on", on=str(self.on), limit=str(limit))

    def _check_item(self, books: Books, item: Item) -> None:
        """The move must be possible on its day, and so must what the holder scheduled for later."""
        state, last, moved = item.held.state, item.held.last, False
        if last is None and (start := item.scheduled[0]).on > self.on:
            raise ScheduledConflict(
                "The package begins on {on} ({scheduled_id}), after the day of the move.", "on", on=str(start.on), scheduled_id=start.id
            )
        for change in sorted((each for each in item.scheduled if each.retires is None), key=lambda each: each.on):
            if change.on > self.on and not moved:
                state, moved = self._moved(books, state), True
            state = change.apply(state or last)
            if moved and state is not None:
                self._check_later(books, change, state)
            last = state or last
        if not moved:
            self._moved(books, state)

    def _moved(self, books: Books, state: State | None) -> State | None:
        if state is None or state.plan != self.plan:
            return state
        moved = State(self.to_plan, state.quantity, state.interval)
        check_state(books, moved, self.on, Kind.PACKAGE)
        return moved

    def _check_later(self, books: Books, change: Scheduled, state: State) -> None:
        try:
            check_state(books, state, change.on, Kind.PACKAGE, self.to_plan)
        except Refusal as refusal:
            raise ScheduledConflict(
                "The change scheduled for {on} ({scheduled_id}) stands in the way: {reason} Undo it first.",
                "plan",
                on=str(change.on),
                scheduled_id=change.id,
                reason=refusal.sentence,
            ) from None


def holding(books: Books, plan: str) -> tuple[Item, ...]:
    """The packages on a plan, or scheduled to come to it; not those that have ended, which would come back to it."""
    return tuple(
        item
        for item in books.packages
        if (item.held.state is not None and item.state.plan == plan) or any(change.plan == plan for change in item.scheduled)
    )
