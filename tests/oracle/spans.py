"""What happened to an item, and the terms its prices pay for (rules 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .almanac import Almanac
from .days import TICK, Run, first_instant, months_from

NEVER = datetime.max.replace(tzinfo=UTC)
MONTHS_IN_A_TERM = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class Event:
    """Something happens to one item, at a UTC instant (`at`) or at the first instant of a local date (`on`)."""

    item: str
    seq: int  # orders events of one instant
    at: datetime | None
    on: date | None
    ends: bool = False
    plan: str | None = None  # None: as before; after an end: as it was. So also the next two
    quantity: int | None = None
    interval: str | None = None  # "MONTH", "QUARTER" or "YEAR"


@dataclass(frozen=True, slots=True)
class Span:
    """The item is in one state during [begins, ends), two UTC instants; its terms are counted from the period of a day."""

    begins: datetime
    ends: datetime
    plan: str
    quantity: int
    interval: str
    counted_from: date
    seq: int = 0  # that of the event that brought it about


@dataclass(frozen=True, slots=True)
class Term:
    """The run of days a price pays for. Its days are counted from `since` on, which is later where it opens with a stub."""

    run: Run
    since: date


@dataclass(frozen=True, slots=True)
class Paid:
    """A term that was left, and paid for to its end (decision 0013): whoever comes back after `since` is in it again."""

    interval: str
    term: Term
    counted_from: date
    since: datetime


def instant_of(event: Event, almanac: Almanac) -> datetime:
    """When the event acts, in UTC."""
    if event.at is not None and event.on is None and event.at.tzinfo is not None:
        return event.at.astimezone(UTC)
    if event.on is not None and event.at is None:
        return almanac.bounds(event.on)[0]
    raise ValueError(f"an event has either an instant with a zone or a date: {event}")


def term_of(day: date, interval: str, counted_from: date, almanac: Almanac) -> Term:
    """The term of a day: terms of the interval follow each other, each counted by the calendar it begins in."""
    month = almanac.month_on(day if interval == "MONTH" else counted_from)
    since = month.days[0]
    run = months_from(since, MONTHS_IN_A_TERM[interval], month.anchor)
    while run[1] <= day:
        since = run[1]
        run = months_from(since, MONTHS_IN_A_TERM[interval], almanac.month_on(since).anchor)
    return Term(run, since)


def begun_by(almanac: Almanac, term: Term, interval: str) -> tuple[int, datetime, datetime]:
    """The anchor day by which a term began, and the instants between which it runs in the zone it began in (decision 0017).

    A month is a billing period, which runs from cut-off to cut-off.
    """
    month = almanac.month_on(term.since)
    if interval == "MONTH":
        return month.anchor, month.begins[0], month.begins[-1]
    # One that begins as its period does begins at the cut-off; one that opens with a stub, when its month would have begun.
    begins = month.begins[0] if term.run[0] == month.days[0] else first_instant(term.run[0], month.zone)
    return month.anchor, begins, first_instant(term.run[1], month.zone)


def spans_of(events: Sequence[Event], almanac: Almanac, paid: Sequence[Paid] = ()) -> list[Span]:
    """The states of one item that lasted, in order. A state replaced at its own instant is handed on from, but never was."""
    timed = sorted(((instant_of(event, almanac), event.seq, event) for event in events), key=lambda each: each[:2])
    spans: list[Span] = []
    plan: str | None = None
    quantity: int | None = None
    interval: str | None = None
    active = False
    for number, (begins, seq, event) in enumerate(timed):
        active = not event.ends
        plan = plan if event.plan is None else event.plan
        quantity = quantity if event.quantity is None else event.quantity
        interval = interval if event.interval is None else event.interval
        ends = timed[number + 1][0] if number + 1 < len(timed) else NEVER
        if active and begins < ends:
            if plan is None or quantity is None or interval is None:
                raise ValueError(f"{event.item} begins without plan, quantity or interval")
            counted_from = counting_starts(spans, begins, interval, almanac)
            for each in paid:
                if each.interval == interval and each.since <= begins and almanac.day_at(begins) < each.term.run[1]:
                    counted_from = each.counted_from
            spans.append(Span(begins, ends, plan, quantity, interval, counted_from, seq))
    return spans


def counting_starts(earlier: Sequence[Span], begins: datetime, interval: str, almanac: Almanac) -> date:
    """The day from which terms are counted for a state that begins now: kept, or the present period's first day (rules 3).

    It is kept when the interval was left within this very period, or left for nothing else, and its term still runs.
    """
    month = almanac.month_at(begins)
    same = [number for number, span in enumerate(earlier) if span.interval == interval]
    if not same:
        return month.days[0]
    last, others = earlier[same[-1]], earlier[same[-1] + 1 :]
    if others and others[0].begins < month.begins[0]:
        return month.days[0]
    if last.ends < begins:
        # An end at midnight does not touch the new day, so the running term is that of the moment before the end.
        last_used = almanac.day_at(last.ends - TICK)
        if almanac.day_at(begins) >= term_of(last_used, interval, last.counted_from, almanac).run[1]:
            return month.days[0]
    return last.counted_from
