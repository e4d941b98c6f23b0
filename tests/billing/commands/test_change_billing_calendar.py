"""changeBillingCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.commands import AddPackage, ChangeBillingCalendar, CloseAccount, CutPeriod, Right
from gateway.billing.dates import Calendar, Period
from gateway.billing.era import Era
from gateway.billing.errors import InvalidInput
from gateway.billing.facts import Closed
from tests.billing.given import Told, account, on, refused, rows

MORNING = "2026-06-20T09:00"
ISTANBUL, NEW_YORK = "Europe/Istanbul", "America/New_York"
JULY = date(2026, 7, 1)


def with_pro() -> Told:
    return account().tell("2026-06-01T09:00", AddPackage(plan="pro"))


def test_the_fact_names_the_whole_calendar_and_the_running_period_stays_as_it_is() -> None:
    books = with_pro().now(MORNING)
    after = ChangeBillingCalendar(anchor_day=15)(books)

    assert after.added == (CalendarChanged(revision=3, at=books.now, zone=ISTANBUL, anchor=15),)
    assert after.subject == "acc_1"
    assert (after.period, after.calendar) == (books.period, books.calendar)
    assert after.current.expected == books.current.expected
    assert after.upcoming == Era(ISTANBUL, 15, JULY, datetime(2026, 6, 30, 21, tzinfo=UTC))


def test_the_next_forecast_is_the_stub_charged_against_the_month_that_ends_at_the_new_anchor() -> None:
    after = ChangeBillingCalendar(anchor_day=15)(with_pro().now(MORNING))

    assert after.next.period == Period(JULY, date(2026, 7, 15))
    assert rows(after.next.expected) == [("pro", "2026-07-01 to 2026-07-14", "249.00 × 14/30", "116.20")]
    assert after.current.cut_off_at == datetime(2026, 6, 30, 21, tzinfo=UTC)
    assert after.next.cut_off_at == datetime(2026, 7, 14, 21, tzinfo=UTC)


def test_the_cut_off_after_a_change_of_zone_is_a_midnight_of_the_new_one() -> None:
    after = ChangeBillingCalendar(time_zone=NEW_YORK)(with_pro().now(MORNING))

    assert after.current.cut_off_at == datetime(2026, 6, 30, 21, tzinfo=UTC)
    assert after.next.cut_off_at == datetime(2026, 8, 1, 4, tzinfo=UTC)


def test_the_preview_says_from_when_it_acts_and_which_days_the_stub_has() -> None:
    preview = with_pro().preview(MORNING, ChangeBillingCalendar(anchor_day=15))

    assert (preview.effective_on, preview.difference.minor) == (JULY, 0)
    assert [(each.code, each.params) for each in preview.warnings] == [
        ("CALENDAR_CHANGES", {"on": "2026-07-01"}),
        ("STUB_PERIOD", {"first": "2026-07-01", "last": "2026-07-14", "days": 14, "whole": 30}),
    ]


def test_another_zone_alone_makes_no_stub() -> None:
    preview = with_pro().preview(MORNING, ChangeBillingCalendar(time_zone=NEW_YORK))

    assert [each.code for each in preview.warnings] == ["CALENDAR_CHANGES"]


def test_what_is_left_out_stays_as_it_would_be_by_then() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(anchor_day=15))
    after = ChangeBillingCalendar(time_zone=NEW_YORK)(told.now("2026-06-21T09:00"))

    assert after.upcoming == Era(NEW_YORK, 15, JULY, datetime(2026, 6, 30, 21, tzinfo=UTC))


def test_asking_for_the_calendar_in_force_takes_a_change_back() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(anchor_day=15))
    after = ChangeBillingCalendar(anchor_day=1)(told.now("2026-06-21T09:00"))

    assert after.upcoming is None
    assert after.effective_on == date(2026, 6, 21)
    assert [(each.code, each.params) for each in after.warnings] == [("CALENDAR_KEPT", {"on": "2026-07-01"})]
    assert rows(after.next.expected) == [("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00")]


@pytest.mark.parametrize("same", [{"anchor_day": 1}, {"time_zone": ISTANBUL}, {"time_zone": ISTANBUL, "anchor_day": 1}])
def test_the_calendar_it_has_is_no_change_and_says_so(same: dict[str, Any]) -> None:
    after = ChangeBillingCalendar(**same)(with_pro().now(MORNING))

    assert [each.code for each in after.warnings] == ["NO_CHANGE"]
    assert after.upcoming is None
    assert rows(after.next.expected) == [("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, None),
        ({"time_zone": "Mars/Olympus"}, "timeZone"),
        ({"time_zone": ""}, "timeZone"),
        ({"time_zone": "../etc/passwd"}, "timeZone"),
        ({"anchor_day": 0}, "anchorDay"),
        ({"anchor_day": 32}, "anchorDay"),
        ({"anchor_day": -1}, "anchorDay"),
    ],
)
def test_what_is_no_calendar_is_refused(asked: dict[str, Any], field: str | None) -> None:
    refusal = refused(with_pro().now(MORNING), ChangeBillingCalendar(**asked))

    assert (type(refusal), refusal.field) == (InvalidInput, field)


def test_it_takes_an_operator() -> None:
    """Each stub is a billing period with discounts and included sessions of its own: whoever pays must not make them."""
    assert ChangeBillingCalendar.right is Right.OPERATE


def test_a_cut_brings_the_new_calendar_into_force_and_the_document_keeps_the_old_zone() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(time_zone=NEW_YORK, anchor_day=15))
    _, draft = told.cut()

    assert (told.books.account.zone, told.books.account.anchor) == (NEW_YORK, 15)
    assert (told.books.opening.calendar, told.books.opening.since) == (Calendar(NEW_YORK, 15), datetime(2026, 6, 30, 21, tzinfo=UTC))
    assert told.books.opening.standing.calendar is None
    assert told.books.facts == ()
    assert draft is not None and b'"zone":"Europe/Istanbul"' in draft.document
    _, draft = told.cut()
    assert draft is not None and b'"zone":"America/New_York"' in draft.document
    assert (told.books.opening.calendar, told.books.opening.since) == (Calendar(NEW_YORK, 15), None)


def test_between_the_cut_off_and_the_cut_the_new_calendar_is_in_force_already() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(time_zone=NEW_YORK, anchor_day=15))
    uncut = told.now("2026-07-01T00:00")
    told.cut("2026-07-01T00:00")

    assert (uncut.calendar.zone, uncut.calendar.anchor, uncut.today) == (NEW_YORK, 15, JULY)
    assert uncut.period == told.books.period == Period(JULY, date(2026, 7, 15))
    assert uncut.current.expected == told.books.current.expected
    assert uncut.upcoming is None


def test_a_change_in_the_new_period_is_carried_over_a_late_cut_of_the_old_one() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(anchor_day=15))
    told.tell("2026-07-02T09:00", ChangeBillingCalendar(anchor_day=20))
    before = told.books.upcoming
    told.cut("2026-07-03T09:00")

    assert before == told.books.upcoming
    assert before is not None and (before.on, before.anchor) == (date(2026, 7, 15), 20)
    assert told.books.next.period == Period(date(2026, 7, 15), date(2026, 7, 20))


def test_a_scheduled_change_acts_as_its_date_begins_in_the_calendar_in_force_on_it() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-01")))
    told.tell("2026-06-10T10:00", AddPackage(plan="basic", effective=on("2026-07-02")))
    told.tell(MORNING, ChangeBillingCalendar(time_zone=NEW_YORK))

    (pro,), (basic,) = told.books.steps.values()
    assert pro.at == datetime(2026, 6, 30, 21, tzinfo=UTC)  # with the period, as it begins
    assert basic.at == datetime(2026, 7, 2, 4, tzinfo=UTC)  # midnight in New York
    told.cut()
    assert [step.at for (step,) in told.books.steps.values()] == [pro.at, basic.at]


def test_closing_drops_a_change_that_waits_and_leaves_nothing_to_cut_after_the_last_invoice() -> None:
    told = with_pro().tell(MORNING, ChangeBillingCalendar(time_zone="Pacific/Auckland", anchor_day=15))
    books = told.now("2026-06-21T09:00")
    after = CloseAccount()(books)

    assert after.added[-2:] == (
        CalendarChanged(revision=4, at=books.now, zone=ISTANBUL, anchor=1),
        Closed(revision=4, at=books.now),
    )
    closed = after.committed()
    assert closed.next_cut_off == books.now
    cut = CutPeriod(start=date(2026, 6, 1))(closed).committed()
    assert (cut.next_cut_off, cut.today, cut.account.zone) == (None, date(2026, 6, 21), ISTANBUL)


def test_periods_that_are_cut_late_keep_what_was_scheduled_for_the_seam_between_them() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-01")))
    told.tell(MORNING, ChangeBillingCalendar(time_zone=NEW_YORK))
    told.tell("2026-07-20T09:00", ChangeBillingCalendar(time_zone="Pacific/Auckland"))

    june, _ = told.cut("2026-08-02T00:00Z")  # two cut-offs later: in Auckland, where 1 July had begun before Istanbul's midnight
    july, _ = told.cut("2026-08-02T00:01Z")

    assert rows(june) == []
    assert rows(july) == [("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00")]
