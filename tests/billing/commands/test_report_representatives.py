"""reportRepresentatives."""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, ReportRepresentatives, Right
from gateway.billing.errors import DateOutOfRange, InvalidInput, LimitReached, NotFound, Refusal, ScheduledConflict
from tests.billing.given import NOW, Told, account, local, on, refused

MORNING = "2026-06-20T09:00"


def with_pro(representatives: int = 8) -> tuple[Told, str]:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", representatives=representatives))
    return told, told.package.id


def test_a_count_shows_on_its_package_and_moves_no_bill() -> None:
    told, package = with_pro()
    before = told.now(MORNING).current.expected

    told.tell(MORNING, ReportRepresentatives(package_id=package, in_use=7))

    assert told.package.representatives_in_use == 7
    assert told.books.current.expected == before


def test_before_anything_was_counted_nothing_is_known() -> None:
    told, _ = with_pro()

    assert told.package.representatives_in_use is None


def test_the_newest_count_stands_in_whichever_order_they_come() -> None:
    told, package = with_pro()
    told.tell(MORNING, ReportRepresentatives(package_id=package, in_use=7))
    late = ReportRepresentatives(package_id=package, in_use=3, counted_at=local("2026-06-20T08:00", told.zone))

    (warning,) = told.preview("2026-06-20T10:00", late).warnings
    told.tell("2026-06-20T10:00", late)

    assert warning.code == "COUNT_OUTDATED"
    assert told.package.representatives_in_use == 7


def test_a_count_outlives_the_cut_of_a_period() -> None:
    told, package = with_pro()
    told.tell(MORNING, ReportRepresentatives(package_id=package, in_use=7))
    told.cut()

    assert told.package.representatives_in_use == 7
    refusal = refused(told.now("2026-07-10T09:00"), ChangePackage(package_id=package, representatives=6))
    assert type(refusal) is LimitReached


@pytest.mark.parametrize("effective", [None, NOW, on("2026-08-01")])
def test_a_package_cannot_go_below_what_is_in_use_and_the_refusal_says_how_many_are(effective: object) -> None:
    told, package = with_pro()
    told.tell(MORNING, ReportRepresentatives(package_id=package, in_use=7))
    fewer = ChangePackage(package_id=package, representatives=6, effective=effective)  # type: ignore[arg-type]

    refusal = refused(told.now("2026-06-21T09:00"), fewer)

    assert (type(refusal), refusal.field) == (LimitReached, "representatives")
    assert str(refusal) == "7 representatives are in use; free some before going down to 6."


def test_as_many_as_are_in_use_can_be_kept_and_more_can_be_had_though_that_is_not_enough_yet() -> None:
    told, package = with_pro()
    told.tell(MORNING, ReportRepresentatives(package_id=package, in_use=7))
    assert told.preview("2026-06-21T09:00", ChangePackage(package_id=package, representatives=7)).warnings == ()

    told.tell("2026-06-21T10:00", ReportRepresentatives(package_id=package, in_use=12))
    told.tell("2026-06-21T11:00", ChangePackage(package_id=package, representatives=10))

    assert told.package.representatives == 10


def test_more_than_the_package_has_is_noted_with_a_warning() -> None:
    told, package = with_pro()

    (warning,) = told.preview(MORNING, ReportRepresentatives(package_id=package, in_use=9)).warnings

    assert (warning.code, warning.params) == ("MORE_IN_USE", {"in_use": 9, "representatives": 8})


def test_a_count_above_a_scheduled_decrease_warns_and_the_decrease_acts_on_its_day() -> None:
    told, package = with_pro()
    told.tell(MORNING, ChangePackage(package_id=package, representatives=6))  # fewer: from July on
    report = ReportRepresentatives(package_id=package, in_use=7)

    (warning,) = told.preview("2026-06-21T09:00", report).warnings
    told.tell("2026-06-21T09:00", report)
    told.cut()

    assert (warning.code, warning.params) == ("SCHEDULED_BELOW_USE", {"on": "2026-07-01", "representatives": 6, "in_use": 7})
    assert (told.package.representatives, told.package.representatives_in_use) == (6, 7)


def test_a_scheduled_decrease_that_is_below_use_by_now_must_be_dropped_when_something_else_changes() -> None:
    told, package = with_pro()
    told.tell(MORNING, ChangePackage(package_id=package, representatives=6))
    told.tell("2026-06-21T09:00", ReportRepresentatives(package_id=package, in_use=7))
    more = ChangePackage(package_id=package, representatives=9)

    refusal = refused(told.now("2026-06-22T09:00"), more)
    assert type(refusal) is ScheduledConflict
    assert "7 representatives are in use" in str(refusal)

    dropping = ChangePackage(package_id=package, representatives=9, drop_scheduled=(told.scheduled_id,))
    told.tell("2026-06-22T09:00", dropping)
    assert (told.package.representatives, told.books.scheduled) == (9, ())


def test_an_ended_package_may_be_counted_without_a_warning() -> None:
    told, package = with_pro()
    told.tell(MORNING, CancelPackage(package_id=package, effective=NOW))

    assert told.preview("2026-06-21T09:00", ReportRepresentatives(package_id=package, in_use=9)).warnings == ()


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (ReportRepresentatives(package_id="pkg_none", in_use=1), NotFound, "packageId"),
        (ReportRepresentatives(package_id="", in_use=-1), InvalidInput, "inUse"),
        (
            ReportRepresentatives(package_id="", in_use=1, counted_at=local("2026-06-20T09:00:00.000001", "Europe/Istanbul")),
            DateOutOfRange,
            "countedAt",
        ),
    ],
)
def test_it_refuses(command: ReportRepresentatives, kind: type[Refusal], field: str) -> None:
    told, package = with_pro()
    asked = ReportRepresentatives(package_id=command.package_id or package, in_use=command.in_use, counted_at=command.counted_at)

    refusal = refused(told.now(MORNING), asked)

    assert (type(refusal), refusal.field) == (kind, field)


def test_it_is_the_products_to_report_not_the_owners() -> None:
    assert ReportRepresentatives.right is Right.REPORT
