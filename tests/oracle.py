"""The oracle: what a period costs under `USED_DAY`, worked out the slow way.

It shares no code with the product. It reads the whole history from the first event on, looks at every single day, asks
which states the day saw, bills it at the dearest, and counts. Nothing is remembered between calls but when a day begins.
Rules: design page `rules.md`, sections 3 (time, terms, unit price), 4 (which days are billed) and 5 (rounding).
Early leaving of a longer term (`earlyEnd`) is not applied.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NEVER = datetime.max.replace(tzinfo=UTC)
PERIODS_IN_A_TERM = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}

Key = tuple[str, str, Decimal, tuple[date, date]]


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
class Price:
    """What one plan costs per term of one interval, in currency units, in force from a local date on."""

    plan: str
    interval: str
    from_on: date
    base: Decimal
    included: int  # representatives the base pays for
    per_representative: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """What one key (item, part, unit price, term) owes in the billed period."""

    item: str
    part: str  # "base" or "representatives"
    unit_price: Decimal
    term: tuple[date, date]
    days: int  # quantity-days billed within the period, up to the horizon
    amount: int  # minor units


@dataclass(frozen=True, slots=True)
class Span:
    """The item is in one state during [begins, ends), two UTC instants; its terms are counted from a period's first day."""

    begins: datetime
    ends: datetime
    plan: str
    quantity: int
    interval: str
    counted_from: date


def bill(
    events: list[Event],
    prices: list[Price],
    *,
    zone: str,
    anchor: int,
    exponent: int,
    period: tuple[date, date],
    at: datetime,
    convention: str = "USED_DAY",
) -> list[Part]:
    """What the period owes by what happened up to and including `at`; the local day of `at` is the last one billed.

    With `at` at or past the period's end the whole period is billed, by what happened before that end. Parts come in the
    order of their fields. `ValueError` for another convention, a period that is not the anchor's, a naive instant, an event
    without or with two times, a first state that is not complete, and a state for which no price is in force.
    """
    if convention != "USED_DAY":
        raise ValueError(f"the oracle only knows USED_DAY, not {convention}")
    if period != period_of(period[0], anchor):
        raise ValueError(f"{period} is no billing period of anchor {anchor}")
    if at.tzinfo is None:
        raise ValueError("`at` bears no zone")

    period_ends_at = first_instant(period[1], zone)
    if at >= period_ends_at:
        last_day = period[1] - ONE_DAY
        happened = [event for event in events if instant_of(event, zone) < period_ends_at]
    else:
        last_day = day_of(at, zone)
        happened = [event for event in events if instant_of(event, zone) <= at]

    before: Counter[Key] = Counter()
    within: Counter[Key] = Counter()
    for item in sorted({event.item for event in happened}):
        spans = spans_of([event for event in happened if event.item == item], zone, anchor)
        day = day_of(spans[0].begins, zone) if spans else last_day + ONE_DAY
        while day <= last_day:
            counted = before if day < period[0] else within
            for part, unit_price, term, quantity in what_a_day_owes(day, spans, prices, zone, anchor):
                counted[item, part, unit_price, term] += quantity
            day += ONE_DAY

    parts = []
    for key, days in sorted(within.items()):
        _, _, unit_price, term = key
        price_of_a_day = Fraction(unit_price) * 10**exponent / length(term, zone)
        amount = rounded(price_of_a_day * (before[key] + days)) - rounded(price_of_a_day * before[key])
        parts.append(Part(*key, days, amount))
    return parts


def total(parts: list[Part]) -> int:
    """The sum of the parts, in minor units."""
    return sum(part.amount for part in parts)


def rounded(amount: Fraction) -> int:
    """To the nearest integer; a half goes up, of a negative amount away from zero (rules 5)."""
    magnitude = int(abs(amount) + Fraction(1, 2))
    return magnitude if amount >= 0 else -magnitude


# Days


@cache
def first_instant(day: date, zone: str) -> datetime:
    """When the day begins: the first instant that bears its date, in UTC (rules 3).

    A date that the zone left out begins, and is over, at the instant of the leap.
    """
    local = ZoneInfo(zone)
    # Of a midnight that comes twice fold 0 is the first; of one that is leapt over it is at or after the leap.
    instant = datetime(day.year, day.month, day.day, tzinfo=local, fold=0).astimezone(UTC)
    while (instant - ONE_SECOND).astimezone(local).date() >= day:
        instant -= ONE_SECOND
    return instant


def day_of(instant: datetime, zone: str) -> date:
    """The local day in which the instant lies, which is the last day that has begun.

    Where clocks are set back over midnight, the evening that comes again is already part of the day that had begun.
    """
    day = instant.astimezone(ZoneInfo(zone)).date()
    while first_instant(day + ONE_DAY, zone) <= instant:
        day += ONE_DAY
    return day


@cache
def length(run: tuple[date, date], zone: str) -> int:
    """The number of days from the first date to before the second. A date that the zone left out was no day."""
    days = 0
    day = run[0]
    while day < run[1]:
        if first_instant(day, zone) < first_instant(day + ONE_DAY, zone):
            days += 1
        day += ONE_DAY
    return days


# Periods and terms


def period_start(year: int, month: int, anchor: int) -> date:
    """The first day of the billing period that starts in the month; months past December run into the next years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(anchor, monthrange(year, month)[1]))


def period_of(day: date, anchor: int) -> tuple[date, date]:
    """The billing period of a day: the anchor day of a month (its last day if shorter) to before that of the next."""
    if not 1 <= anchor <= 31:
        raise ValueError(f"anchor {anchor} is not a day of a month")
    month = day.month if day >= period_start(day.year, day.month, anchor) else day.month - 1
    return period_start(day.year, month, anchor), period_start(day.year, month + 1, anchor)


def term_of(day: date, interval: str, counted_from: date, anchor: int) -> tuple[date, date]:
    """The term of a day: terms of the interval follow each other without gaps, counted from a period's first day."""
    if interval == "MONTH":
        return period_of(day, anchor)
    year, month = counted_from.year, counted_from.month
    while period_start(year, month + PERIODS_IN_A_TERM[interval], anchor) <= day:
        month += PERIODS_IN_A_TERM[interval]
    return period_start(year, month, anchor), period_start(year, month + PERIODS_IN_A_TERM[interval], anchor)


# What happened to an item


def instant_of(event: Event, zone: str) -> datetime:
    """When the event acts, in UTC."""
    if event.at is not None and event.on is None and event.at.tzinfo is not None:
        return event.at.astimezone(UTC)
    if event.on is not None and event.at is None:
        return first_instant(event.on, zone)
    raise ValueError(f"an event has either an instant with a zone or a date: {event}")


def spans_of(events: list[Event], zone: str, anchor: int) -> list[Span]:
    """The states of one item that lasted, in order. A state replaced at its own instant is handed on from, but never was."""
    ordered = sorted(events, key=lambda event: event.seq)
    instants = sorted({instant_of(event, zone) for event in ordered})
    spans: list[Span] = []
    plan: str | None = None
    quantity: int | None = None
    interval: str | None = None
    active = False
    for number, begins in enumerate(instants):
        for event in ordered:
            if instant_of(event, zone) == begins:
                active = not event.ends
                plan = plan if event.plan is None else event.plan
                quantity = quantity if event.quantity is None else event.quantity
                interval = interval if event.interval is None else event.interval
        if active:
            if plan is None or quantity is None or interval is None:
                raise ValueError(f"{events[0].item} begins without plan, quantity or interval")
            ends = instants[number + 1] if number + 1 < len(instants) else NEVER
            spans.append(Span(begins, ends, plan, quantity, interval, counting_starts(spans, begins, interval, zone, anchor)))
    return spans


def counting_starts(earlier: list[Span], begins: datetime, interval: str, zone: str, anchor: int) -> date:
    """The day from which terms are counted for a state that begins now: kept, or the present period's first day (rules 3)."""
    today = day_of(begins, zone)
    anew = period_of(today, anchor)[0]
    same = [number for number, span in enumerate(earlier) if span.interval == interval]
    if not same:
        return anew
    last, others = earlier[same[-1]], earlier[same[-1] + 1 :]
    if others and others[0].begins < first_instant(anew, zone):
        return anew  # left for another interval in an earlier period; within the period a return finds the term it left
    if last.ends < begins:
        # An end at midnight does not touch the new day, so the running term is that of the moment before the end.
        last_used = day_of(last.ends - timedelta.resolution, zone)
        if today >= term_of(last_used, interval, last.counted_from, anchor)[1]:
            return anew
    return last.counted_from


# What a day costs


def what_a_day_owes(
    day: date, spans: list[Span], prices: list[Price], zone: str, anchor: int
) -> list[tuple[str, Decimal, tuple[date, date], int]]:
    """Part, unit price, term and quantity of what the day's dearest state owes for it; the later of equals (rules 4)."""
    begins, ends = first_instant(day, zone), first_instant(day + ONE_DAY, zone)
    dearest: Fraction | None = None
    owed: list[tuple[str, Decimal, tuple[date, date], int]] = []
    for span in spans:
        if max(span.begins, begins) < min(span.ends, ends):
            term = term_of(day, span.interval, span.counted_from, anchor)
            price = price_in_force(prices, span.plan, span.interval, lock_day(spans, span, term, zone, anchor))
            extra = max(0, span.quantity - price.included)
            daily = (Fraction(price.base) + extra * Fraction(price.per_representative)) / length(term, zone)
            if dearest is None or daily >= dearest:
                dearest = daily
                owed = [("base", price.base, term, 1), ("representatives", price.per_representative, term, extra)]
    return [one for one in owed if one[1] != 0 and one[3] != 0]


def lock_day(spans: list[Span], now: Span, term: tuple[date, date], zone: str, anchor: int) -> date:
    """The day whose price holds: the term's first, or if later the day the item first came to the plan within this very term.

    Having been on the plan at another interval, or in a term counted from elsewhere, is not to have been on it in this term.
    """
    begins, ends = first_instant(term[0], zone), first_instant(term[1], zone)
    for span in spans:
        seen = max(span.begins, begins)
        if (span.plan, span.interval) == (now.plan, now.interval) and seen < min(span.ends, ends):
            day = day_of(seen, zone)
            if term_of(day, span.interval, span.counted_from, anchor) == term:
                return term[0] if seen == begins else day
    raise AssertionError("the state itself is within the term")


def price_in_force(prices: list[Price], plan: str, interval: str, day: date) -> Price:
    """The latest price of the plan and interval that is in force on the day."""
    in_force = [price for price in prices if price.plan == plan and price.interval == interval and price.from_on <= day]
    if not in_force:
        raise ValueError(f"no {interval} price of {plan} is in force on {day}")
    return max(in_force, key=lambda price: price.from_on)
