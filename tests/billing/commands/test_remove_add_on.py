"""removeAddOn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.commands import AddAddOn, RemoveAddOn
from gateway.billing.errors import DateOutOfRange, InvalidInput, NotActive, NotFound, Refusal, ScheduledConflict
from gateway.billing.item import Status
from gateway.billing.timeline import Change, Fate, Unscheduled
from tests.billing.given import LIMITS, NOW, YEAR, Told, account, on, refused, rows

MORNING = "2026-06-20T09:00"


def with_whatsapp() -> Told:
    return account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp"))


def test_left_out_it_ends_at_renewal() -> None:
    told = with_whatsapp().tell(MORNING, RemoveAddOn(plan="whatsapp"))

    (add_on,) = told.books.add_ons
    assert (add_on.status, add_on.ends_on, add_on.renews_on) == (Status.ENDING, date(2026, 7, 1), None)
    assert told.books.current.expected.due.minor == 3500
    assert told.books.next.expected.lines == ()


def test_now_the_day_is_billed_and_no_day_after_it() -> None:
    told = with_whatsapp().tell(MORNING, RemoveAddOn(plan="whatsapp", effective=NOW))

    (add_on,) = told.books.add_ons
    assert (add_on.status, add_on.ends_on) == (Status.ENDED, date(2026, 6, 20))
    assert rows(told.books.current.expected) == [("whatsapp", "2026-06-10 to 2026-06-20", "50.00 × 11/30", "18.33")]


def test_of_a_yearly_one_the_wait_is_warned_of() -> None:
    told = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", interval=YEAR))

    preview = told.preview(MORNING, RemoveAddOn(plan="whatsapp"))

    assert preview.effective_on == date(2027, 6, 1)
    assert [warning.code for warning in preview.warnings] == ["FAR_AHEAD"]


def test_a_second_pending_end_conflicts_is_replaced_when_asked_and_dropped_by_an_end_now() -> None:
    told = with_whatsapp().tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp"))
    pending, (add_on,) = told.scheduled_id, told.books.add_ons
    command = RemoveAddOn(plan="whatsapp", effective=on("2026-06-25"))
    books = told.now(MORNING)

    refusal = refused(books, command)
    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("replaceScheduled", pending)

    assert replace(command, replace_scheduled=True)(books).added[0] == Unscheduled(revision=4, id=pending, fate=Fate.REPLACED)

    after = RemoveAddOn(plan="whatsapp", effective=NOW)(books)
    assert after.added == (
        Change(revision=4, item=add_on.id, at=books.now, state=None),
        Unscheduled(revision=4, id=pending, fate=Fate.DROPPED),
    )


def test_a_scheduled_end_may_be_named_to_fall_with_an_end_now() -> None:
    told = with_whatsapp().tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp"))

    after = RemoveAddOn(plan="whatsapp", effective=NOW, drop_scheduled=(told.scheduled_id,))(told.now(MORNING))

    assert after.warnings == ()
    assert after.scheduled == ()


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (RemoveAddOn(plan="none"), NotFound, "plan"),
        (RemoveAddOn(plan="pro"), NotFound, "plan"),
        (RemoveAddOn(plan="archive"), NotFound, "plan"),  # never had
        (RemoveAddOn(plan="whatsapp", effective=on("2026-06-19")), DateOutOfRange, "effective"),
        (RemoveAddOn(plan="whatsapp", effective=on("2028-06-21")), DateOutOfRange, "effective"),
        (RemoveAddOn(plan="whatsapp", effective=NOW, drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
        (RemoveAddOn(plan="whatsapp", drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
    ],
)
def test_it_refuses(command: RemoveAddOn, kind: type[Refusal], field: str) -> None:
    refusal = refused(with_whatsapp().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_what_has_ended_or_not_begun_is_not_active() -> None:
    ended = with_whatsapp().tell("2026-06-15T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    to_begin = account().tell("2026-06-10T09:00", AddAddOn(plan="whatsapp", effective=on("2026-07-01")))

    for told in (ended, to_begin):
        refusal = refused(told.now(MORNING), RemoveAddOn(plan="whatsapp"))
        assert (type(refusal), refusal.field) == (NotActive, "plan")


def test_it_declares_the_refusals_tried_above_and_that_of_a_useless_date() -> None:
    assert set(RemoveAddOn.refusals) - LIMITS == {NotFound, DateOutOfRange, NotActive, ScheduledConflict, InvalidInput}
