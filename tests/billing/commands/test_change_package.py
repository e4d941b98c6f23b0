"""changePackage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage
from gateway.billing.errors import (
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotActive,
    NotFound,
    PlanNotAvailable,
    Refusal,
    ScheduledConflict,
)
from gateway.billing.timeline import Change, Scheduled, State
from tests.billing.given import (
    AT_RENEWAL,
    CATALOG,
    LIMITS,
    MONTH,
    NOW,
    QUARTER,
    YEAR,
    Told,
    account,
    catalog_of,
    offer,
    on,
    plan,
    refused,
    rows,
)

MORNING = "2026-06-20T09:00"


def with_pro(representatives: int | None = None, catalog: Catalog = CATALOG, name: str = "pro") -> tuple[Told, str]:
    told = account(catalog=catalog).tell("2026-06-10T09:00", AddPackage(plan=name, representatives=representatives))
    return told, told.package.id


# --- when it acts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "acts_on"),
    [
        (ChangePackage(package_id="", representatives=6), date(2026, 6, 20)),  # 298 a month: dearer
        (ChangePackage(package_id="", representatives=4), date(2026, 6, 20)),  # 249 as before: equal
        (ChangePackage(package_id="", plan="basic"), date(2026, 7, 1)),  # 99: cheaper
        (ChangePackage(package_id="", plan="basic", representatives=12), date(2026, 7, 1)),  # 99 + 7 × 20 = 239: cheaper
        (ChangePackage(package_id="", plan="basic", representatives=13), date(2026, 6, 20)),  # 99 + 8 × 20 = 259: dearer
        (ChangePackage(package_id="", interval=YEAR), date(2026, 7, 1)),  # 2490/365 a day against 249/30: cheaper
        (ChangePackage(package_id="", interval=QUARTER), date(2026, 7, 1)),  # 690/92 against 249/30: cheaper
        (ChangePackage(package_id="", plan="basic", effective=NOW), date(2026, 6, 20)),
        (ChangePackage(package_id="", representatives=6, effective=AT_RENEWAL), date(2026, 7, 1)),
        (ChangePackage(package_id="", representatives=6, effective=on("2026-06-25")), date(2026, 6, 25)),
    ],
)
def test_dearer_or_equal_acts_now_and_cheaper_at_renewal_unless_it_is_said_when(change: ChangePackage, acts_on: date) -> None:
    told, package = with_pro()

    assert told.preview(MORNING, replace(change, package_id=package)).effective_on == acts_on


def test_of_a_yearly_package_the_renewal_is_the_end_of_its_year_and_the_wait_is_warned_of() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", interval=YEAR))

    preview = told.preview(MORNING, ChangePackage(package_id=told.package.id, plan="basic"))

    assert preview.effective_on == date(2027, 6, 1)
    (warning,) = preview.warnings
    assert (warning.code, warning.params) == ("FAR_AHEAD", {"on": "2027-06-01", "days": 346})  # 365 days, less 19


@pytest.mark.parametrize(("day", "warned"), [("2026-07-21", 0), ("2026-07-22", 1)])
def test_a_wait_of_up_to_thirty_one_days_is_not_warned_of(day: str, warned: int) -> None:
    told, package = with_pro()

    assert len(told.preview(MORNING, ChangePackage(package_id=package, plan="basic", effective=on(day))).warnings) == warned


# --- what it does --------------------------------------------------------------------------------------------


def test_an_upgrade_bills_its_day_at_the_dearer_plan() -> None:
    told, package = with_pro(name="basic")
    told.tell(MORNING, ChangePackage(package_id=package, plan="pro"))

    assert (told.package.plan.code, told.package.representatives) == ("pro", 5)
    assert rows(told.books.current.expected) == [
        ("basic", "2026-06-10 to 2026-06-19", "99.00 × 10/30", "33.00"),
        ("pro", "2026-06-20 to 2026-06-30", "249.00 × 11/30", "91.30"),
    ]


def test_a_downgrade_now_leaves_its_day_to_the_dearer_plan() -> None:
    told, package = with_pro()
    told.tell(MORNING, ChangePackage(package_id=package, plan="basic", effective=NOW))

    assert rows(told.books.current.expected) == [
        ("pro", "2026-06-10 to 2026-06-20", "249.00 × 11/30", "91.30"),
        ("basic", "2026-06-21 to 2026-06-30", "99.00 × 10/30", "33.00"),
    ]


def test_now_it_adds_the_whole_new_state_and_is_about_the_package() -> None:
    told, package = with_pro(representatives=7)
    books = told.now(MORNING)

    after = ChangePackage(package_id=package, plan="basic", effective=NOW)(books)

    assert after.added == (Change(revision=3, item=package, at=books.now, state=State("basic", 7, MONTH)),)
    assert after.subject == package


def test_later_it_names_only_what_is_to_change() -> None:
    told, package = with_pro(representatives=7)

    (added,) = ChangePackage(package_id=package, plan="basic")(told.now(MORNING)).added

    assert isinstance(added, Scheduled)
    assert added == Scheduled(revision=3, id=added.id, item=package, on=date(2026, 7, 1), plan="basic")


def test_a_scheduled_change_is_shown_counts_in_the_forecast_and_acts_by_its_date() -> None:
    told, package = with_pro()
    told.tell(MORNING, ChangePackage(package_id=package, plan="basic", effective=on("2026-06-26")))

    assert [change.on for change in told.package.scheduled] == [date(2026, 6, 26)]
    assert told.package.plan.code == "pro"
    assert rows(told.books.current.expected) == [
        ("pro", "2026-06-10 to 2026-06-25", "249.00 × 16/30", "132.80"),
        ("basic", "2026-06-26 to 2026-06-30", "99.00 × 5/30", "16.50"),
    ]
    told.books = told.now("2026-06-26T00:00")
    assert told.package.plan.code == "basic"
    assert told.package.scheduled == ()


def test_what_changes_nothing_says_so_and_leaves_the_bill_as_it_is() -> None:
    told, package = with_pro(representatives=7)

    preview = told.preview(MORNING, ChangePackage(package_id=package, plan="pro", representatives=7))

    assert [warning.code for warning in preview.warnings] == ["NO_CHANGE"]
    assert preview.difference.minor == 0
    assert [row[1:] for row in rows(preview.after.expected)] == [row[1:] for row in rows(preview.before.expected)]


def test_a_retired_plan_can_be_kept_with_other_representatives() -> None:
    told, package = with_pro(representatives=1, name="retired")
    told.tell(MORNING, ChangePackage(package_id=package, representatives=5))

    assert (told.package.plan.code, told.package.representatives) == ("retired", 5)


# --- what it refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        (ChangePackage(package_id="pkg_other", plan="basic"), NotFound, "packageId"),
        (ChangePackage(package_id="", plan="none"), NotFound, "plan"),
        (ChangePackage(package_id="", plan="whatsapp"), NotFound, "plan"),
        (ChangePackage(package_id=""), InvalidInput, None),
        (ChangePackage(package_id="", representatives=0), InvalidInput, "representatives"),
        (ChangePackage(package_id="", representatives=51), LimitReached, "representatives"),
        (ChangePackage(package_id="", plan="foreign"), PlanNotAvailable, "plan"),
        (ChangePackage(package_id="", plan="retired"), PlanNotAvailable, "plan"),
        (ChangePackage(package_id="", plan="coming"), PlanNotAvailable, "plan"),
        (ChangePackage(package_id="", plan="solo", representatives=1, interval=QUARTER), PlanNotAvailable, "plan"),
        (ChangePackage(package_id="", plan="solo"), LimitReached, "representatives"),  # five, and it allows one
        (ChangePackage(package_id="", plan="basic", effective=on("2026-06-19")), DateOutOfRange, "effective"),
        (ChangePackage(package_id="", plan="basic", effective=on("2028-06-21")), DateOutOfRange, "effective"),
        (ChangePackage(package_id="", plan="basic", effective=NOW, drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
        (ChangePackage(package_id="", plan="basic", drop_scheduled=("sch_none",)), NotFound, "dropScheduled"),
    ],
)
def test_it_refuses(change: ChangePackage, kind: type[Refusal], field: str | None) -> None:
    told, package = with_pro()

    refusal = refused(told.now(MORNING), change if change.package_id else replace(change, package_id=package))

    assert (type(refusal), refusal.field) == (kind, field)


def test_a_plan_that_is_retired_by_then_cannot_be_scheduled() -> None:
    told, package = with_pro(representatives=3)

    refusal = refused(told.now("2026-06-12T09:00"), ChangePackage(package_id=package, plan="retired", effective=on("2026-06-15")))

    assert (type(refusal), refusal.params) == (PlanNotAvailable, {"plan": "retired", "on": "2026-06-15"})


def test_an_ended_package_is_to_be_reactivated_first() -> None:
    told, package = with_pro()
    told.tell("2026-06-12T09:00", CancelPackage(package_id=package, effective=NOW))

    refusal = refused(told.now(MORNING), ChangePackage(package_id=package, representatives=6))

    assert (type(refusal), refusal.field, refusal.params) == (NotActive, "packageId", {"on": "2026-06-12"})


def test_one_that_has_not_begun_cannot_be_changed() -> None:
    told = account().tell("2026-06-10T09:00", AddPackage(plan="pro", effective=on("2026-07-10")))

    refusal = refused(told.now(MORNING), ChangePackage(package_id=told.package.id, representatives=6))

    assert (type(refusal), refusal.field, refusal.params) == (NotActive, "packageId", {"on": "2026-07-10"})


def test_every_refusal_it_declares_is_tried_above() -> None:
    assert set(ChangePackage.refusals) - LIMITS == {
        NotFound,
        InvalidInput,
        DateOutOfRange,
        PlanNotAvailable,
        LimitReached,
        NotActive,
        ScheduledConflict,
    }


# --- cheaper or dearer is by the prices each would be billed at ------------------------------------------------

RISEN = catalog_of(
    plan("pro", offer("pro", "MONTH 249 TRY"), offer("pro", "MONTH 300 TRY", date(2026, 6, 15))),
    plan("middle", offer("middle", "MONTH 270 TRY")),
)


@pytest.mark.parametrize("when", ["2026-06-20T09:00", "2026-06-29T23:59", "2026-06-30T00:00", "2026-06-30T23:59"])
def test_what_is_dearer_is_dearer_on_any_day_of_the_term_though_the_list_price_rose(when: str) -> None:
    told, package = with_pro(catalog=RISEN)  # at 249 until the term ends

    assert told.preview(when, ChangePackage(package_id=package, plan="middle")).effective_on == date.fromisoformat(when[:10])


def test_what_is_cheaper_than_the_new_price_waits_once_the_new_price_is_paid() -> None:
    told, package = with_pro(catalog=RISEN)
    told.cut()

    assert told.preview("2026-07-02T09:00", ChangePackage(package_id=package, plan="middle")).effective_on == date(2026, 8, 1)


def test_a_plan_that_goes_on_sale_later_can_be_scheduled_for_then() -> None:
    told, package = with_pro(representatives=1)

    command = ChangePackage(package_id=package, plan="coming", effective=on("2026-09-01"))

    assert told.preview(MORNING, command).effective_on == date(2026, 9, 1)
