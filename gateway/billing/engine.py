"""The engine: one pure walk over a period says what it costs (rules §1).

`walk` takes where the period opens and what happened since, and gives the bill and where the next one opens.
The invoice is the walk to the period's end; the amount so far is the same walk to today; a preview is the
same walk over a timeline with a change pencilled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .account import Account
from .bill import Bill, Line
from .catalog import Catalog, EarlyEnd, Interval, Rate
from .convention import Convention, Span, Visit, within
from .conventions import CONVENTIONS
from .course import Course
from .dates import DAY, Calendar, Period
from .early_end import EARLY_END, REST, REST_REPRESENTATIVES, Owed, Used, beyond, costly, paid, rest_of, smallest, tally
from .era import Era
from .own_price import PriceList
from .seen import Billed, Seen
from .settlement import settle
from .standing import Mark, stand
from .tax_engine import TaxAnswer
from .term import Count, Held, Opening
from .timeline import Step
from .trial import cut_short, freed, taken


@dataclass(frozen=True, slots=True)
class Walk:
    """A bill, and every item as it stands at the walk's end."""

    bill: Bill
    closing: Opening


_TICK = timedelta(microseconds=1)

# Units billed so far, by part, unit price and term; the term by its days, which are looked up faster.
Counts = dict[tuple[str, int, date, date], tuple[Rate, Period, int]]


def walk(
    opening: Opening,
    steps: Mapping[str, Sequence[Step]],
    account: Account,
    catalog: Catalog,
    at: datetime | None = None,
    marks: Sequence[Mark] = (),
    answer: TaxAnswer | None = None,
    seen: list[Seen] | None = None,
) -> Walk:
    """Bill the period that opens here, up to and including the instant `at` (None: to its end).

    Only steps within the period and up to `at` matter, and the marks within it. A local day counts as soon as it is reached,
    a second once it is over. `answer` is what a tax engine said of this period, if one was asked.
    What was seen of each item is added to `seen`, if somebody wants to know.
    """
    calendar = Era.of(opening, account)
    period = calendar.period(opening.on)
    upto = period.end if at is None else max(period.start, min(period.end, calendar.today(at) + DAY))
    start, end = calendar.instant(period.start), calendar.instant(period.end)
    until = end if at is None else min(at, end)
    convention = CONVENTIONS[catalog.convention]
    standing = stand(opening.standing, marks, start, end)
    last = {held.item: held.last for held in opening.items}
    reached = end if at is None else min(end, at + _TICK)
    trials, plans = taken(standing.trials, standing.plans, last, steps, start, reached, calendar, catalog)
    trials = cut_short(trials, standing.trial_ends)
    course = Course(period, start, until, calendar, PriceList(catalog, standing.prices), account.currency)
    lines: list[Line] = []
    closing: list[Held] = []
    known = {held.item: held for held in opening.items}
    for item in dict.fromkeys((*known, *steps)):
        mine = _lasting([step for step in steps.get(item, ()) if start <= step.at < end])
        later: list[Step] = []
        if at is not None:
            later = [step for step in mine if step.at > at]
            mine = mine[: len(mine) - len(later)]
        if item not in known and not mine:
            continue
        held = known.get(item) or Held(item=item)
        if not (mine and mine[0].at == start):  # what ends or changes as the period begins belongs to the term before
            held = held.renew(calendar, period.start)
        visits, held, exits = course.follow(held, mine)
        if opening.since is not None:
            held = held.begun(opening.on, opening.since)
        counts: Counts = {_key(count.part, count.rate, count.term): (count.rate, count.term, count.units) for count in held.counts}
        owed: list[Owed] = []
        spent = freed(visits, item, trials, calendar)
        found: list[Billed] | None = None
        if seen is not None:
            seen.append(Seen(item, spent, found := []))
        for span, billed in _billed(account.id, held, convention.spans(spent, calendar, upto, until), counts, catalog, calendar):
            lines.extend(billed)
            if found is not None:
                found.append(Billed(span, billed, _measured(held, span.visit, calendar)))
            if held.used or owed or costly(span.visit.price):
                owed.extend(_owed(span, billed, held, convention, calendar))
        if owed or held.used:
            held = replace(held, used=tally(held.used, owed, convention, calendar))
            for record in held.used:
                if record.term in exits and record.term.end > period.end and not _returns(held, later, record.term, calendar):
                    names = catalog.plan(record.state.plan).names
                    lines.extend(_leaving(account.id, held, names, record, exits[record.term], counts, convention, calendar))
                    held = held.leave(record)
        kept = tuple([Count(part, rate, term, units) for (part, _, _, _), (rate, term, units) in counts.items()])
        closing.append(held.forget(period.end, kept) if at is None else replace(held, counts=kept))
    if trials != standing.trials or plans != standing.plans:
        standing = replace(standing, trials=trials, plans=plans)
    bill, standing = settle(tuple(lines), period, account.currency, standing, catalog, answer)
    present, coming = Calendar(calendar.zone, calendar.anchor), standing.calendar or opening.calendar
    if at is None and coming not in (None, present):
        closing = [held.keep(present) for held in closing]
    following = calendar.opening(coming, period)
    if standing.calendar is not None:
        standing = replace(standing, calendar=None)
    return Walk(bill, Opening(following.on, tuple(closing), standing, following.calendar, following.since))


def _lasting(steps: Sequence[Step]) -> list[Step]:
    """The steps without those replaced at the very instant they acted: such a state was never seen, enters nothing and locks nothing."""
    following = (*steps[1:], None)
    return [step for step, after in zip(steps, following, strict=False) if after is None or after.at != step.at]


def _returns(held: Held, later: Sequence[Step], term: Period, calendar: Calendar) -> bool:
    """Whether steps still to come in the period bring an item back into a term it has left."""
    for step in later:
        day = calendar.today(step.at)
        held = held.end(day, step.revision) if step.state is None else held.enter(step.state, day, step.revision, calendar)
        if held.state is not None and held.term == term:
            return True
    return False


def _measured(held: Held, visit: Visit, calendar: Calendar) -> Calendar:
    """The calendar a visit's units are counted by: a month never outlasts its period, and longer terms keep the one they began by."""
    return calendar if visit.state.interval is Interval.MONTH else held.measure(visit.term, calendar)


def _key(part: str, rate: Rate, term: Period) -> tuple[str, int, date, date]:
    return part, rate.millionths, term.start, term.end


def _billed(
    account: str, held: Held, spans: Iterable[Span], counts: Counts, catalog: Catalog, present: Calendar
) -> Iterator[tuple[Span, list[Line]]]:
    """The lines of each span of an item, part by part; the units billed are added to the counts."""
    convention = CONVENTIONS[catalog.convention]
    item, rests, count, name = held.item, held.rests, convention.count, convention.name
    measured, calendar, whole = None, present, 0
    for span in spans:
        days, (_, _, state, price, term, _), because, moments = span
        if term is not measured:
            # A month never outlasts its period; longer terms keep the calendar they began by.
            calendar = present if state.interval is Interval.MONTH else held.measure(term, present)
            measured, whole = term, convention.whole(calendar, term)
        units = count(calendar, days, within(moments, term, calendar) if moments else None)
        lines: list[Line] = []
        if units:
            plan, interval, total = state.plan, state.interval, state.quantity
            names = catalog.plan(plan).names
            for part, quantity, rate in beyond(price, total, paid(rests, term)) if rests else price.parts(total):
                key = (part, rate.millionths, term.start, term.end)
                known = counts.get(key)
                before = known[2] if known else 0
                after = before + quantity * units
                counts[key] = rate, term, after
                lines.append(
                    Line(account, item, plan, names, interval, part, quantity, total, days, rate, before, after, whole, name, because)
                )
        yield span, lines


def _owed(span: Span, lines: Sequence[Line], held: Held, convention: Convention, calendar: Calendar) -> Iterator[Owed]:
    """A span of a longer term with what was billed for it; none of a trial. Days of a term that was paid to its end are not re-rated."""
    visit = span.visit
    lock = next((lock for lock in held.locks if lock.term == visit.term and lock.price == visit.price), None)
    if lock is None or visit.state.interval is Interval.MONTH:
        return
    monthly = None if visit.price.free or paid(held.rests, visit.term) else lock.monthly
    yield Owed(span, convention.count(calendar, span.days, span.moments), sum(line.amount.minor for line in lines), monthly)


def _leaving(
    account: str,
    held: Held,
    names: dict[str, str],
    record: Used,
    revision: int,
    counts: Counts,
    convention: Convention,
    calendar: Calendar,
) -> list[Line]:
    """The lines owed for having left a term before its end, by the entry of this revision."""
    state, lines, calendar = record.state, list[Line](), held.measure(record.term, calendar)

    def add(part: str, quantity: int, days: Period, rate: Rate, units: tuple[int, int], whole: int) -> None:
        lines.append(
            Line(
                account,
                held.item,
                state.plan,
                names,
                state.interval,
                part,
                quantity,
                state.quantity,
                days,
                rate,
                *units,
                whole,
                convention.name,
                (revision,),
            )
        )

    if record.spared:
        add(EARLY_END, 1, record.days, smallest(record.price.base.currency), (record.billed, record.monthly), 1)
    if record.price.leaving is EarlyEnd.REST_OF_TERM:
        days, units = rest_of(record, convention, calendar)
        for part, quantity, rate in beyond(record.price, state.quantity, paid(held.rests, record.term)) if units else ():
            key = _key(part, rate, record.term)
            before = counts[key][2] if key in counts else 0
            counts[key] = rate, record.term, before + quantity * units
            name = REST_REPRESENTATIVES if part == "representatives" else REST
            add(name, quantity, days, rate, (before, before + quantity * units), convention.whole(calendar, record.term))
    return lines
