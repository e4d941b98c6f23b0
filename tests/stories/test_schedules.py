"""Stories of changes that wait: shown, counted in the forecast, never silently lost (rules §6).

Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00 with 5, each further one 20.00.
"""

from __future__ import annotations

from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage, ReactivatePackage, RemoveAddOn, UndoScheduledChange
from tests.billing.given import NOW, account, on
from tests.stories.paper import assert_bill


def test_three_months_of_changing_representatives_and_a_scheduled_downgrade() -> None:
    acme = account().tell("2026-06-05T09:00", AddPackage(plan="pro", representatives=6))
    package = acme.package.id
    acme.tell("2026-06-18T09:00", ChangePackage(package_id=package, representatives=9))
    june, _ = acme.cut()
    acme.tell("2026-07-10T09:00", ChangePackage(package_id=package, representatives=7))  # fewer: from August on
    acme.tell("2026-07-15T09:00", ChangePackage(package_id=package, representatives=10))  # dearer: now; August's 7 stand
    july, _ = acme.cut()
    acme.tell("2026-08-11T09:00", ChangePackage(package_id=package, plan="basic", effective=on("2026-08-21")))
    august, _ = acme.cut()

    # Representatives beyond five: 1 for the 13 days to the 17th, then 4 for 13 days: 49.00 × 13/30 = 21.23, × 65/30 = 106.17
    assert_bill(
        june,
        ("pro", "2026-06-05 to 2026-06-17", "249.00 × 13/30", "107.90"),
        ("pro +1", "2026-06-05 to 2026-06-17", "49.00 × 13/30", "21.23"),
        ("pro", "2026-06-18 to 2026-06-30", "249.00 × 26/30 − 249.00 × 13/30", "107.90"),
        ("pro +4", "2026-06-18 to 2026-06-30", "49.00 × 65/30 − 49.00 × 13/30", "84.94"),
        total="321.97",
    )
    # 4 for 14 days and 5 for 17: 49.00 × 56/31 = 88.52, × 141/31 = 222.87; the package 249.00 × 14/31 = 112.45, then the rest
    assert_bill(
        july,
        ("pro", "2026-07-01 to 2026-07-14", "249.00 × 14/31", "112.45"),
        ("pro +4", "2026-07-01 to 2026-07-14", "49.00 × 56/31", "88.52"),
        ("pro", "2026-07-15 to 2026-07-31", "249.00 × 31/31 − 249.00 × 14/31", "136.55"),
        ("pro +5", "2026-07-15 to 2026-07-31", "49.00 × 141/31 − 49.00 × 56/31", "134.35"),
        total="471.87",
    )
    # Pro with 7 for 20 days: 249.00 × 20/31 = 160.65, 49.00 × 40/31 = 63.23; Basic with 7 for 11: 35.13 and 20.00 × 22/31 = 14.19
    assert_bill(
        august,
        ("pro", "2026-08-01 to 2026-08-20", "249.00 × 20/31", "160.65"),
        ("pro +2", "2026-08-01 to 2026-08-20", "49.00 × 40/31", "63.23"),
        ("basic", "2026-08-21 to 2026-08-31", "99.00 × 11/31", "35.13"),
        ("basic +2", "2026-08-21 to 2026-08-31", "20.00 × 22/31", "14.19"),
        total="273.20",
    )


def test_a_downgrade_that_waits_is_in_the_next_forecast_and_gone_from_it_when_undone() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangePackage(package_id=acme.package.id, plan="basic"))

    assert_bill(acme.books.current.expected, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert_bill(acme.books.next.expected, ("basic", "2026-07-01 to 2026-07-31", "99.00 × 31/31", "99.00"), total="99.00")

    acme.tell("2026-06-20T09:00", UndoScheduledChange(scheduled_id=acme.scheduled_id))

    assert_bill(acme.books.next.expected, ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"), total="249.00")


def test_a_change_of_mind_before_the_package_ends_leaves_no_trace_on_the_bill() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", CancelPackage(package_id=acme.package.id))
    acme.tell("2026-06-28T09:00", ReactivatePackage(package_id=acme.package.id))

    june, _ = acme.cut()
    july, _ = acme.cut()

    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"), total="249.00")


def test_a_pause_planned_ahead() -> None:
    acme = account("2026-07-01T08:00").tell("2026-07-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=package, effective=NOW))
    acme.tell("2026-07-10T10:00", ReactivatePackage(package_id=package, effective=on("2026-07-21")))

    bill, _ = acme.cut()

    # 10 days, then 11: 249.00 × 10/31 = 80.32; 249.00 × 21/31 = 168.68, less the 80.32
    assert_bill(
        bill,
        ("pro", "2026-07-01 to 2026-07-10", "249.00 × 10/31", "80.32"),
        ("pro", "2026-07-21 to 2026-07-31", "249.00 × 21/31 − 249.00 × 10/31", "88.36"),
        total="168.68",
    )


def test_the_same_package_bought_anew_on_the_day_it_was_cancelled_bills_that_day_twice() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-20T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-20T15:00", AddPackage(plan="pro"))

    bill, _ = acme.cut()

    # Two packages: 249.00 × 20/30 = 166.00 and 249.00 × 11/30 = 91.30
    assert_bill(
        bill,
        ("pro", "2026-06-01 to 2026-06-20", "249.00 × 20/30", "166.00"),
        ("pro", "2026-06-20 to 2026-06-30", "249.00 × 11/30", "91.30"),
        total="257.30",
    )


def test_an_add_on_had_removed_and_had_again() -> None:
    acme = account().tell("2026-06-01T09:00", AddAddOn(plan="whatsapp"))
    acme.tell("2026-06-10T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    acme.tell("2026-06-21T09:00", AddAddOn(plan="whatsapp"))

    bill, _ = acme.cut()

    # One add-on, 20 of 30 days: 50.00 × 10/30 = 16.67; 50.00 × 20/30 = 33.33, less the 16.67
    assert_bill(
        bill,
        ("whatsapp", "2026-06-01 to 2026-06-10", "50.00 × 10/30", "16.67"),
        ("whatsapp", "2026-06-21 to 2026-06-30", "50.00 × 20/30 − 50.00 × 10/30", "16.66"),
        total="33.33",
    )
