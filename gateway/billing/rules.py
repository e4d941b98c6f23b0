"""Rules that several commands share: what a state may be, and what becomes of scheduled changes (rules §6)."""

from __future__ import annotations

from datetime import date

from .books import Books
from .catalog import EarlyEnd, Kind
from .early_end import OF_LEAVING
from .errors import InvalidInput, LimitReached, NotFound, PlanNotAvailable, Refusal, ScheduledConflict
from .item import Item
from .limits import check_commitment, check_in_use
from .money import Money
from .timeline import Change, Fate, Scheduled, State, Unscheduled


def check_state(books: Books, state: State, on: date, kind: Kind, held: str | None = None) -> None:
    """A state must be on sale (unless it is `held` already), have a price, and keep the plan's limits."""
    plan = books.catalog.plan(state.plan, kind)
    offer = plan.offer(on)
    if offer is None or not (offer.on_sale or plan.code == held):
        raise PlanNotAvailable("{plan} is not on sale on {on}.", "plan", plan=plan.code, on=str(on))
    books.prices.price(plan.code, state.interval, books.account.currency, on)
    if state.quantity < 1:
        raise InvalidInput("A package has at least one representative.", "representatives")
    if offer.maximum is not None and state.quantity > offer.maximum:
        raise LimitReached("{plan} allows at most {maximum} representatives.", "representatives", plan=plan.code, maximum=offer.maximum)


def is_cheaper(books: Books, item: Item, state: State) -> bool:
    """Whether a state costs less a day than the one the item is in, at the prices each would be billed at today."""
    calendar, prices, currency = books.calendar, books.prices, books.account.currency
    current, held = item.held.lock(books.today, prices, currency)
    changed = held.enter(state, books.today, 0, calendar)
    price, changed = changed.lock(books.today, prices, currency)
    assert held.term is not None and changed.term is not None
    mine, theirs = price.list_price(state.quantity), current.list_price(item.state.quantity)
    return mine * len(held.term) < theirs * len(changed.term)


def warn_of_early_end(books: Books, item: Item, on: date | None) -> Books:
    """Say what it costs that an item, as it was before a command, leaves its term early on a day (None: now), on whichever bill."""
    term = item.held.term
    acts = on or books.today
    if term is None or acts >= term.end or all(lock.price.leaving is EarlyEnd.NONE for lock in item.held.locks):
        return books
    walked = books.expected
    while walked.bill.period.end <= acts:
        walked = books.walk(walked.closing)
    owed = [line.amount.minor for line in walked.bill.lines if line.item == item.id and line.part in OF_LEAVING]
    if not owed:
        return books
    return books.warn(
        "EARLY_END",
        "The term runs until {until}. Ending it early costs {amount} {currency}, on the bill that is cut on {cut_off}.",
        until=str(term.end),
        amount=str(Money(sum(owed), books.account.currency).amount),
        currency=books.account.currency,
        cut_off=str(walked.bill.period.end),
    )


def change_now(books: Books, item: str, state: State | None, kind: Kind, drop: tuple[str, ...] = ()) -> Books:
    """Put an item into a state at this instant, and settle what was scheduled for it."""
    books = books.add(Change(revision=books.revision, item=item, at=books.now, state=state))
    if state is not None:
        books = tell_of_trial(books, item, state.plan)
    return settle(books, item, state, kind, drop)


def tell_of_trial(books: Books, item: str, plan: str) -> Books:
    """What is had free of charge for a time says until when."""
    offer = books.catalog.plan(plan).offer(books.today)
    if not books.standing.trials and not (offer and offer.trial_days):
        return books
    taken = _item(books, item)
    if taken.trial_ends_on is None:
        return books
    return books.warn("TRIAL", "{plan} is free until {on}, and billed from that day on.", plan=taken.plan.code, on=str(taken.trial_ends_on))


def settle(books: Books, item: str, state: State | None, kind: Kind, drop: tuple[str, ...]) -> Books:
    """Run an item's scheduled changes again on the pencilled books, so that none is silently lost.

    One that would refuse stops the command unless it is named in `drop`; one that became a no-op is dropped
    with a warning.
    """
    for change in _of(books, item, drop):
        if change.id in drop:
            books = unschedule(books, change, Fate.DROPPED)
        elif change.concerns(state) and (problem := _problem(books, change, state, kind)) is not None:
            raise ScheduledConflict(
                "The change scheduled for {on} ({scheduled_id}) would no longer be possible: {reason} Drop it to go on.",
                "dropScheduled",
                on=str(change.on),
                scheduled_id=change.id,
                reason=problem.sentence,
            )
        elif _idle(change, state):
            books = unschedule(books, change, Fate.DROPPED).warn(
                "SCHEDULED_DROPPED", "The change scheduled for {on} would change nothing any more and was dropped.", on=str(change.on)
            )
    return books


def _idle(change: Scheduled, state: State | None) -> bool:
    if not change.concerns(state):
        return True
    return change.ends if state is None else change.apply(state) == state


def _problem(books: Books, change: Scheduled, state: State | None, kind: Kind) -> Refusal | None:
    try:
        if change.ends and state is not None:
            check_commitment(books, _item(books, change.item), None, change.on)
        if change.ends or (state is None and change.plan is None and change.quantity is None and change.interval is None):
            return None
        if state is None:
            raise InvalidInput("The package ended on {on}; reactivate it first.", on=str(books.today))
        after = change.apply(state)
        assert after is not None
        check_state(books, after, change.on, kind, state.plan)
        check_in_use(books, change.item, state, after)
        if change.retires is None:
            check_commitment(books, _item(books, change.item), after, change.on)
    except Refusal as refusal:
        return refusal
    return None


def _item(books: Books, id: str) -> Item:
    return next(item for item in books.items if item.id == id)


def schedule(books: Books, change: Scheduled, *, replace: bool, drop: tuple[str, ...] = ()) -> Books:
    """Schedule a change; a second one for an item needs `replace`, unless the first is named in `drop`."""
    mine = _of(books, change.item, drop)
    for present in mine:
        if present.retires is not None:
            continue
        if not replace and present.id not in drop:
            raise in_the_way(present)
        books = unschedule(books, present, Fate.DROPPED if present.id in drop else Fate.REPLACED)
    return books.add(change)


def in_the_way(present: Scheduled) -> ScheduledConflict:
    """The refusal that names a scheduled change which must be replaced or undone first."""
    return ScheduledConflict(
        "A change is scheduled for {on} ({scheduled_id}); replace it or undo it first.",
        "replaceScheduled",
        on=str(present.on),
        scheduled_id=present.id,
    )


def _of(books: Books, item: str, drop: tuple[str, ...]) -> list[Scheduled]:
    """An item's scheduled changes; NotFound when `drop` names one that is not among them."""
    mine = [change for change in books.scheduled if change.item == item]
    for unknown in sorted(set(drop) - {change.id for change in mine}):
        raise NotFound("There is no scheduled change {id}.", "dropScheduled", id=unknown)
    for change in mine:
        if change.id in drop:
            check_optional(change, "dropScheduled")
    return mine


def check_optional(change: Scheduled, field: str) -> None:
    """What comes of a plan being retired is not the holder's to undo."""
    if change.retires is not None:
        raise ScheduledConflict(
            "The change scheduled for {on} ({scheduled_id}) stays, for {plan} is retired; cancel the package or move it to another plan.",
            field,
            on=str(change.on),
            scheduled_id=change.id,
            plan=change.retires,
        )


def unschedule(books: Books, change: Scheduled, fate: Fate) -> Books:
    """Take a scheduled change back."""
    return books.about(books.subject or change.item).add(Unscheduled(revision=books.revision, id=change.id, fate=fate))
