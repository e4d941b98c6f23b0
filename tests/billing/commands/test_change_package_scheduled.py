"""changePackage beside a change that is scheduled already: none is silently lost (rules §6)."""

from __future__ import annotations

from gateway.billing.catalog import Catalog
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage
from gateway.billing.errors import ScheduledConflict
from gateway.billing.item import Status
from gateway.billing.timeline import Fate, Scheduled, Unscheduled
from tests.billing.given import AT_RENEWAL, CATALOG, NOW, Told, account, catalog_of, offer, plan, refused

MORNING = "2026-06-20T09:00"


def with_pro(representatives: int | None = None, catalog: Catalog = CATALOG, name: str = "pro") -> tuple[Told, str]:
    told = account(catalog=catalog).tell("2026-06-10T09:00", AddPackage(plan=name, representatives=representatives))
    return told, told.package.id


def with_downgrade() -> tuple[Told, str, str]:
    """Pro with seven representatives, to become basic on 1 July."""
    told, package = with_pro(representatives=7)
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="basic"))
    return told, package, told.scheduled_id


def test_a_second_scheduled_change_conflicts_and_names_the_first() -> None:
    told, package, scheduled = with_downgrade()

    refusal = refused(told.now(MORNING), ChangePackage(package_id=package, representatives=5, effective=AT_RENEWAL))

    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id, refusal.params["on"]) == ("replaceScheduled", scheduled, "2026-07-01")


def test_a_second_scheduled_change_takes_the_place_of_the_first_when_asked_to() -> None:
    told, package, scheduled = with_downgrade()
    command = ChangePackage(package_id=package, representatives=5, effective=AT_RENEWAL, replace_scheduled=True)

    gone, come = command(told.now(MORNING)).added

    assert gone == Unscheduled(revision=4, id=scheduled, fate=Fate.REPLACED)
    assert isinstance(come, Scheduled) and (come.plan, come.quantity) == (None, 5)


def test_a_change_now_leaves_a_scheduled_one_that_is_still_possible() -> None:
    told, package, scheduled = with_downgrade()
    told.tell(MORNING, ChangePackage(package_id=package, representatives=9))

    assert [change.id for change in told.books.scheduled] == [scheduled]
    # The scheduled change named the plan alone, so the new representatives go along: 99 + 4 × 20 = 179 for July.
    assert told.books.next.expected.due.minor == 17900


def test_a_scheduled_change_that_became_a_no_op_is_dropped_with_a_warning() -> None:
    told, package, scheduled = with_downgrade()

    after = ChangePackage(package_id=package, plan="basic", effective=NOW)(told.now(MORNING))

    assert after.added[1] == Unscheduled(revision=4, id=scheduled, fate=Fate.DROPPED)
    assert [(warning.code, warning.params) for warning in after.warnings] == [("SCHEDULED_DROPPED", {"on": "2026-07-01"})]
    assert after.scheduled == ()


NARROW = catalog_of(
    plan("small", offer("small", "MONTH 10 TRY", maximum=3)),
    plan("large", offer("large", "MONTH 50 TRY", maximum=50)),
)


def to_become_small() -> tuple[Told, str, str]:
    told, package = with_pro(representatives=2, catalog=NARROW, name="large")
    told.tell("2026-06-15T09:00", ChangePackage(package_id=package, plan="small"))
    return told, package, told.scheduled_id


def test_a_change_that_would_make_a_scheduled_one_impossible_conflicts() -> None:
    told, package, scheduled = to_become_small()

    refusal = refused(told.now(MORNING), ChangePackage(package_id=package, representatives=4))

    assert isinstance(refusal, ScheduledConflict)
    assert (refusal.field, refusal.scheduled_id) == ("dropScheduled", scheduled)
    assert "small allows at most 3 representatives." in str(refusal)


def test_the_conflict_says_why_in_one_language_throughout() -> None:
    told, package, scheduled = to_become_small()

    refusal = refused(told.now(MORNING), ChangePackage(package_id=package, representatives=4))

    assert refusal.text("tr") == (
        f"2026-07-01 için planlanan değişiklik ({scheduled}) artık mümkün olmaz: small en çok 3 temsilciye izin verir. "
        "Devam etmek için onu bırakın."
    )


def test_naming_the_scheduled_change_lets_it_fall() -> None:
    told, package, scheduled = to_become_small()
    told.tell(MORNING, ChangePackage(package_id=package, representatives=4, drop_scheduled=(scheduled,)))

    assert told.books.scheduled == ()
    assert (told.package.plan.code, told.package.representatives) == ("large", 4)


def test_one_scheduled_change_that_is_named_may_fall_though_it_would_still_be_possible() -> None:
    told, package, scheduled = with_downgrade()

    after = ChangePackage(package_id=package, representatives=9, drop_scheduled=(scheduled,))(told.now(MORNING))

    assert after.added[1] == Unscheduled(revision=4, id=scheduled, fate=Fate.DROPPED)
    assert after.warnings == ()


def test_a_scheduled_change_that_is_named_makes_room_for_another() -> None:
    told, package, scheduled = with_downgrade()
    command = ChangePackage(package_id=package, representatives=5, effective=AT_RENEWAL, drop_scheduled=(scheduled,))

    assert command(told.now(MORNING)).added[0] == Unscheduled(revision=4, id=scheduled, fate=Fate.DROPPED)


def test_an_upgrade_keeps_a_pending_cancellation() -> None:
    told, package = with_pro()
    told.tell("2026-06-15T09:00", CancelPackage(package_id=package))
    told.tell(MORNING, ChangePackage(package_id=package, representatives=6))

    assert told.package.status is Status.ENDING
    assert told.books.next.expected.lines == ()
