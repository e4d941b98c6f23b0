"""undoScheduledChange."""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, UndoScheduledChange
from gateway.billing.errors import DateOutOfRange, NotFound
from gateway.billing.item import Status
from gateway.billing.timeline import Fate, Unscheduled
from tests.billing.given import BESIDE, Told, account, on, refused

MORNING = "2026-06-20T09:00"


def with_pro() -> tuple[Told, str]:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    return told, told.package.id


def test_a_scheduled_downgrade_is_taken_back_as_if_it_had_never_been() -> None:
    told, package = with_pro()
    before = told.books.next.expected
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic"))
    scheduled = told.scheduled_id
    assert told.books.next.expected.due.minor == 9900

    after = UndoScheduledChange(scheduled_id=scheduled)(told.now(MORNING))

    assert after.added == (Unscheduled(revision=4, id=scheduled, fate=Fate.UNDONE),)
    assert after.subject == package
    assert after.next.expected == before


def test_a_pending_end_is_taken_back() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=package))
    told.tell(MORNING, UndoScheduledChange(scheduled_id=told.scheduled_id))

    assert told.package.status is Status.ACTIVE


def test_of_a_start_that_is_taken_back_nothing_is_left() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))
    told.tell(MORNING, UndoScheduledChange(scheduled_id=told.scheduled_id))

    assert told.books.items == ()
    assert told.books.next.expected.lines == ()


def test_what_is_taken_back_cannot_be_taken_back_again() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=package))
    scheduled = told.scheduled_id
    told.tell(MORNING, UndoScheduledChange(scheduled_id=scheduled))

    refusal = refused(told.now("2026-06-21T09:00"), UndoScheduledChange(scheduled_id=scheduled))

    assert (type(refusal), refusal.field) == (NotFound, "scheduledId")


@pytest.mark.parametrize("when", ["2026-06-25T00:00", "2026-06-28T09:00"])
def test_what_has_taken_effect_cannot_be_undone(when: str) -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic", effective=on("2026-06-25")))

    refusal = refused(told.now(when), UndoScheduledChange(scheduled_id=told.scheduled_id))

    assert (type(refusal), refusal.field) == (DateOutOfRange, "scheduledId")


def test_up_to_the_last_instant_before_its_day_it_can_be_undone() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic", effective=on("2026-06-25")))
    told.tell("2026-06-24T23:59:59.999999", UndoScheduledChange(scheduled_id=told.scheduled_id))

    told.books = told.now("2026-06-25T00:00")
    assert told.package.plan.code == "pro"


def test_an_unknown_one_is_not_found() -> None:
    told, _ = with_pro()

    refusal = refused(told.now(MORNING), UndoScheduledChange(scheduled_id="sch_none"))

    assert (type(refusal), refusal.field, refusal.params) == (NotFound, "scheduledId", {"id": "sch_none"})


def test_every_refusal_it_declares_is_tried_above() -> None:
    assert set(UndoScheduledChange.refusals) - BESIDE == {NotFound, DateOutOfRange}
