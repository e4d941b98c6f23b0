"""migratePlan: the holders of a retired plan move to another, with notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Kind, Price
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    MigratePlan,
    ReactivatePackage,
    Right,
    UndoScheduledChange,
)
from gateway.billing.errors import (
    DateOutOfRange,
    InvalidInput,
    LimitReached,
    NotFound,
    PlanConflict,
    PlanNotAvailable,
    Refusal,
    RequirementMissing,
    ScheduledConflict,
)
from gateway.billing.timeline import Scheduled, State
from tests.billing.given import MONTH, QUARTER, Told, account, catalog_of, offer, on, plan, refused

# Old is off sale from 15 June; New takes its place, for more and with fewer representatives.
OLD = plan(
    "old",
    offer("old", "MONTH 120 TRY +10, QUARTER 300 TRY +30", maximum=20),
    offer("old", "MONTH 120 TRY +10, QUARTER 300 TRY +30", date(2026, 6, 15), maximum=20, on_sale=False),
)
NEW = plan("new", offer("new", "MONTH 150 TRY +20", maximum=10))
OTHER = plan("other", offer("other", "MONTH 500 TRY", maximum=20))
SPOKEN = plan("spoken", replace(offer("spoken", "MONTH 50 TRY"), requires=("old", "other")), kind=Kind.ADD_ON)
CATALOG = catalog_of(OLD, NEW, OTHER, SPOKEN)
MORNING = "2026-06-20T09:00"
MOVE = MigratePlan(plan="old", to_plan="new", on=date(2026, 8, 1))


def holder(representatives: int = 3, **more: object) -> Told:
    """An account with a package on Old, from 1 June on."""
    told = account(catalog=CATALOG)
    return told.tell("2026-06-01T09:00", AddPackage(plan="old", representatives=representatives, **more))  # type: ignore[arg-type]


def warned(told: Told) -> Told:
    """Its holder was told of the move."""
    return told.tell(MORNING, MOVE)


def test_it_is_scheduled_shown_and_acts_on_its_day() -> None:
    told = warned(holder())

    (change,) = told.package.scheduled
    assert (change.on, change.plan, change.retires, change.quantity) == (date(2026, 8, 1), "new", "old", None)
    told.cut()
    assert told.now("2026-07-31T23:59").packages[0].plan.code == "old"
    assert told.now("2026-08-01T00:00").packages[0].plan.code == "new"
    assert str(told.books.next.expected.due.amount) == "190.00"  # 150 + 2 × 20


def test_it_can_be_looked_at_first_and_the_day_it_acts_is_said() -> None:
    assert holder().preview(MORNING, MOVE).effective_on == date(2026, 8, 1)


def test_repeating_it_does_nothing_and_another_day_takes_its_place() -> None:
    told = warned(holder())

    again = MOVE(told.now("2026-06-21T09:00"))
    assert (again.added, [warning.code for warning in again.warnings]) == ((), ["NO_CHANGE"])
    told.tell("2026-06-22T09:00", replace(MOVE, on=date(2026, 9, 1)))
    assert [change.on for change in told.package.scheduled] == [date(2026, 9, 1)]


def test_an_account_without_such_a_package_is_left_as_it_is() -> None:
    told = account(catalog=CATALOG).tell("2026-06-01T09:00", AddPackage(plan="new"))

    assert MOVE(told.now(MORNING)).added == ()


# --- what its holder can do about it -------------------------------------------------------------------------


def test_its_holder_can_neither_undo_nor_drop_nor_replace_it() -> None:
    told = warned(holder())
    package, move = told.package.id, told.scheduled_id

    undo, cancel = UndoScheduledChange(scheduled_id=move), CancelPackage(package_id=package, drop_scheduled=(move,))
    for command in (undo, cancel):
        refusal = refused(told.now("2026-06-21T09:00"), command)
        assert isinstance(refusal, ScheduledConflict)
        assert refusal.scheduled_id == move
    told.tell("2026-06-21T09:00", ChangePackage(package_id=package, representatives=2, replace_scheduled=True))
    assert [(change.on, change.quantity) for change in told.books.scheduled] == [(date(2026, 7, 1), 2), (date(2026, 8, 1), None)]


def test_whoever_moves_elsewhere_is_moved_no_more() -> None:
    told = warned(holder())

    books = ChangePackage(package_id=told.package.id, plan="other")(told.now("2026-06-21T09:00"))

    assert books.scheduled == ()
    assert [warning.code for warning in books.warnings] == ["SCHEDULED_DROPPED"]


def test_whoever_is_to_move_elsewhere_before_its_day_is_not_moved_on_it() -> None:
    told = holder()
    told.tell("2026-06-19T09:00", ChangePackage(package_id=told.package.id, plan="other", effective=on("2026-07-10")))
    warned(told).cut()

    assert told.now("2026-08-02T09:00").packages[0].plan.code == "other"


def test_a_package_that_has_ended_by_then_stays_ended() -> None:
    told = warned(holder())
    told.tell("2026-06-21T09:00", CancelPackage(package_id=told.package.id))  # at renewal, 1 July
    assert told.now("2026-08-10T09:00").packages[0].held.state is None
    told.cut()
    july, draft = told.cut()

    assert (july.lines, draft) == ((), None)
    assert told.now("2026-08-10T09:00").packages[0].held.state is None
    assert told.now("2026-08-10T09:00").current.expected.lines == ()


def test_a_package_that_comes_back_in_time_is_moved_with_the_others() -> None:
    told = warned(holder())
    package = told.package.id
    told.tell("2026-06-21T09:00", CancelPackage(package_id=package))
    told.cut()
    told.tell("2026-07-10T09:00", ReactivatePackage(package_id=package))

    assert told.now("2026-08-01T09:00").packages[0].plan.code == "new"


def test_a_commitment_neither_holds_its_holder_back_nor_stands_in_the_way_of_what_they_do_meanwhile() -> None:
    def bound(prices: tuple[Price, ...]) -> tuple[Price, ...]:
        return tuple(replace(each, minimum_months=12) for each in prices)

    dear = replace(OLD, offers=tuple(replace(each, prices=bound(each.prices)) for each in OLD.offers))
    cheap = plan("new", offer("new", "MONTH 50 TRY +5", maximum=10))
    told = account(catalog=catalog_of(dear, cheap)).tell("2026-06-01T09:00", AddPackage(plan="old", representatives=3))
    warned(told).tell("2026-06-21T09:00", ChangePackage(package_id=told.package.id, representatives=4))

    assert told.package.committed_until == date(2027, 6, 1)
    assert told.now("2026-08-01T09:00").packages[0].state == State("new", 4, MONTH)


# --- who cannot be moved -------------------------------------------------------------------------------------


def test_a_package_too_large_for_the_new_plan_is_refused_for_that_account() -> None:
    assert type(refused(holder(11).now(MORNING), MOVE)) is LimitReached


def test_an_interval_the_new_plan_has_no_price_for_is_refused() -> None:
    assert type(refused(holder(interval=QUARTER).now(MORNING), MOVE)) is PlanNotAvailable


def test_an_add_on_that_would_lose_what_it_needs_is_refused() -> None:
    told = holder().tell("2026-06-02T09:00", AddAddOn(plan="spoken"))

    assert type(refused(told.now(MORNING), MOVE)) is RequirementMissing


def test_a_holders_own_change_for_later_that_the_new_plan_would_not_allow_is_named_not_lost() -> None:
    told = holder()
    more = ChangePackage(package_id=told.package.id, representatives=12, effective=on("2026-08-10"))
    told.tell("2026-06-19T09:00", more)

    refusal = refused(told.now(MORNING), MOVE)

    assert isinstance(refusal, ScheduledConflict)
    assert refusal.scheduled_id == told.scheduled_id


def test_a_holders_own_change_for_later_that_the_new_plan_allows_stays() -> None:
    told = holder()
    told.tell("2026-06-19T09:00", ChangePackage(package_id=told.package.id, representatives=9, effective=on("2026-08-10")))
    warned(told).cut()
    told.cut()
    august, _ = told.cut()

    # New with 3 for 9 days, with 9 for 22: 150 throughout; 20.00 × 18/31 = 11.61, 20.00 × 194/31 = 125.16
    assert [(line.plan, line.part, line.representatives) for line in august.lines] == [
        ("new", "base", 3),
        ("new", "representatives", 3),
        ("new", "base", 9),
        ("new", "representatives", 9),
    ]
    assert str(august.due.amount) == "275.16"


def starting(day: str) -> Told:
    """An account whose package on Old was to begin on a day before anybody knew that the plan would be retired."""
    kept = replace(OLD, offers=OLD.offers[:1])
    told = account(catalog=catalog_of(kept, NEW)).tell("2026-06-01T09:00", AddPackage(plan="old", effective=on(day)))
    told.books = replace(told.books, catalog=CATALOG)
    return told


def test_a_package_that_begins_only_after_that_day_is_named() -> None:
    told = starting("2026-08-02")

    refusal = refused(told.now(MORNING), MOVE)

    assert isinstance(refusal, ScheduledConflict)
    assert refusal.scheduled_id == told.scheduled_id


@pytest.mark.parametrize("day", ["2026-07-10", "2026-08-01"])
def test_a_package_that_begins_by_that_day_is_moved(day: str) -> None:
    told = warned(starting(day))

    assert told.now("2026-08-01T09:00").packages[0].plan.code == "new"


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (replace(MOVE, plan="none"), NotFound, "plan"),
        (replace(MOVE, plan="spoken"), NotFound, "plan"),
        (replace(MOVE, to_plan="none"), NotFound, "toPlan"),
        (replace(MOVE, to_plan="old"), InvalidInput, "toPlan"),
        (replace(MOVE, plan="other"), InvalidInput, "plan"),  # which is on sale
        (replace(MOVE, on=date(2026, 7, 19)), DateOutOfRange, "on"),  # 29 days
        (replace(MOVE, on=date(2026, 6, 20), notice_days=0), DateOutOfRange, "on"),
        (replace(MOVE, on=date(2028, 6, 21)), DateOutOfRange, "on"),
    ],
)
def test_it_refuses(command: MigratePlan, kind: type[Refusal], field: str) -> None:
    refusal = refused(holder().now(MORNING), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_thirty_days_of_notice_are_enough() -> None:
    assert holder().preview(MORNING, replace(MOVE, on=date(2026, 7, 20))).effective_on == date(2026, 7, 20)


def test_it_is_an_operators_command() -> None:
    assert MigratePlan.right is Right.OPERATE
    assert PlanConflict in MigratePlan.refusals


def test_such_a_change_concerns_only_what_is_still_on_the_plan() -> None:
    told = warned(holder())
    (change,) = told.books.scheduled

    assert isinstance(change, Scheduled)
    assert change.concerns(told.package.state)
    assert not change.concerns(None)
    assert not change.concerns(replace(told.package.state, plan="other"))
