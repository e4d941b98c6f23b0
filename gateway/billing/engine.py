"""The engine: one pure walk over a period says what it costs (rules §1).

`walk` takes where the period opens and what happened since, and gives the bill and where the next one opens.
The invoice is the walk to the period's end; the amount so far is the same walk to today; a preview is the
same walk over a timeline with a change pencilled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .account import Account
from .bill import Bill, Line
from .catalog import Catalog, Rate
from .convention import CONVENTIONS, Convention, Span, Visit
from .dates import DAY, Period
from .own_price import PriceList
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

# Units billed so far, by part, unit price and term.
Counts = dict[tuple[str, int, Period], tuple[Rate, int]]


def walk(
    opening: Opening,
    steps: Mapping[str, Sequence[Step]],
    account: Account,
    catalog: Catalog,
    at: datetime | None = None,
    marks: Sequence[Mark] = (),
    answer: TaxAnswer | None = None,
) -> Walk:
    """Bill the period that opens here, up to and including the instant `at` (None: to its end).

    Only steps within the period and up to `at` matter, and the marks within it. A local day counts as soon as it is reached.
    `answer` is what a tax engine said of this period, if one was asked.
    """
    calendar = account.calendar
    period = calendar.run(opening.on)
    upto = period.end if at is None else max(period.start, min(period.end, calendar.today(at) + DAY))
    start, end = calendar.instant(period.start), calendar.instant(period.end)
    convention = CONVENTIONS[catalog.convention]
    standing = stand(opening.standing, marks, start, end)
    last = {held.item: held.last for held in opening.items}
    reached = end if at is None else min(end, at + _TICK)
    trials, plans = taken(standing.trials, standing.plans, last, steps, start, reached, calendar, catalog)
    trials = cut_short(trials, standing.trial_ends)
    prices = PriceList(catalog, standing.prices)
    lines: list[Line] = []
    closing: list[Held] = []
    known = {held.item: held for held in opening.items}
    for item in dict.fromkeys((*known, *steps)):
        mine = [step for step in steps.get(item, ()) if start <= step.at < end and (at is None or step.at <= at)]
        if item not in known and not mine:
            continue
        held = known.get(item) or Held(item=item)
        if not (mine and mine[0].at == start):  # what ends or changes as the period begins belongs to the term before
            held = held.renew(calendar, period.start)
        visits, held = _visits(held, mine, start, account, prices)
        counts: Counts = {(count.part, count.rate.millionths, count.term): (count.rate, count.units) for count in held.counts}
        for span in convention.spans(freed(visits, item, trials, calendar), calendar, upto):
            names = catalog.plan(span.visit.state.plan).names
            lines.extend(_lines(account.id, item, names, span, counts, convention))
        kept = tuple(Count(part, rate, term, units) for (part, _, term), (rate, units) in counts.items())
        held = replace(held, counts=kept)
        closing.append(held.forget(period.end) if at is None else held)
    standing = replace(standing, trials=trials, plans=plans)
    bill, standing = settle(tuple(lines), period, account.currency, standing, catalog, answer)
    return Walk(bill, Opening(period.end, tuple(closing), standing))


def _visits(held: Held, steps: Sequence[Step], start: datetime, account: Account, prices: PriceList) -> tuple[list[Visit], Held]:
    """The states an item was in, one after the other, and the item after the last step.

    A state that was replaced at the very instant it began was never seen: it enters nothing and locks nothing.
    """
    calendar, currency = account.calendar, account.currency
    visits: list[Visit] = []
    since = start
    for step, following in zip(steps, (*steps[1:], None), strict=False):
        if following is not None and following.at == step.at:
            continue
        if held.state is not None and since < step.at:
            price, held = held.lock(calendar.today(since), prices, currency)
            assert held.state is not None and held.term is not None
            visits.append(Visit(since, step.at, held.state, price, held.term, held.revision))
        since = step.at
        day = calendar.today(since)
        held = held.end(day, step.revision) if step.state is None else held.enter(step.state, day, step.revision, calendar)
    if held.state is not None:
        price, held = held.lock(calendar.today(since), prices, currency)
        assert held.state is not None and held.term is not None
        visits.append(Visit(since, None, held.state, price, held.term, held.revision))
    return visits, held


def _lines(account: str, item: str, names: dict[str, str], span: Span, counts: Counts, convention: Convention) -> list[Line]:
    """The lines of one span, part by part; the units billed are added to the counts."""
    visit, days, lines = span.visit, len(span.days), []
    for part, quantity, rate in visit.price.parts(visit.state.quantity):
        key = (part, rate.millionths, visit.term)
        before = counts[key][1] if key in counts else 0
        after = before + quantity * days
        counts[key] = rate, after
        lines.append(
            Line(
                account,
                item,
                visit.state.plan,
                names,
                visit.state.interval,
                part,
                quantity,
                visit.state.quantity,
                span.days,
                rate,
                before,
                after,
                convention.whole(visit.term),
                convention.name,
                span.because,
            )
        )
    return lines
