"""cancelPackage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage
from gateway.billing.errors import DateOutOfRange, InvalidInput, NotActive, NotFound, Refusal, ScheduledConflict
from gateway.billing.item import Status
from gateway.billing.timeline import Change, Fate, Scheduled, Unscheduled
from tests.billing.given import AT_RENEWAL, LIMITS, NOW, YEAR, Told, account, on, refused, rows

MORNING = "2026-06-20T09:00"


def with_pro() -> tuple[Told, str]:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    return told, told.package.id


def test_now_the_day_is_billed_and_no_day_after_it() -> None:
    told, package = with_pro()
    told.tell(MORNING, CancelPackage(package_id=package, effective=NOW))

    assert (told.package.status, told.package.ends_on, told.package.renews_on) == (Status.ENDED, date(2026, 6, 20), None)
    assert rows(told.books.current.expected) == [("pro", "2026-06-10 to 2026-06-20", "249.00 × 11/30", "91.30")]
    assert told.books.next.expected.lines == ()


@pytest.mark.parametrize("effective", [None, AT_RENEWAL])
def test_at_renewal_it_goes_on_to_the_end_of_the_term(effective: None) -> None:
    told, package = with_pro()
    told.tell(MORNING, CancelPackage(package_id=package, effective=effective))

    assert (told.package.status, told.package.ends_on, told.package.renews_on) == (Status.ENDING, date(2026, 7, 1), None)
    assert rows(told.books.current.expected) == [("pro", "2026-06-10 to 2026-06-30", "249.00 × 21/30", "174.30")]
    assert told.books.next.expected.lines == ()
    told.cut()
    told.books = told.now("2026-07-01T02:00")
    assert (told.package.status, told.package.ends_on) == (Status.ENDED, date(2026, 7, 1))
    assert told.books.current.expected.lines == ()


def test_of_a_yearly_package_the_end_is_resolved_to_the_end_of_its_year() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", interval=YEAR))
    cancel = CancelPackage(package_id=told.package.id)
    preview = told.preview(MORNING, cancel)
    told.tell(MORNING, cancel)

    assert told.package.ends_on == date(2027, 6, 1)
    assert [warning.code for warning in preview.warnings] == ["FAR_AHEAD"]


def test_on_a_day_to_come_the_day_before_is_the_last_that_bills() -> None:
    told, package = with_pro()
    told.tell(MORNING, CancelPackage(package_id=package, effective=on("2026-06-25")))

    assert told.package.ends_on == date(2026, 6, 25)
    assert rows(told.books.current.expected) == [("pro", "2026-06-10 to 2026-06-24", "249.00 × 15/30", "124.50")]


def test_a_pending_end_is_dropped_with_a_warning_by_an_end_now() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=package))
    pending = told.scheduled_id
    books = told.now(MORNING)

    after = CancelPackage(package_id=package, effective=NOW)(books)

    assert after.added == (
        Change(revision=4, item=package, at=books.now, state=None),
        Unscheduled(revision=4, id=pending, fate=Fate.DROPPED),
    )
    assert [warning.code for warning in after.warnings] == ["SCHEDULED_DROPPED"]


def test_a_second_pending_end_needs_to_be_told_to_replace_the_first() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=package))
    pending = told.scheduled_id
    command = CancelPackage(package_id=package, effective=on("2026-06-25"))

    refusal = refused(told.now(MORNING), command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("replaceScheduled", pending)

    gone, come = replace(command, replace_scheduled=True)(told.now(MORNING)).added
    assert gone == Unscheduled(revision=4, id=pending, fate=Fate.REPLACED)
    assert isinstance(come, Scheduled) and come.ends and come.on == date(2026, 6, 25)


def test_a_scheduled_change_is_not_lost_by_an_end_now_unless_it_is_named() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic"))
    scheduled = told.scheduled_id
    command = CancelPackage(package_id=package, effective=NOW)

    refusal = refused(told.now(MORNING), command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("dropScheduled", scheduled)

    told.tell(MORNING, replace(command, drop_scheduled=(scheduled,)))
    assert told.books.scheduled == ()
    assert told.package.status is Status.ENDED


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (CancelPackage(package_id="pkg_other"), NotFound, "packageId"),
        (CancelPackage(package_id="", effective=NOW, drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
        (CancelPackage(package_id="", drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
        (CancelPackage(package_id="", effective=on("2026-06-19")), DateOutOfRange, "effective"),
        (CancelPackage(package_id="", effective=on("2028-06-21")), DateOutOfRange, "effective"),
    ],
)
def test_it_refuses(command: CancelPackage, kind: type[Refusal], field: str) -> None:
    told, package = with_pro()

    refusal = refused(told.now(MORNING), command if command.package_id else replace(command, package_id=package))

    assert (type(refusal), refusal.field) == (kind, field)


def test_what_has_ended_cannot_be_cancelled_again() -> None:
    told, package = with_pro()
    told.tell("2026-06-12T09:00", CancelPackage(package_id=package, effective=NOW))

    refusal = refused(told.now(MORNING), CancelPackage(package_id=package))

    assert (type(refusal), refusal.field, refusal.params) == (NotActive, "packageId", {"on": "2026-06-12"})


def test_what_has_not_begun_is_undone_instead() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))

    assert type(refused(told.now(MORNING), CancelPackage(package_id=told.package.id))) is NotActive


def test_it_declares_the_refusals_tried_above_and_that_of_a_useless_date() -> None:
    assert set(CancelPackage.refusals) - LIMITS == {NotFound, DateOutOfRange, NotActive, ScheduledConflict, InvalidInput}
