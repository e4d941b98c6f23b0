"""reactivatePackage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Offer
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, ReactivatePackage
from gateway.billing.errors import (
    AlreadyActive,
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotActive,
    NotFound,
    PlanNotAvailable,
    Refusal,
    ScheduledConflict,
)
from gateway.billing.item import Status
from gateway.billing.timeline import Change, Fate, Scheduled, State, Unscheduled
from tests.billing.given import AT_RENEWAL, LIMITS, MONTH, NOW, PRO, Told, account, catalog_of, offer, on, plan, refused, rows

MORNING = "2026-06-20T09:00"


def cancelled() -> tuple[Told, str]:
    """Pro with seven representatives, cancelled on the 15th."""
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", representatives=7))
    told.tell("2026-06-15T09:00", CancelPackage(package_id=told.package.id, effective=NOW))
    return told, told.package.id


def ending() -> tuple[Told, str]:
    """Pro with seven representatives, to end on 1 July."""
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", representatives=7))
    told.tell("2026-06-15T09:00", CancelPackage(package_id=told.package.id))
    return told, told.package.id


def test_an_ended_package_comes_back_as_it_was_and_bills_from_that_day() -> None:
    told, package = cancelled()
    told.tell(MORNING, ReactivatePackage(package_id=package))

    assert (told.package.status, told.package.plan.code, told.package.representatives) == (Status.ACTIVE, "pro", 7)
    assert (told.package.started_on, told.package.ends_on) == (date(2026, 6, 10), None)
    assert rows(told.books.current.expected) == [
        ("pro", "2026-06-10 to 2026-06-15", "249.00 × 6/30", "49.80"),
        ("pro +2", "2026-06-10 to 2026-06-15", "49.00 × 12/30", "19.60"),
        ("pro", "2026-06-20 to 2026-06-30", "249.00 × 17/30 − 249.00 × 6/30", "91.30"),
        ("pro +2", "2026-06-20 to 2026-06-30", "49.00 × 34/30 − 49.00 × 12/30", "35.93"),
    ]


def test_now_it_adds_one_change_to_the_state_it_ended_in() -> None:
    told, package = cancelled()
    books = told.now(MORNING)

    assert ReactivatePackage(package_id=package)(books).added == (
        Change(revision=4, item=package, at=books.now, state=State("pro", 7, MONTH)),
    )


def test_of_a_package_about_to_end_the_end_is_undone_and_nothing_else() -> None:
    told, package = ending()
    pending = told.scheduled_id

    after = ReactivatePackage(package_id=package)(told.now(MORNING))

    assert after.added == (Unscheduled(revision=4, id=pending, fate=Fate.UNDONE),)
    assert after.subject == package
    assert after.warnings == ()
    assert after.next.expected.due.minor == 34700  # 249 + 2 × 49


def test_it_can_come_back_on_a_day_to_come() -> None:
    told, package = cancelled()
    told.tell(MORNING, ReactivatePackage(package_id=package, effective=on("2026-06-26")))

    assert told.package.status is Status.ENDED
    (scheduled,) = told.books.scheduled
    assert scheduled == Scheduled(revision=4, id=scheduled.id, item=package, on=date(2026, 6, 26))
    told.books = told.now("2026-06-26T00:00")
    assert (told.package.status, told.package.representatives) == (Status.ACTIVE, 7)


def test_a_return_now_drops_a_return_scheduled_for_later_with_a_warning() -> None:
    told, package = cancelled()
    told.tell(MORNING, ReactivatePackage(package_id=package, effective=on("2026-06-26")))
    pending = told.scheduled_id

    after = ReactivatePackage(package_id=package)(told.now("2026-06-21T09:00"))

    assert after.added[1:] == (Unscheduled(revision=5, id=pending, fate=Fate.DROPPED),)
    assert [warning.code for warning in after.warnings] == ["SCHEDULED_DROPPED"]


def test_a_second_scheduled_return_needs_to_be_told_to_replace_the_first() -> None:
    told, package = cancelled()
    told.tell(MORNING, ReactivatePackage(package_id=package, effective=on("2026-06-26")))
    pending = told.scheduled_id
    command = ReactivatePackage(package_id=package, effective=on("2026-06-24"))

    refusal = refused(told.now("2026-06-21T09:00"), command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("replaceScheduled", pending)

    told.tell("2026-06-21T09:00", replace(command, replace_scheduled=True))
    assert [change.on for change in told.books.scheduled] == [date(2026, 6, 24)]


def test_a_retired_plan_can_be_brought_back() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="retired", representatives=1))
    told.tell("2026-06-16T09:00", CancelPackage(package_id=told.package.id, effective=NOW))
    told.tell(MORNING, ReactivatePackage(package_id=told.package.id))

    assert told.package.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (ReactivatePackage(package_id="pkg_other"), NotFound, "packageId"),
        (ReactivatePackage(package_id="", effective=on("2026-06-19")), DateOutOfRange, "effective"),
        (ReactivatePackage(package_id="", effective=on("2028-06-21")), DateOutOfRange, "effective"),
        (ReactivatePackage(package_id="", effective=AT_RENEWAL), InvalidInput, "effective"),
    ],
)
def test_it_refuses(command: ReactivatePackage, kind: type[Refusal], field: str) -> None:
    told, package = cancelled()

    refusal = refused(told.now(MORNING), command if command.package_id else replace(command, package_id=package))

    assert (type(refusal), refusal.field) == (kind, field)


def test_an_active_package_has_nothing_to_bring_back() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))

    refusal = refused(told.now(MORNING), ReactivatePackage(package_id=told.package.id))

    assert (type(refusal), refusal.field) == (AlreadyActive, "packageId")


def test_a_scheduled_downgrade_is_no_pending_end() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    told.tell("2026-06-15T09:00", ChangePackage(package_id=told.package.id, plan="basic"))

    assert type(refused(told.now(MORNING), ReactivatePackage(package_id=told.package.id))) is AlreadyActive


def test_one_that_has_not_begun_cannot_be_brought_back() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))

    refusal = refused(told.now(MORNING), ReactivatePackage(package_id=told.package.id))

    assert (type(refusal), refusal.field) == (NotActive, "packageId")


@pytest.mark.parametrize(
    ("later", "kind", "field"),
    [
        (offer("pro", "MONTH 249 TRY", date(2026, 6, 18), included=5, maximum=6), LimitReached, "representatives"),
        (offer("pro", "YEAR 249 TRY", date(2026, 6, 18), included=5, maximum=50), PlanNotAvailable, "plan"),
    ],
)
def test_what_the_plan_no_longer_allows_cannot_be_brought_back(later: Offer, kind: type[Refusal], field: str) -> None:
    told, package = cancelled()
    books = replace(told.now(MORNING), catalog=catalog_of(plan("pro", *PRO.offers, later)))

    refusal = refused(books, ReactivatePackage(package_id=package))

    assert (type(refusal), refusal.field) == (kind, field)


def test_every_refusal_it_declares_is_tried_above() -> None:
    assert set(ReactivatePackage.refusals) - LIMITS == {
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        NotActive,
        AlreadyActive,
        ScheduledConflict,
    }
