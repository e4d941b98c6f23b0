"""Stories of mistakes that other billing systems are known for, with the figures that are right.

Accounts bill in Turkish lira, in Istanbul, from the 1st to the end of the month, unless told otherwise.
Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00 with 5, each further one 20.00.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, GrantDiscount, ReactivatePackage
from gateway.billing.discount import Duration
from tests.billing.given import NOW, account, catalog_of, offer, on, plan
from tests.stories.paper import assert_bill


def test_a_pause_does_not_change_the_days_a_price_is_divided_by() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T12:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-21T12:00", ReactivatePackage(package_id=acme.package.id))

    bill, _ = acme.cut()

    # 10 + 10 days, both of the 30 of June: 249.00 × 10/30 = 83.00; 249.00 × 20/30 = 166.00, less the 83.00
    assert_bill(
        bill,
        ("pro", "2026-06-01 to 2026-06-10", "249.00 × 10/30", "83.00"),
        ("pro", "2026-06-21 to 2026-06-30", "249.00 × 20/30 − 249.00 × 10/30", "83.00"),
        total="166.00",
    )


def test_a_month_billed_day_by_day_costs_its_price_and_not_three_kurus_less() -> None:
    catalog = catalog_of(plan("chat", offer("chat", "MONTH 399 TRY", maximum=9)), plan("free", offer("free", "MONTH 0 TRY", maximum=9)))
    acme = account("2026-07-01T08:00", catalog=catalog).tell("2026-07-01T09:00", AddPackage(plan="chat"))
    daily = []
    for day in range(31):
        books = acme.now(f"2026-07-{day + 1:02}T12:00")
        daily.append(books.current.so_far.due.minor)

    bill, _ = acme.cut()

    # 399.00 / 31 = 12.87 a day; thirty-one of those would be 398.97
    assert daily[0] == 1287 and 31 * daily[0] == 39897
    assert [after - before for before, after in zip([0, *daily], daily, strict=False)].count(1287) == 28  # and 12.88 on the other three
    assert daily[-1] == bill.due.minor == 39900


def test_what_is_given_up_is_worth_all_of_it_and_not_only_the_last_step() -> None:
    """Up by one and by one again, then down by both: the rest of the month is Pro with five, as if nothing had been added."""
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-06-06T09:00", ChangePackage(package_id=package, representatives=6))
    acme.tell("2026-06-11T09:00", ChangePackage(package_id=package, representatives=7))
    acme.tell("2026-06-16T00:00", ChangePackage(package_id=package, representatives=5, effective=NOW))

    bill, _ = acme.cut()

    # One further representative for 5 days, two for 5 more: 5 + 10 = 15 days of 49.00: 24.50
    assert sum((line.amount.minor for line in bill.lines if line.part == "base"), 0) == 24900
    assert sum((line.amount.minor for line in bill.lines if line.part == "representatives"), 0) == 2450
    assert str(bill.due.amount) == "273.50"


def test_a_change_of_representatives_keeps_the_plan_change_that_is_scheduled() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-06-10T09:00", ChangePackage(package_id=package, plan="basic", effective=on("2026-06-21")))
    acme.tell("2026-06-12T09:00", ChangePackage(package_id=package, representatives=8))

    bill, _ = acme.cut()

    # 249.00 × 20/30; three further ones of Pro for 9 days, of Basic for 10; 99.00 × 10/30
    assert_bill(
        bill,
        ("pro", "2026-06-01 to 2026-06-11", "249.00 × 11/30", "91.30"),
        ("pro", "2026-06-12 to 2026-06-20", "249.00 × 20/30 − 249.00 × 11/30", "74.70"),
        ("pro +3", "2026-06-12 to 2026-06-20", "49.00 × 27/30", "44.10"),
        ("basic", "2026-06-21 to 2026-06-30", "99.00 × 10/30", "33.00"),
        ("basic +3", "2026-06-21 to 2026-06-30", "20.00 × 30/30", "20.00"),
        total="263.10",
    )


def test_all_of_it_off_for_ever_is_a_bill_of_nothing_every_month_and_no_fault() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=9))
    acme.tell("2026-06-01T10:00", GrantDiscount(name="Friends", percent=Decimal("100"), duration=Duration.FOREVER))

    cuts = [acme.cut() for _ in range(3)]

    assert [(str(bill.subtotal.amount), str(bill.discount.amount), str(bill.due.amount)) for bill, _ in cuts] == [
        ("445.00", "445.00", "0.00")
    ] * 3
    assert all(draft is not None for _, draft in cuts)


def test_pausing_and_resuming_all_day_leaves_an_account_that_goes_on() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    start = acme.now("2026-06-15T09:00").now
    for minute in range(0, 600, 2):
        acme.tell((start + timedelta(minutes=minute)).isoformat(), CancelPackage(package_id=package, effective=NOW))
        acme.tell((start + timedelta(minutes=minute + 1)).isoformat(), ReactivatePackage(package_id=package))

    june, _ = acme.cut()
    july, _ = acme.cut()

    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"), total="249.00")


def test_what_was_previewed_is_what_is_charged() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="basic", representatives=7))
    change = ChangePackage(package_id=acme.package.id, plan="pro", representatives=8)
    preview = acme.preview("2026-06-17T10:00", change)
    acme.tell("2026-06-17T10:00", change)

    bill, _ = acme.cut()

    # 99.00 × 16/30 + 20.00 × 32/30 + 249.00 × 14/30 + 49.00 × 42/30 = 52.80 + 21.33 + 116.20 + 68.60
    assert bill.lines == preview.after.expected.lines
    assert str(bill.due.amount) == str(preview.after.expected.due.amount) == "258.93"


def test_months_from_the_31st_never_drift_to_the_28th() -> None:
    acme = account("2026-01-31T08:00", anchor=31).tell("2026-01-31T09:00", AddPackage(plan="pro"))

    bills = [acme.cut()[0] for _ in range(6)]

    assert [bill.period.start for bill in bills] == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)
    ]  # fmt: skip
    assert {str(bill.due.amount) for bill in bills} == {"249.00"}
