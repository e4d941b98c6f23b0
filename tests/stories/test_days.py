"""Stories of days: a day is billed if the package was active at any moment of it, once, at the dearest state it saw (rules §4).

Accounts bill in Turkish lira, in Istanbul, from the 1st to the end of the month, unless told otherwise.
Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00 with 5, each further one 20.00.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, ReactivatePackage
from gateway.billing.dates import DAY
from tests.billing.given import NOW, account
from tests.stories.paper import assert_bill


def test_cancelled_and_reactivated_within_one_day_is_as_if_nothing_had_happened() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-15T10:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-15T17:00", ReactivatePackage(package_id=acme.package.id))

    bill, _ = acme.cut()

    # 10 to 30 June are 21 of 30 days: 249.00 × 21/30 = 174.30
    assert_bill(bill, ("pro", "2026-06-10 to 2026-06-30", "249.00 × 21/30", "174.30"), total="174.30")


def test_toggled_a_hundred_times_on_its_only_day_owes_one_day() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    for minute in range(50):
        acme.tell(f"2026-06-10T10:{minute:02}:00", CancelPackage(package_id=package, effective=NOW))
        acme.tell(f"2026-06-10T10:{minute:02}:30", ReactivatePackage(package_id=package))
    acme.tell("2026-06-10T11:00", CancelPackage(package_id=package, effective=NOW))

    bill, _ = acme.cut()

    # 249.00 × 1/30 = 8.30
    assert_bill(bill, ("pro", "2026-06-10 to 2026-06-10", "249.00 × 1/30", "8.30"), total="8.30")


def test_upgraded_in_the_morning_and_downgraded_at_night_bills_the_day_as_the_upgrade() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="basic"))
    package = acme.package.id
    acme.tell("2026-06-16T08:00", ChangePackage(package_id=package, plan="pro"))
    acme.tell("2026-06-16T22:00", ChangePackage(package_id=package, plan="basic", effective=NOW))

    bill, _ = acme.cut()

    # One price of Basic is shared by its 15 + 14 = 29 days: 99.00 × 15/30 = 49.50; 99.00 × 29/30 = 95.70, less the 49.50 = 46.20
    assert_bill(
        bill,
        ("basic", "2026-06-01 to 2026-06-15", "99.00 × 15/30", "49.50"),
        ("pro", "2026-06-16 to 2026-06-16", "249.00 × 1/30", "8.30"),
        ("basic", "2026-06-17 to 2026-06-30", "99.00 × 29/30 − 99.00 × 15/30", "46.20"),
        total="104.00",
    )


def test_the_dearest_state_is_the_dearest_whole_not_the_dearest_plan() -> None:
    """Pro with 5 (249.00) → Basic with 20 (99.00 + 15 × 20.00 = 399.00) → Pro with 5: the day bills as Basic with 20."""
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-06-30T09:00", ChangePackage(package_id=package, plan="basic", representatives=20))
    acme.tell("2026-06-30T09:05", ChangePackage(package_id=package, plan="pro", representatives=5, effective=NOW))

    bill, _ = acme.cut()

    # 249.00 × 29/30 = 240.70; 99.00 × 1/30 = 3.30; fifteen representatives for a day: 20.00 × 15/30 = 10.00
    assert_bill(
        bill,
        ("pro", "2026-06-01 to 2026-06-29", "249.00 × 29/30", "240.70"),
        ("basic", "2026-06-30 to 2026-06-30", "99.00 × 1/30", "3.30"),
        ("basic +15", "2026-06-30 to 2026-06-30", "20.00 × 15/30", "10.00"),
        total="254.00",
    )


def test_bought_thirty_seconds_before_midnight_owes_that_day() -> None:
    acme = account().tell("2026-06-29T23:59:30", AddPackage(plan="pro"))

    bill, _ = acme.cut()

    # 29 and 30 June: 249.00 × 2/30 = 16.60
    assert_bill(bill, ("pro", "2026-06-29 to 2026-06-30", "249.00 × 2/30", "16.60"), total="16.60")


@pytest.mark.parametrize(("cancelled", "last", "arithmetic", "amount"), [
    ("2026-06-20T00:00:01", "2026-06-20", "249.00 × 11/30", "91.30"),  # a second into the day: it is billed
    ("2026-06-20T23:59:59", "2026-06-20", "249.00 × 11/30", "91.30"),
    ("2026-06-20T00:00:00", "2026-06-19", "249.00 × 10/30", "83.00"),  # an end at midnight does not touch the new day
])  # fmt: skip
def test_a_cancelled_package_owes_nothing_from_the_next_day_on(cancelled: str, last: str, arithmetic: str, amount: str) -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell(cancelled, CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    assert_bill(bill, ("pro", f"2026-06-10 to {last}", arithmetic, amount), total=amount)


def test_a_day_off_is_not_billed_and_the_days_before_and_after_share_one_price() -> None:
    acme = account("2026-07-01T08:00").tell("2026-07-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-07-12T09:00", ReactivatePackage(package_id=acme.package.id))

    bill, _ = acme.cut()

    # 30 of 31 days used: 249.00 × 30/31 = 240.97 in all; 249.00 × 10/31 = 80.32 until the 10th, the rest after
    assert_bill(
        bill,
        ("pro", "2026-07-01 to 2026-07-10", "249.00 × 10/31", "80.32"),
        ("pro", "2026-07-12 to 2026-07-31", "249.00 × 30/31 − 249.00 × 10/31", "160.65"),
        total="240.97",
    )


def test_the_day_is_the_accounts_own_wherever_the_server_stands() -> None:
    """22:30 in London is half past midnight in Istanbul: the next day there."""
    acme = account().tell("2026-06-20T22:30Z", AddPackage(plan="pro"))

    bill, _ = acme.cut()

    assert_bill(bill, ("pro", "2026-06-21 to 2026-06-30", "249.00 × 10/30", "83.00"), total="83.00")


def test_a_day_of_twenty_three_hours_costs_what_a_day_costs() -> None:
    """In São Paulo midnight of 4 November 2018 did not exist: the day began at 01:00."""
    acme = account("2018-11-01T08:00", zone="America/Sao_Paulo").tell("2018-11-03T23:59", AddPackage(plan="pro"))
    acme.tell("2018-11-04T01:00:01", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut("2018-12-01T01:00")

    assert_bill(bill, ("pro", "2018-11-03 to 2018-11-04", "249.00 × 2/30", "16.60"), total="16.60")


def test_a_full_month_costs_exactly_its_price_whichever_way_it_was_split() -> None:
    """19.99 € over 31 days: no way of cutting the month into pieces gains or loses a cent."""
    for step in (1, 2, 5, 7, 30):
        acme = account("2026-07-01T00:00:01", currency="EUR", zone="Europe/Berlin")
        acme.tell("2026-07-01T00:00:02", AddPackage(plan="basic"))
        package, day = acme.package.id, acme.books.today + step * DAY
        while day.month == 7:
            representatives = 4 if day.day % 2 else 5  # both are included
            acme.tell(f"{day}T12:00", ChangePackage(package_id=package, representatives=representatives))
            day += step * DAY

        bill, _ = acme.cut()

        assert len(bill.lines) > 1 or step == 30
        assert str(bill.due.amount) == "19.99"


def test_looking_does_not_change_the_bill() -> None:
    """What was expected in the middle of the month, with nothing done since, is what is billed."""
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    seen = [replace(acme.books, now=acme.now(f"2026-06-{day}T12:00").now).current.expected.due for day in (11, 19, 27, 30)]

    bill, _ = acme.cut()

    assert set(seen) == {bill.due}
