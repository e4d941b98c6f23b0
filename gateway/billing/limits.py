"""Limits: what the facts do not allow, beyond what one plan says of itself (rules §6).

Representatives in use, plans that need or exclude one another, and minimum commitments. They are checked where
something is asked for; what acts by its date later on asks nobody, and acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import TypeVar, cast

from .books import Books
from .dates import Period
from .errors import CommitmentRuns, LimitReached, PlanConflict, Refusal, RequirementMissing, ScheduledConflict
from .in_use import newest
from .item import Item
from .timeline import State

F = TypeVar("F", bound=Callable[..., Books])


def check_in_use(books: Books, item: str, now: State, state: State) -> None:
    """Fewer representatives than before must not be fewer than are in use."""
    report = newest(books.standing.in_use, item)
    if report is not None and state.quantity < min(now.quantity, report.representatives):
        raise LimitReached(
            "{in_use} representatives are in use; free some before going down to {representatives}.",
            "representatives",
            in_use=report.representatives,
            representatives=state.quantity,
        )


# --- plans beside each other ---------------------------------------------------------------------------------


def limited(call: F) -> F:
    """A command that must leave all plans with what they need and without what they exclude, today and on every scheduled day."""

    @wraps(call)
    def checked(command: object, books: Books) -> Books:
        after = call(command, books)
        check_together(books, after)
        return after

    return cast(F, checked)


def check_together(before: Books, after: Books) -> None:
    """No plan may come to lack what it needs or meet what it excludes; what was so before does not count."""
    days = sorted({change.on for change in (*before.scheduled, *after.scheduled)})
    for day, at in ((before.today, before.now), *((day, after.almanac.instant(day)) for day in days)):
        present = _broken(before, day, at)
        for broken, refusal in _broken(after, day, at).items():
            if broken not in present:
                raise _blamed(before, after, day, refusal)


def _blamed(before: Books, after: Books, day: date, refusal: Refusal) -> Refusal:
    """The refusal itself, or the change scheduled earlier that would break the rule on its day."""
    kept = [change for change in after.scheduled if change in before.scheduled and change.on == day]
    if not kept:
        return refusal
    return ScheduledConflict(
        "The change scheduled for {on} ({scheduled_id}) stands in the way: {reason} Undo it first.",
        None,
        on=str(day),
        scheduled_id=kept[0].id,
        reason=refusal.sentence,
    )


def _broken(books: Books, day: date, at: datetime) -> dict[tuple[str, str], Refusal]:
    """The rules between plans that are broken at an instant: by the plan that has the rule, and what is wrong."""
    held: dict[str, State | None] = {each.item: each.state for each in books.opening.items}
    for item, steps in books.steps.items():
        for step in steps:
            if step.at <= at:
                held[item] = step.state
    plans = dict.fromkeys(state.plan for state in held.values() if state is not None)
    broken: dict[tuple[str, str], Refusal] = {}
    for code in plans:
        offer = books.catalog.plan(code).offer(day)
        if offer is None:
            continue
        if offer.requires and not any(each in plans for each in offer.requires):
            broken[code, ""] = RequirementMissing(
                "{plan} needs one of {needed} beside it, which would be missing on {on}.",
                "plan",
                plan=code,
                needed=", ".join(offer.requires),
                on=str(day),
            )
        for other in offer.excludes:
            if other in plans:
                broken[code, other] = PlanConflict(
                    "{plan} and {other} cannot be held together, as they would be on {on}.", "plan", plan=code, other=other, on=str(day)
                )
    return broken


# --- commitments and renewals --------------------------------------------------------------------------------


def committed_until(books: Books, item: Item, state: State | None) -> date | None:
    """The first day on which an item may go down to a state, or end (None); None when nothing binds it.

    A commitment binds to the state it was entered with: what is worth no less by the month, at today's prices, is free.
    """
    ends = [each.until(books.calendar) for each in item.held.commitments if state is None or _less(books, state, each.state)]
    return max((end for end in ends if end > books.today), default=None)


def _less(books: Books, state: State, committed: State) -> bool:
    mine, theirs = (
        books.prices.price(each.plan, each.interval, books.account.currency, books.today).list_price(each.quantity)
        for each in (state, committed)
    )
    return mine * committed.interval.months < theirs * state.interval.months


def check_commitment(books: Books, item: Item, state: State | None, on: date | None) -> None:
    """Nothing goes below a commitment before it is over. During a trial nothing binds yet."""
    day, until = on or books.today, committed_until(books, item, state)
    if until is None or day >= until or (item.trial_ends_on is not None and day <= item.trial_ends_on):
        return
    raise CommitmentRuns("There is a commitment until {until}; choose that day or a later one.", "effective", until=str(until))


def renewal(books: Books, item: Item, state: State | None) -> Period | None:
    """The term an item's end or step down waits for: it renews when a commitment is over; a trial has nothing to wait out but itself."""
    term = item.held.term
    if item.trial_ends_on is not None:
        return Period(books.today, item.trial_ends_on)
    until = committed_until(books, item, state)
    if term is None or until is None:
        return term
    while term.end < until:
        term = replace(term, end=books.calendar.run(term.end, item.period.months).end)
    return term
