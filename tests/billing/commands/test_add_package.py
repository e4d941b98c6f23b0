"""addPackage."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.commands import AddPackage, CancelPackage
from gateway.billing.effective import Effective
from gateway.billing.errors import DateOutOfRange, InvalidInput, LimitReached, NotFound, PlanNotAvailable, Refusal
from gateway.billing.item import Status
from gateway.billing.timeline import Change, Scheduled, State
from tests.billing.given import AT_RENEWAL, BESIDE, MONTH, NOW, YEAR, account, on, refused, rows

MORNING = "2026-06-10T09:00"


def test_it_is_active_and_billed_from_its_first_day() -> None:
    told = account().tell(MORNING, AddPackage(plan="pro", representatives=7))

    package = told.package
    assert (package.status, package.representatives, package.period) == (Status.ACTIVE, 7, MONTH)
    assert (package.started_on, package.renews_on, package.ends_on) == (date(2026, 6, 10), date(2026, 7, 1), None)
    assert rows(told.books.current.expected) == [
        ("pro", "2026-06-10 to 2026-06-30", "249.00 × 21/30", "174.30"),
        ("pro +2", "2026-06-10 to 2026-06-30", "49.00 × 42/30", "68.60"),
    ]


def test_it_adds_one_change_at_this_instant_and_is_about_the_new_item() -> None:
    books = account().now(MORNING)
    after = AddPackage(plan="pro", interval=YEAR)(books)

    (change,) = after.added
    assert change == Change(revision=2, item=str(after.subject), at=books.now, state=State("pro", 5, YEAR))
    assert str(after.subject).startswith("pkg_")


def test_representatives_left_out_are_those_included() -> None:
    told = account().tell(MORNING, AddPackage(plan="pro"))

    assert told.package.representatives == 5
    assert [line.part for line in told.books.current.expected.lines] == ["base"]


def test_the_same_plan_can_be_had_twice_as_two_packages() -> None:
    told = account().tell(MORNING, AddPackage(plan="solo")).tell("2026-06-10T09:01", AddPackage(plan="solo"))

    one, other = told.books.packages
    assert one.id != other.id and one.plan is other.plan
    assert told.books.current.expected.due.minor == 2 * 2800  # 40.00 × 21/30, twice


def test_from_a_day_on_it_is_scheduled_until_then_and_bills_nothing_before() -> None:
    told = account().tell(MORNING, AddPackage(plan="pro", effective=on("2026-06-21")))

    package = told.package
    assert (package.status, package.started_on, package.renews_on) == (Status.SCHEDULED, date(2026, 6, 21), None)
    assert told.books.current.so_far.lines == ()
    assert rows(told.books.current.expected) == [("pro", "2026-06-21 to 2026-06-30", "249.00 × 10/30", "83.00")]
    told.books = told.now("2026-06-21T00:00")
    assert told.package.status is Status.ACTIVE
    assert told.books.scheduled == ()


@pytest.mark.parametrize("effective", [None, NOW, on("2026-06-10")])
def test_now_and_today_are_the_same(effective: Effective | None) -> None:
    after = AddPackage(plan="pro", effective=effective)(account().now(MORNING))

    assert [type(fact) for fact in after.added] == [Change]


def test_what_is_on_sale_only_later_can_be_had_from_then_on() -> None:
    told = account().tell(MORNING, AddPackage(plan="coming", effective=on("2026-09-01")))

    (scheduled,) = told.books.scheduled
    assert scheduled == Scheduled(
        revision=2, id=scheduled.id, item=told.package.id, on=date(2026, 9, 1), plan="coming", quantity=1, interval=MONTH
    )


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (AddPackage(plan="none"), NotFound, "plan"),
        (AddPackage(plan="whatsapp"), NotFound, "plan"),  # an add-on
        (AddPackage(plan="sessions_100"), NotFound, "plan"),
        (AddPackage(plan="foreign"), PlanNotAvailable, "plan"),  # no price in TRY
        (AddPackage(plan="solo", interval=MONTH.__class__("QUARTER")), PlanNotAvailable, "plan"),
        (AddPackage(plan="coming"), PlanNotAvailable, "plan"),
        (AddPackage(plan="retired", effective=on("2026-06-15")), PlanNotAvailable, "plan"),
        (AddPackage(plan="pro", representatives=0), InvalidInput, "representatives"),
        (AddPackage(plan="pro", representatives=-1), InvalidInput, "representatives"),
        (AddPackage(plan="pro", representatives=51), LimitReached, "representatives"),
        (AddPackage(plan="solo", representatives=2), LimitReached, "representatives"),
        (AddPackage(plan="pro", effective=on("2026-06-09")), DateOutOfRange, "effective"),
        (AddPackage(plan="pro", effective=on("2028-06-11")), DateOutOfRange, "effective"),  # 732 days
        (AddPackage(plan="pro", effective=AT_RENEWAL), InvalidInput, "effective"),
    ],
)
def test_it_refuses(command: AddPackage, kind: type[Refusal], field: str) -> None:
    refusal = refused(account().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_every_refusal_it_declares_is_tried_above() -> None:
    assert set(AddPackage.refusals) - BESIDE == {NotFound, InvalidInput, DateOutOfRange, PlanNotAvailable, LimitReached}


def test_the_most_representatives_allowed_are_allowed_and_so_is_the_farthest_day() -> None:
    told = account().tell(MORNING, AddPackage(plan="pro", representatives=50, effective=on("2028-06-10")))

    assert told.package.representatives == 50


def test_a_retired_plan_is_on_sale_until_the_day_before() -> None:
    assert account().tell("2026-06-14T23:59", AddPackage(plan="retired")).package.status is Status.ACTIVE
    assert type(refused(account().now("2026-06-15T00:00"), AddPackage(plan="retired"))) is PlanNotAvailable


def test_the_same_package_anew_on_the_day_it_was_cancelled_warns_that_two_bill_the_day() -> None:
    told = account().tell(MORNING, AddPackage(plan="pro"))
    told.tell("2026-06-20T09:00", CancelPackage(package_id=told.package.id, effective=NOW))

    preview = told.preview("2026-06-20T10:00", AddPackage(plan="pro"))

    (warning,) = preview.warnings
    assert (warning.code, warning.params) == ("BILLED_TWICE_TODAY", {"plan": "pro"})
    assert rows(preview.after.expected) == [
        ("pro", "2026-06-10 to 2026-06-20", "249.00 × 11/30", "91.30"),
        ("pro", "2026-06-20 to 2026-06-30", "249.00 × 11/30", "91.30"),
    ]


@pytest.mark.parametrize(("when", "plan"), [("2026-06-21T00:00", "pro"), ("2026-06-20T10:00", "basic")])
def test_a_day_later_or_another_plan_warns_of_nothing(when: str, plan: str) -> None:
    told = account().tell(MORNING, AddPackage(plan="pro"))
    told.tell("2026-06-20T09:00", CancelPackage(package_id=told.package.id, effective=NOW))

    assert told.preview(when, AddPackage(plan=plan)).warnings == ()
