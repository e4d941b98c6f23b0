"""What a period costs before discounts and tax: every single day is looked at and billed to a state (rules 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from .almanac import Almanac, Month, Wish, first_day
from .conventions import CONVENTIONS, Day, goes_to, whole
from .days import ONE_DAY, Run, period_of
from .prices import OwnPrice, Price, Trial, lock_day, price_in_force
from .spans import Event, Paid, Span, Term, begun_by, instant_of, spans_of, term_of
from .tally import Tally, charged
from .values import REPRICE, Billed, Charge, Key, Part, Told


def bill(
    events: Sequence[Event],
    prices: Sequence[Price],
    *,
    zone: str,
    anchor: int,
    exponent: int,
    period: Run,
    at: datetime,
    convention: str = "USED_DAY",
) -> list[Part]:
    """What the period owes by what happened up to and including `at`, for an account whose calendar never changed.

    With `at` at or past the period's end the whole period is billed, by what happened before that end. Parts come in the
    order of their fields. `ValueError` for another convention, a period that is not the anchor's, a naive instant, an event
    without or with two times, a first state that is not complete, and a state for which no price is in force.
    """
    if period != period_of(period[0], anchor):
        raise ValueError(f"{period} is no billing period of anchor {anchor}")
    told = tell(events, prices, zone=zone, anchor=anchor, exponent=exponent, convention=convention, first=period[0])
    return parts_of(charges(told, told.almanac.month_on(period[0]), at))


def tell(
    events: Sequence[Event],
    prices: Sequence[Price],
    *,
    zone: str,
    anchor: int,
    exponent: int,
    convention: str,
    first: date,
    wishes: Sequence[Wish] = (),
    own: Sequence[OwnPrice] = (),
    trials: Sequence[Trial] = (),
) -> Told:
    """What there is to know, where the first period holds the day `first`, or the first event if that is before."""
    if convention not in CONVENTIONS:
        raise ValueError(f"the oracle knows no {convention}")
    if any((event.at is None) == (event.on is None) or (event.at and event.at.tzinfo is None) for event in events):
        raise ValueError("an event has either an instant with a zone or a date")
    on = first_day([event.at for event in events if event.at], [first, *(event.on for event in events if event.on)], zone)
    return Told(tuple(events), tuple(prices), Almanac(on, zone, anchor, wishes), exponent, convention, tuple(own), tuple(trials))


def charges(told: Told, month: Month, at: datetime) -> list[Charge]:
    """What a period owes at an instant, in the order of items and days; beyond its end, what it owes in all."""
    if at.tzinfo is None:
        raise ValueError("`at` bears no zone")
    found: list[Charge] = []
    over = month.begins[-1]
    for item in sorted({event.item for event in told.events}):
        known = [event for event in told.events if event.item == item and instant_of(event, told.almanac) < over]
        happened = [event for event in known if instant_of(event, told.almanac) <= at]
        paid: list[Paid] = []
        while True:  # whose rest was paid is only known once it is billed, and alters what comes after it
            spans, coming = spans_of(happened, told.almanac, paid), spans_of(known, told.almanac, paid)
            tally = Tally(item, told)
            charges_of_item = charged(tally, month, list(billed(told, item, spans, month, at)), spans, coming, at)
            if tally.paid_for == paid:
                break
            paid = tally.paid_for
        found += charges_of_item
    return found


def billed(told: Told, item: str, spans: Sequence[Span], month: Month, at: datetime) -> Iterator[Billed]:
    """Every share of every day of one item, from its first day to the last day of the period or that of `at`."""
    if not spans:
        return
    terms: dict[tuple[Span, Term], tuple[Price, Price | None, int]] = {}
    day = told.almanac.day_at(spans[0].begins)
    last = month.days[-1] if at >= month.begins[-1] else told.almanac.day_at(at)
    place = 0
    while day <= last:
        begins, ends = told.almanac.bounds(day)
        while place + 1 < len(spans) and spans[place].ends <= begins:
            place += 1
        present = Day(day, begins, ends, at, told.almanac.month_on(day))
        seen = []
        for span in spans[place:]:
            if span.begins >= ends:
                break
            if present.saw(span):
                seen.append(span)
        free = {span for span in seen if any(trial.frees(day, item, span.plan) for trial in told.trials)}
        known: dict[Span, tuple[Term, Price, Price | None, int]] = {}
        for span in seen:
            term = term_of(day, span.interval, span.counted_from, told.almanac)
            if (span, term) not in terms:
                locked = lock_day(spans, span, term, told.almanac)
                price = price_in_force(told.prices, span.plan, span.interval, locked, told.own)
                monthly = price_in_force(told.prices, span.plan, "MONTH", locked, told.own) if price.early_end == REPRICE else None
                terms[span, term] = price, monthly, whole(told.convention, term, span.interval, told.almanac)
            known[span] = (term, *terms[span, term])

        def daily(
            span: Span,
            free: set[Span] = free,
            known: dict[Span, tuple[Term, Price, Price | None, int]] = known,
            zone: str = present.month.zone,
        ) -> Fraction:
            if span in free:
                return Fraction(0)
            term, price, _, _ = known[span]
            return Fraction(price.whole_term(span.quantity)) / whole("USED_DAY", term, span.interval, told.almanac)

        def began(span: Span, known: dict[Span, tuple[Term, Price, Price | None, int]] = known) -> tuple[int, datetime, datetime]:
            return begun_by(told.almanac, known[span][0], span.interval)

        for span, units in goes_to(told.convention, present, seen, daily, began):
            if span in free:
                continue
            term, price, monthly, n = known[span]
            yield Billed(present, span, price, monthly, term, units, n)
        day += ONE_DAY


def parts_of(found: Sequence[Charge]) -> list[Part]:
    """The charges by key."""
    parts: dict[Key, tuple[int, int, int]] = {}
    for charge in found:
        units, amount = parts[charge.key][:2] if charge.key in parts else (0, 0)
        parts[charge.key] = units + charge.units, amount + charge.amount, charge.whole
    return [Part(*key, *values) for key, values in sorted(parts.items())]


def total(parts: Sequence[Part]) -> int:
    """The sum of the parts, in minor units."""
    return sum(part.amount for part in parts)
