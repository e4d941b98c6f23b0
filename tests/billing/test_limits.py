"""Limits between plans, and minimum commitments (rules §6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog, Kind, Plan
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    Command,
    ReactivatePackage,
    RemoveAddOn,
    UndoScheduledChange,
)
from gateway.billing.errors import CommitmentRuns, PlanConflict, Refusal, RequirementMissing, ScheduledConflict
from tests.billing.given import AT_RENEWAL, MONTH, NOW, YEAR, Told, account, catalog_of, offer, on, plan, refused

MORNING = "2026-06-20T09:00"


def held(code: str, prices: str, kind: Kind = Kind.PACKAGE, *, minimum: int = 0, **says: object) -> Plan:
    """A plan whose only offer says this beside its price, and commits whoever pays by the month."""
    base = offer(code, prices, maximum=50)
    priced = tuple(replace(each, minimum_months=minimum if each.interval is MONTH else 0) for each in base.prices)
    return plan(code, replace(base, prices=priced, **says), kind=kind)  # type: ignore[arg-type]


TEAM = held("team", "MONTH 100 TRY +10, YEAR 1000 TRY +100")
LARGE = held("large", "MONTH 200 TRY +10, YEAR 2000 TRY +100")
BOUND = held("bound", "MONTH 150 TRY +10, YEAR 1500 TRY +100", minimum=3)
QUIET = held("quiet", "MONTH 30 TRY", excludes=("voice",))
VOICE = held("voice", "MONTH 20 TRY", Kind.ADD_ON)
ROBOT = held("robot", "MONTH 40 TRY", Kind.ADD_ON, requires=("team", "large"))
CATALOG = catalog_of(TEAM, LARGE, BOUND, QUIET, VOICE, ROBOT)


def with_packages(*codes: str, catalog: Catalog = CATALOG) -> Told:
    told = account(catalog=catalog)
    for hour, code in enumerate(codes):
        told.tell(f"2026-06-10T{9 + hour:02}:00", AddPackage(plan=code))
    return told


def id_of(told: Told, code: str) -> str:
    return next(item.id for item in told.books.packages if item.plan.code == code)


def kinds(told: Told, when: str, *commands: Command) -> list[type[Refusal]]:
    return [type(refused(told.now(when), command)) for command in commands]


# --- what a plan needs ---------------------------------------------------------------------------------------


def test_an_add_on_that_needs_a_package_cannot_be_taken_without_one_of_them() -> None:
    told = with_packages("bound")

    refusal = refused(told.now(MORNING), AddAddOn(plan="robot"))

    assert (type(refusal), refusal.field) == (RequirementMissing, "plan")
    assert str(refusal) == "robot needs one of team, large beside it, which would be missing on 2026-06-20."


def test_any_one_of_those_it_needs_will_do() -> None:
    told = with_packages("large").tell(MORNING, AddAddOn(plan="robot"))

    assert [item.plan.code for item in told.books.add_ons] == ["robot"]


def test_it_can_be_scheduled_for_a_day_on_which_what_it_needs_is_there() -> None:
    told = account(catalog=CATALOG).tell("2026-06-10T09:00", AddPackage(plan="team", effective=on("2026-07-05")))

    assert kinds(told, MORNING, AddAddOn(plan="robot"), AddAddOn(plan="robot", effective=on("2026-07-04"))) == [RequirementMissing] * 2
    assert told.preview(MORNING, AddAddOn(plan="robot", effective=on("2026-07-05"))).effective_on == date(2026, 7, 5)


def test_what_it_needs_cannot_go_while_it_stays_neither_now_nor_later() -> None:
    told = with_packages("team").tell("2026-06-11T09:00", AddAddOn(plan="robot"))
    team = id_of(told, "team")

    now, later = CancelPackage(package_id=team, effective=NOW), CancelPackage(package_id=team)
    away = ChangePackage(package_id=team, plan="bound")
    assert kinds(told, MORNING, now, later, away) == [RequirementMissing] * 3
    assert refused(told.now(MORNING), later).params["on"] == "2026-07-01"


def test_what_it_needs_can_become_another_that_will_do() -> None:
    told = with_packages("team").tell("2026-06-11T09:00", AddAddOn(plan="robot"))
    told.tell(MORNING, ChangePackage(package_id=id_of(told, "team"), plan="large"))

    assert told.package.plan.code == "large"


def test_of_two_that_will_do_one_may_go() -> None:
    told = with_packages("team", "large").tell("2026-06-11T12:00", AddAddOn(plan="robot"))
    told.tell(MORNING, CancelPackage(package_id=id_of(told, "team"), effective=NOW))

    assert kinds(told, "2026-06-21T09:00", CancelPackage(package_id=id_of(told, "large"), effective=NOW)) == [RequirementMissing]


def test_both_may_end_on_one_day_and_then_the_end_of_the_add_on_cannot_be_undone_alone() -> None:
    told = with_packages("team").tell("2026-06-11T09:00", AddAddOn(plan="robot"))
    told.tell(MORNING, RemoveAddOn(plan="robot"))  # both at renewal
    end_of_robot = told.scheduled_id
    told.tell("2026-06-20T10:00", CancelPackage(package_id=id_of(told, "team")))

    refusal = refused(told.now("2026-06-21T09:00"), UndoScheduledChange(scheduled_id=end_of_robot))
    assert isinstance(refusal, ScheduledConflict)
    assert refusal.scheduled_id == next(each.id for each in told.books.scheduled if each.id != end_of_robot)
    assert type(refused(told.now("2026-06-21T09:00"), AddAddOn(plan="robot"))) is ScheduledConflict


def test_the_end_that_was_scheduled_stands_in_the_way_of_what_would_need_it() -> None:
    told = with_packages("team")
    told.tell(MORNING, CancelPackage(package_id=id_of(told, "team")))

    refusal = refused(told.now("2026-06-21T09:00"), AddAddOn(plan="robot"))

    assert isinstance(refusal, ScheduledConflict)
    assert refusal.scheduled_id == told.scheduled_id
    assert "robot needs one of team, large" in str(refusal)


def test_a_rule_that_came_later_refuses_nothing_to_those_who_broke_it_before() -> None:
    stricter = plan("voice", *VOICE.offers, replace(VOICE.offers[0], from_on=date(2026, 6, 15), requires=("large",)), kind=Kind.ADD_ON)
    told = with_packages("team", catalog=catalog_of(TEAM, LARGE, stricter)).tell("2026-06-11T09:00", AddAddOn(plan="voice"))

    told.tell(MORNING, ChangePackage(package_id=id_of(told, "team"), representatives=9))
    assert told.package.representatives == 9
    told.tell("2026-06-20T10:00", RemoveAddOn(plan="voice", effective=NOW))
    assert kinds(told, "2026-06-21T09:00", AddAddOn(plan="voice")) == [RequirementMissing]


# --- what a plan excludes ------------------------------------------------------------------------------------


def test_plans_that_exclude_each_other_are_refused_whichever_comes_second() -> None:
    first = with_packages("quiet")
    second = with_packages().tell("2026-06-10T09:00", AddAddOn(plan="voice"))

    refusal = refused(first.now(MORNING), AddAddOn(plan="voice"))
    assert (type(refusal), refusal.params) == (PlanConflict, {"plan": "quiet", "other": "voice", "on": "2026-06-20"})
    assert kinds(second, MORNING, AddPackage(plan="quiet")) == [PlanConflict]


def test_a_package_cannot_be_changed_or_brought_back_into_a_conflict() -> None:
    told = with_packages("team", "quiet")
    told.tell("2026-06-12T09:00", CancelPackage(package_id=id_of(told, "quiet"), effective=NOW))
    told.tell("2026-06-13T09:00", AddAddOn(plan="voice"))

    change = ChangePackage(package_id=id_of(told, "team"), plan="quiet", representatives=1)
    assert kinds(told, MORNING, ReactivatePackage(package_id=id_of(told, "quiet")), change) == [PlanConflict] * 2


def test_one_may_follow_the_other_on_the_day_it_ends() -> None:
    told = with_packages("quiet")
    told.tell(MORNING, CancelPackage(package_id=id_of(told, "quiet")))

    assert kinds(told, "2026-06-21T09:00", AddAddOn(plan="voice", effective=on("2026-06-30"))) == [PlanConflict]
    told.tell("2026-06-21T09:00", AddAddOn(plan="voice", effective=on("2026-07-01")))
    assert kinds(told, "2026-06-22T09:00", ReactivatePackage(package_id=id_of(told, "quiet"))) == [ScheduledConflict]


# --- minimum commitments -------------------------------------------------------------------------------------

# Whoever takes Bound by the month in June is committed for June, July and August.
FREE = date(2026, 9, 1)


def test_a_commitment_counts_from_the_term_it_was_entered_in_and_shows_its_end() -> None:
    told = with_packages("bound")

    assert told.package.committed_until == FREE
    assert with_packages("team").package.committed_until is None


@pytest.mark.parametrize("when", ["2026-06-20T09:00", "2026-08-31T23:59"])
def test_nothing_ends_or_goes_lower_before_it_is_over(when: str) -> None:
    told = with_packages("bound")
    package = told.package.id

    refusal = refused(told.now(when), CancelPackage(package_id=package, effective=NOW))
    assert (type(refusal), refusal.field, refusal.params) == (CommitmentRuns, "effective", {"until": "2026-09-01"})
    lower = ChangePackage(package_id=package, plan="team", effective=NOW)
    assert kinds(told, when, lower) == [CommitmentRuns]


def test_the_day_it_ends_can_be_chosen_and_the_renewal_is_that_day() -> None:
    told = with_packages("bound")
    package = told.package.id

    assert kinds(told, MORNING, CancelPackage(package_id=package, effective=on("2026-08-31"))) == [CommitmentRuns]
    for effective in (on("2026-09-01"), AT_RENEWAL, None):
        assert told.preview(MORNING, CancelPackage(package_id=package, effective=effective)).effective_on == FREE
        change = ChangePackage(package_id=package, plan="team", effective=effective)
        assert told.preview(MORNING, change).effective_on == FREE


def test_once_it_is_over_renewing_commits_no_further() -> None:
    told = with_packages("bound")
    for _ in range(3):
        told.cut()

    assert told.package.committed_until is None
    assert told.preview("2026-09-10T09:00", CancelPackage(package_id=told.package.id)).effective_on == date(2026, 10, 1)


def test_going_higher_and_back_to_what_was_committed_is_free() -> None:
    told = with_packages("bound")
    package = told.package.id
    told.tell(MORNING, ChangePackage(package_id=package, plan="large"))

    assert told.package.committed_until == FREE
    back = ChangePackage(package_id=package, plan="bound")
    assert told.preview("2026-06-21T09:00", back).effective_on == date(2026, 7, 1)
    assert kinds(told, "2026-06-21T09:00", ChangePackage(package_id=package, plan="team", effective=NOW)) == [CommitmentRuns]


def test_representatives_added_later_are_not_committed_to() -> None:
    told = account(catalog=CATALOG).tell("2026-06-10T09:00", AddPackage(plan="bound", representatives=5))
    package = told.package.id
    told.tell(MORNING, ChangePackage(package_id=package, representatives=9))

    told.tell("2026-06-21T09:00", ChangePackage(package_id=package, representatives=5, effective=NOW))
    assert kinds(told, "2026-06-22T09:00", ChangePackage(package_id=package, representatives=4, effective=NOW)) == [CommitmentRuns]


def test_a_price_of_another_interval_commits_to_nothing() -> None:
    told = account(catalog=CATALOG).tell("2026-06-10T09:00", AddPackage(plan="bound", interval=YEAR))

    assert told.package.committed_until is None


def test_a_downgrade_scheduled_earlier_gives_way_to_a_new_commitment_only_when_it_is_dropped() -> None:
    told = with_packages("team")
    package = told.package.id
    told.tell(MORNING, ChangePackage(package_id=package, plan="quiet", representatives=1))  # cheaper: from July on
    bind = ChangePackage(package_id=package, plan="bound")

    assert kinds(told, "2026-06-21T09:00", bind) == [ScheduledConflict]
    told.tell("2026-06-21T09:00", replace(bind, drop_scheduled=(told.scheduled_id,)))
    assert told.package.committed_until == FREE


def test_during_a_trial_nothing_binds_yet_and_from_its_end_it_does() -> None:
    tried = replace(BOUND, offers=(replace(BOUND.offers[0], trial_days=14),))
    told = with_packages("bound", catalog=catalog_of(TEAM, tried))  # free until 24 June
    package = told.package.id

    for effective in (NOW, on("2026-06-24"), None):
        assert told.preview("2026-06-20T09:00", CancelPackage(package_id=package, effective=effective)).after.expected.lines == ()
    assert kinds(told, "2026-06-20T09:00", CancelPackage(package_id=package, effective=on("2026-06-25"))) == [CommitmentRuns]
    assert kinds(told, "2026-06-24T09:00", CancelPackage(package_id=package, effective=NOW)) == [CommitmentRuns]


def test_a_return_after_its_term_was_over_begins_a_commitment_of_its_own() -> None:
    told = with_packages("bound")
    for _ in range(3):
        told.cut()
    told.tell("2026-09-10T09:00", CancelPackage(package_id=told.package.id, effective=NOW))
    told.cut()
    told.tell("2026-10-10T09:00", ReactivatePackage(package_id=told.package.id))

    assert told.package.committed_until == date(2027, 1, 1)
