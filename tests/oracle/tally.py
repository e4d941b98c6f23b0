"""From the days of one item to what it owes: rounding cumulates along a term (rules 5), and a term may be left early (rules 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from .almanac import Month
from .conventions import seconds_between, thirtieths, units_of_days, whole
from .days import ONE_DAY, TICK
from .prices import Price
from .spans import Paid, Span, Term, begun_by, term_of
from .values import EARLY_END, REST_OF_TERM, Billed, Charge, Key, Told, share


@dataclass(slots=True)
class Since:
    """What was billed in a term since it began, or was last left and settled."""

    last: Billed
    monthly: int = 0  # what the days that are re-rated would have cost by the month, and what was billed for them
    owed: int = 0


@dataclass(slots=True)
class Tally:
    """The books of one item, written day by day."""

    item: str
    told: Told
    counted: Counter[Key] = field(default_factory=Counter)
    since: dict[Term, Since] = field(default_factory=dict)
    paid_for: list[Paid] = field(default_factory=list)
    paid: dict[Term, Decimal] = field(
        default_factory=dict
    )  # the terms of which the rest was paid, and the whole term's price in that state

    def parts(self, term: Term, price: Price, quantity: int) -> Iterable[tuple[str, Decimal, int]]:
        """What a state is billed in: where the rest was paid, only what it costs more."""
        if term not in self.paid:
            return price.parts(quantity)
        more = price.whole_term(quantity) - self.paid[term]
        return [("beyond_rest_of_term", more, 1)] if more > 0 else []

    def count(self, term: Term, price: Price, span: Span, units: int, n: int, part_of: str = "") -> list[Charge]:
        """Bill so many units of a state."""
        found = []
        for part, unit_price, quantity in self.parts(term, price, span.quantity):
            key = (self.item, part, unit_price, term.run)
            before = self.counted[key]
            self.counted[key] = now = before + quantity * units
            amount = share(unit_price, self.told.exponent, now, n) - share(unit_price, self.told.exponent, before, n)
            found.append(Charge(self.item, span.plan, part_of or part, unit_price, term.run, now - before, amount, n))
        return found


def charged(
    tally: Tally, month: Month, shares: Sequence[Billed], spans: Sequence[Span], coming: Sequence[Span], at: datetime
) -> list[Charge]:
    """What the period owes for one item: its days, and what was left early in it."""
    told, found = tally.told, list[Charge]()
    by_month = {on: list(group) for on, group in groupby(shares, lambda each: each.day.month.days[0])}
    present = told.almanac.months[0]
    while present.days[0] <= month.days[0]:
        found = _days(tally, by_month.get(present.days[0], []))
        final = present.days[0] == month.days[0]
        horizon = min(at, present.begins[-1] - TICK) if final else present.begins[-1] - TICK
        found += _left(tally, present, spans, coming if final else spans, horizon)
        if final:
            break
        present = told.almanac.month_on(present.run[1])
    return found


def _days(tally: Tally, shares: Sequence[Billed]) -> list[Charge]:
    """The charges of one period's days, and what they would have cost by the month."""
    found: list[Charge] = []
    monthly: Counter[tuple[Term, str, Decimal]] = Counter()
    for day in shares:
        rests = day.term in tally.paid
        charges = tally.count(day.term, day.price, day.span, day.units, day.whole)
        found += charges
        nothing = not day.price.base and not day.price.per_representative
        if nothing and day.term not in tally.since:
            continue
        since = tally.since.setdefault(day.term, Since(day))
        since.last = day
        if day.monthly is None or rests or nothing:
            continue
        since.owed += sum(charge.amount for charge in charges)
        told, here = tally.told, day.day.month
        n = whole(told.convention, Term(here.whole, here.days[0]), "MONTH", told.almanac)
        units = thirtieths(day.day.on, here.anchor) if told.convention == "FIXED_30" else day.units
        for part, unit_price, quantity in day.monthly.parts(day.span.quantity):
            key = (day.term, part, unit_price)
            since.monthly -= share(unit_price, told.exponent, monthly[key], n)
            monthly[key] += quantity * units
            since.monthly += share(unit_price, told.exponent, monthly[key], n)
    return found


def _left(tally: Tally, month: Month, spans: Sequence[Span], coming: Sequence[Span], horizon: datetime) -> list[Charge]:
    """What the terms owe that were left in the period, were not come back to, and would have gone on after it."""
    found: list[Charge] = []
    for term, span in _exits(tally, month, spans, horizon).items():
        if term.run[1] <= month.run[1] or term not in tally.since or _returns(tally, term, month, coming, horizon):
            continue
        since = tally.since[term]
        owes = since.monthly - since.owed
        if owes > 0:
            found.append(Charge(tally.item, span.plan, EARLY_END, Decimal(0), term.run, 0, owes, 1))
            since.monthly = since.owed = 0
        price = since.last.price
        if price.early_end == REST_OF_TERM:
            found += _rest(tally, month, term, since.last)
            del tally.since[term]
    return found


def _exits(tally: Tally, month: Month, spans: Sequence[Span], horizon: datetime) -> dict[Term, Span]:
    """The longer terms that the item went out of in the period and is not in at the horizon, with the state that was left."""
    almanac, found = tally.told.almanac, dict[Term, Span]()
    for span in spans:
        if span.interval != "MONTH" and span.begins <= horizon:
            last = min(span.ends, horizon + TICK) - TICK
            term = term_of(almanac.day_at(last), span.interval, span.counted_from, almanac)
            found.pop(term, None)
            if month.begins[0] <= span.ends <= horizon:
                found[term] = span
    return found


def _returns(tally: Tally, term: Term, month: Month, coming: Sequence[Span], horizon: datetime) -> bool:
    """Whether what is scheduled in the period brings the item back into a term."""
    almanac = tally.told.almanac
    return any(
        horizon < span.begins < month.begins[-1] and term_of(almanac.day_at(span.begins), span.interval, span.counted_from, almanac) == term
        for span in coming
    )


def _rest(tally: Tally, month: Month, term: Term, last: Billed) -> list[Charge]:
    """The days from the last one billed to the term's end, at the state that was left."""
    told = tally.told
    if told.convention == "SECOND":
        until = min(last.span.ends, last.day.ends, last.day.until)
        units = seconds_between(until, min(told.almanac.bounds(term.run[1])[0], begun_by(told.almanac, term, last.span.interval)[2]))
    else:
        first = last.day.on + ONE_DAY
        units = units_of_days(told.convention, first, term.run[1], begun_by(told.almanac, term, last.span.interval)[0], told.almanac)
    found = tally.count(term, last.price, last.span, units, last.whole, "rest_of_term")
    if term not in tally.paid:
        tally.paid_for.append(Paid(last.span.interval, term, last.span.counted_from, month.begins[-1]))
    tally.paid[term] = max(tally.paid.get(term, Decimal(0)), last.price.whole_term(last.span.quantity))
    return found
