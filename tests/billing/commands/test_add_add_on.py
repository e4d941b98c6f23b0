"""addAddOn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddAddOn, RemoveAddOn
from gateway.billing.errors import (
    AlreadyActive,
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotFound,
    PlanNotAvailable,
    Refusal,
    ScheduledConflict,
)
from gateway.billing.item import Item, Status
from gateway.billing.timeline import Change, Fate, Scheduled, State, Unscheduled
from tests.billing.given import AT_RENEWAL, LIMITS, MONTH, NOW, QUARTER, YEAR, Told, account, on, refused, rows

MORNING = "2026-06-20T09:00"


def with_whatsapp() -> Told:
    return account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp"))


def add_on(told: Told) -> Item:
    (only,) = told.books.add_ons
    return only


def test_it_is_active_and_billed_by_the_month_from_its_first_day() -> None:
    told = with_whatsapp()

    assert (add_on(told).status, add_on(told).period, add_on(told).representatives) == (Status.ACTIVE, MONTH, 1)
    assert add_on(told).id.startswith("add_")
    assert told.books.packages == ()
    assert rows(told.books.current.expected) == [("whatsapp", "2026-06-10 to 2026-06-30", "50.00 × 21/30", "35.00")]


def test_it_can_be_priced_by_the_year() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", interval=YEAR))

    assert rows(told.books.current.expected) == [("whatsapp", "2026-06-10 to 2026-06-30", "500.00 × 21/365", "28.77")]


def test_twice_is_refused_as_it_is_active_already() -> None:
    for interval in (None, MONTH, YEAR):
        refusal = refused(with_whatsapp().now(MORNING), AddAddOn(plan="whatsapp", interval=interval))

        assert (type(refusal), refusal.field) == (AlreadyActive, "plan")


def test_of_one_about_to_end_the_end_is_undone_and_nothing_else() -> None:
    told = with_whatsapp().tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp"))
    pending = told.scheduled_id

    after = AddAddOn(plan="whatsapp")(told.now(MORNING))

    assert after.added == (Unscheduled(revision=4, id=pending, fate=Fate.UNDONE),)
    assert after.subject == add_on(told).id


def test_one_about_to_end_cannot_be_taken_by_another_interval() -> None:
    told = with_whatsapp().tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp"))

    assert type(refused(told.now(MORNING), AddAddOn(plan="whatsapp", interval=YEAR))) is AlreadyActive


def test_taken_again_it_is_the_same_item_and_a_day_that_saw_both_bills_once() -> None:
    told = with_whatsapp()
    item = add_on(told).id
    told.tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    told.tell("2026-06-15T18:00", AddAddOn(plan="whatsapp"))

    assert (add_on(told).id, add_on(told).status) == (item, Status.ACTIVE)
    assert told.books.current.expected.due.minor == 3500  # 50.00 × 21/30, as if nothing had happened


def test_taken_again_it_keeps_its_interval_unless_another_is_named() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", interval=YEAR))
    told.tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    books = told.now(MORNING)

    for interval, expected in ((None, YEAR), (MONTH, MONTH)):
        assert AddAddOn(plan="whatsapp", interval=interval)(books).added == (
            Change(revision=4, item=add_on(told).id, at=books.now, state=State("whatsapp", 1, expected)),
        )


def test_from_a_day_on_it_is_scheduled() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", effective=on("2026-06-21")))

    assert (add_on(told).status, add_on(told).started_on) == (Status.SCHEDULED, date(2026, 6, 21))
    (scheduled,) = told.books.scheduled
    assert scheduled == Scheduled(
        revision=2, id=scheduled.id, item=add_on(told).id, on=date(2026, 6, 21), plan="whatsapp", quantity=1, interval=MONTH
    )
    assert rows(told.books.current.expected) == [("whatsapp", "2026-06-21 to 2026-06-30", "50.00 × 10/30", "16.67")]


def test_a_scheduled_start_is_dropped_with_a_warning_when_it_begins_now() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", effective=on("2026-06-21")))
    item, pending = add_on(told).id, told.scheduled_id

    after = AddAddOn(plan="whatsapp")(told.now(MORNING))

    assert after.added[1] == Unscheduled(revision=3, id=pending, fate=Fate.DROPPED)
    assert [warning.code for warning in after.warnings] == ["SCHEDULED_DROPPED"]
    assert [each.id for each in after.add_ons] == [item]


def test_a_start_scheduled_at_another_interval_is_not_left_to_undo_the_one_that_begins_now() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", effective=on("2026-06-21")))
    pending = told.scheduled_id
    command = AddAddOn(plan="whatsapp", interval=YEAR)

    refusal = refused(told.now("2026-06-11T09:00"), command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("replaceScheduled", pending)

    told.tell("2026-06-11T09:00", replace(command, replace_scheduled=True))
    assert (told.books.scheduled, add_on(told).period) == ((), YEAR)


def test_a_second_scheduled_start_needs_to_be_told_to_replace_the_first() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", effective=on("2026-06-21")))
    pending = told.scheduled_id
    command = AddAddOn(plan="whatsapp", effective=on("2026-06-25"))

    refusal = refused(told.now("2026-06-11T09:00"), command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("replaceScheduled", pending)

    told.tell("2026-06-11T09:00", replace(command, replace_scheduled=True))
    assert [change.on for change in told.books.scheduled] == [date(2026, 6, 25)]
    assert len(told.books.add_ons) == 1


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (AddAddOn(plan="none"), NotFound, "plan"),
        (AddAddOn(plan="pro"), NotFound, "plan"),  # a package
        (AddAddOn(plan="archive"), PlanNotAvailable, "plan"),  # retired on the 15th
        (AddAddOn(plan="whatsapp", interval=QUARTER), PlanNotAvailable, "plan"),
        (AddAddOn(plan="whatsapp", effective=on("2026-06-19")), DateOutOfRange, "effective"),
        (AddAddOn(plan="whatsapp", effective=on("2028-06-21")), DateOutOfRange, "effective"),
        (AddAddOn(plan="whatsapp", effective=AT_RENEWAL), InvalidInput, "effective"),
    ],
)
def test_it_refuses(command: AddAddOn, kind: type[Refusal], field: str) -> None:
    refusal = refused(account().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_a_retired_add_on_can_be_kept_but_not_taken_again() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="archive"))
    assert told.books.next.expected.due.minor == 1500

    told.tell(MORNING, RemoveAddOn(plan="archive", effective=NOW))
    assert type(refused(told.now("2026-06-21T09:00"), AddAddOn(plan="archive"))) is PlanNotAvailable


def test_it_declares_the_refusals_tried_above_and_the_limit_of_a_plan() -> None:
    assert set(AddAddOn.refusals) - LIMITS == {
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        AlreadyActive,
        ScheduledConflict,
    }
