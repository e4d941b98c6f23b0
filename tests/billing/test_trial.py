"""Trials: which stretches are free, to the instant, and which trials come with a plan. What they cost stands in the stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.billing.catalog import Plan, Rate
from gateway.billing.convention import Visit
from gateway.billing.dates import Calendar, Period
from gateway.billing.timeline import State, Step
from gateway.billing.trial import Trial, TrialEnd, cut_short, ends_on, freed, taken
from tests.billing.given import BASIC, MONTH, PRO, catalog_of, price

CALENDAR = Calendar("UTC", 1)
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
ON_PRO, ON_BASIC = State("pro", 5, MONTH), State("basic", 5, MONTH)
PRICE = price("pro", MONTH, "249", "TRY", 5, "49")
NOTHING = replace(PRICE, base=Rate(0, "TRY"), per_representative=Rate(0, "TRY"))


def day(number: int) -> date:
    return date(2026, 6, number)


def at(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 6, number, hour, tzinfo=UTC)


def trial(first: int, end: int, plan: str | None = "pro", item: str | None = None, id: str = "t") -> Trial:
    return Trial(id=id, plan=plan, item=item, from_on=day(first), until_on=day(end))


def visit(since: datetime, until: datetime | None) -> Visit:
    return Visit(since, until, ON_PRO, PRICE, JUNE, 1)


def stretches(since: datetime, until: datetime | None, *trials: Trial) -> list[tuple[datetime, datetime | None, bool]]:
    """From when to when a visit of Pro is split, and whether that part is free."""
    parts = freed([visit(since, until)], "pkg", trials, CALENDAR)
    assert all(part.price in (PRICE, NOTHING) for part in parts)
    return [(part.since, part.until, part.price == NOTHING) for part in parts]


FREE, PAID = True, False


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        # around the 10th to the 20th
        (at(5), at(25), [(at(5), at(10), PAID), (at(10), at(20), FREE), (at(20), at(25), PAID)]),
        (at(5), None, [(at(5), at(10), PAID), (at(10), at(20), FREE), (at(20), None, PAID)]),
        # begun or ended within
        (at(12, 9), at(25), [(at(12, 9), at(20), FREE), (at(20), at(25), PAID)]),
        (at(5), at(15, 9), [(at(5), at(10), PAID), (at(10), at(15, 9), FREE)]),
        (at(12, 9), at(15, 9), [(at(12, 9), at(15, 9), FREE)]),
        # begun or ended with it: no empty stretch beside
        (at(10), at(20), [(at(10), at(20), FREE)]),
        (at(10), None, [(at(10), at(20), FREE), (at(20), None, PAID)]),
        # before or after it
        (at(5), at(10), [(at(5), at(10), PAID)]),
        (at(20), at(25), [(at(20), at(25), PAID)]),
        (at(20), None, [(at(20), None, PAID)]),
    ],
)
def test_a_visit_is_free_from_the_instant_a_trial_begins_to_the_instant_it_ends(
    since: datetime, until: datetime | None, expected: list[tuple[datetime, datetime | None, bool]]
) -> None:
    assert stretches(since, until, trial(10, 20)) == expected


def test_a_trial_of_no_days_or_of_something_else_splits_nothing() -> None:
    whole = [(at(5), None, PAID)]

    assert stretches(at(5), None, trial(10, 10)) == whole
    assert stretches(at(5), None, trial(12, 10)) == whole  # ended before it began
    assert stretches(at(5), None, trial(10, 20, plan="basic")) == whole
    assert stretches(at(5), None, trial(10, 20, item="another")) == whole


def test_only_the_trial_that_was_ended_is_cut_short_and_none_is_made_longer() -> None:
    trials = trial(1, 20, id="a"), trial(1, 20, id="b")

    assert cut_short(trials, [TrialEnd(trial="b", until_on=day(11))]) == (trials[0], trial(1, 11, id="b"))
    assert cut_short(trials, [TrialEnd(trial="b", until_on=day(25))]) == trials


def test_trials_that_follow_each_other_are_one_and_others_do_not_count() -> None:
    def ends(*trials: Trial) -> date | None:
        return ends_on(trials, "pkg", "pro", day(5))

    assert ends(trial(1, 10)) == day(10)
    assert ends(trial(10, 20), trial(1, 10)) == day(20)
    assert ends(trial(1, 10), trial(11, 20)) == day(10)  # a day between
    assert ends(trial(1, 20), trial(2, 10)) == day(20)  # one within another
    assert ends(trial(5, 6)) == day(6)
    assert ends(trial(6, 10)) is None
    assert ends(trial(1, 5)) is None
    assert ends(trial(1, 10, plan="basic")) is None
    assert ends(trial(1, 10), trial(10, 20, item="another")) == day(10)


def trying(days: int) -> Plan:
    return replace(PRO, offers=(replace(PRO.offers[0], trial_days=days),))


def taking(*steps: tuple[datetime, State | None], days: int = 14) -> tuple[Sequence[Trial], Sequence[str]]:
    """What is taken from the 10th up to the beginning of the 20th."""
    told = [Step(when, number, state) for number, (when, state) in enumerate(steps, start=1)]
    return taken((), (), {}, {"pkg": told}, at(10), at(20), CALENDAR, catalog_of(trying(days), BASIC))


def test_a_plan_is_taken_within_the_time_looked_at_its_first_instant_included_and_its_end_not() -> None:
    tried = (Trial(id="pkg:pro", plan="pro", item="pkg", from_on=day(10), until_on=day(24)),)

    assert taking((at(10), ON_PRO)) == (tried, ("pro",))
    assert taking((at(9), ON_PRO)) == ((), ())
    assert taking((at(20), ON_PRO)) == ((), ())
    assert taking((at(10), ON_PRO), (at(12), None), (at(14), ON_PRO)) == (tried, ("pro",))


def test_a_state_that_is_replaced_at_its_very_instant_takes_nothing() -> None:
    assert taking((at(12), ON_PRO), (at(12), ON_BASIC)) == ((), ("basic",))


def test_a_plan_without_trial_days_is_taken_without_a_trial() -> None:
    assert taking((at(12), ON_PRO), days=0) == ((), ("pro",))
