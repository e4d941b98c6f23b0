"""Trials: days on which an item is had and costs nothing (rules §5).

A trial is a run of local days, so it never splits one. It shapes what is billed and nothing else: terms, locked prices
and limits are as they would be without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .catalog import Catalog, Rate
from .convention import Visit
from .dates import Calendar
from .timeline import State, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Free from one day to another, `until_on` being the first that is billed: a plan, an item, or an item on a plan."""

    id: str
    plan: str | None
    item: str | None
    from_on: date
    until_on: date

    def covers(self, item: str, plan: str) -> bool:
        """Whether it is for this item on this plan."""
        return self.item in (None, item) and self.plan in (None, plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnd:
    """A trial ends before its time: `until_on` is the first day that is billed."""

    trial: str
    until_on: date


def cut_short(trials: tuple[Trial, ...], ends: Iterable[TrialEnd]) -> tuple[Trial, ...]:
    """The trials, each until the day it was ended on, if it was."""
    for end in ends:
        trials = tuple(replace(each, until_on=min(each.until_on, end.until_on)) if each.id == end.trial else each for each in trials)
    return trials


def ends_on(trials: Iterable[Trial], item: str, plan: str, on: date) -> date | None:
    """The first billed day of an item that is free on a day, trials that follow each other taken together."""
    mine = sorted((each for each in trials if each.covers(item, plan)), key=lambda each: each.from_on)
    end = on
    for trial in mine:
        if trial.from_on <= end < trial.until_on:
            end = trial.until_on
    return end if end > on else None


def freed(visits: Sequence[Visit], item: str, trials: Sequence[Trial], calendar: Calendar) -> Sequence[Visit]:
    """The visits split where a trial begins or ends, those within one at a price of nothing."""
    for trial in trials:
        visits = [part for visit in visits for part in _split(visit, item, trial, calendar)]
    return visits


def _split(visit: Visit, item: str, trial: Trial, calendar: Calendar) -> list[Visit]:
    begins, ends = calendar.instant(trial.from_on), calendar.instant(trial.until_on)
    if (
        not trial.covers(item, visit.state.plan)
        or ends <= visit.since
        or (visit.until is not None and visit.until <= begins)
        or begins >= ends
    ):
        return [visit]
    parts = []
    if visit.since < begins:
        parts.append(visit._replace(until=begins))
    nothing = Rate(0, visit.price.base.currency)
    free = replace(visit.price, base=nothing, per_representative=nothing)
    over = visit.until is not None and visit.until <= ends
    parts.append(visit._replace(since=max(visit.since, begins), until=visit.until if over else ends, price=free))
    if not over:
        parts.append(visit._replace(since=ends))
    return parts


def taken(
    tried: tuple[Trial, ...],
    plans: tuple[str, ...],
    last: Mapping[str, State | None],
    steps: Mapping[str, Sequence[Step]],
    since: datetime,
    until: datetime,
    calendar: Calendar,
    catalog: Catalog,
) -> tuple[tuple[Trial, ...], tuple[str, ...]]:
    """The trials with those that begin from `since` up to `until` because a plan is taken for the first time, and all plans ever taken.

    `plans` were taken before, `last` is the state each item was in. A state that is replaced at the very instant it begins
    is not seen, and takes nothing.
    """
    known = dict.fromkeys((*plans, *(state.plan for state in last.values() if state is not None)))
    for code, (step, item) in _firsts(steps, since, until, frozenset(known)):
        known[code] = None
        on = calendar.today(step.at)
        offer = catalog.plan(code).offer(on)
        if offer is not None and offer.trial_days:
            trial = Trial(id=f"{item}:{code}", plan=code, item=item, from_on=on, until_on=on + timedelta(days=offer.trial_days))
            tried = (*tried, trial)
    return tried, tuple(known)


def _firsts(
    steps: Mapping[str, Sequence[Step]], since: datetime, until: datetime, known: frozenset[str]
) -> Iterable[tuple[str, tuple[Step, str]]]:
    """The step by which each plan that is not known is first seen, and its item, in order of time."""
    firsts: dict[str, tuple[Step, str]] = {}
    for item, moves in steps.items():
        seen = set(known)
        for step, following in zip(moves, (*moves[1:], None), strict=False):
            if step.state is None or step.state.plan in seen or not since <= step.at < until:
                continue
            if following is not None and following.at <= step.at:
                continue
            seen.add(step.state.plan)
            before = firsts.get(step.state.plan)
            if before is None or (step.at, step.revision) < (before[0].at, before[0].revision):
                firsts.pop(step.state.plan, None)  # of two by one entry the order of the items decides
                firsts[step.state.plan] = step, item
    return sorted(firsts.items(), key=lambda first: (first[1][0].at, first[1][0].revision))
