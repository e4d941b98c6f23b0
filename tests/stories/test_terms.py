"""Stories of terms: the run of days a price pays for, and which price holds in it (rules §3).

Pro is 249.00 a month or 2,490.00 a year, with 5 representatives; each further one is 49.00 or 490.00. Basic is 99.00 a month.
"""

from __future__ import annotations

from datetime import date

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, ReactivatePackage
from tests.billing.given import MONTH, NOW, QUARTER, YEAR, Told, account, catalog_of, offer, plan
from tests.stories.paper import assert_bill


def test_a_year_begins_with_the_period_in_which_it_was_taken() -> None:
    """Taken on 20 June, billed on the 15th: the year runs from 15 June 2026 to 14 June 2027, and its first bill is 25 days."""
    acme = account("2026-06-15T08:00", anchor=15).tell("2026-06-20T09:00", AddPackage(plan="pro", interval=YEAR))

    assert acme.package.renews_on == date(2027, 6, 15)
    first, _ = acme.cut()
    second, _ = acme.cut()

    # 20 June to 14 July are 25 days: 2490.00 × 25/365 = 170.55; with the 31 days to 14 August 2490.00 × 56/365 = 382.03
    assert_bill(first, ("pro", "2026-06-20 to 2026-07-14", "2490.00 × 25/365", "170.55"), total="170.55")
    assert_bill(second, ("pro", "2026-07-15 to 2026-08-14", "2490.00 × 56/365 − 2490.00 × 25/365", "211.48"), total="211.48")


def test_the_bills_of_a_full_year_add_up_to_its_price() -> None:
    acme = account("2026-06-01T00:00:01").tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))

    assert sum(acme.cut()[0].due.minor for _ in range(12)) == 249000
    assert acme.package.renews_on == date(2028, 6, 1)


def test_from_the_year_to_the_month_at_once() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))
    acme.cut()
    acme.tell("2026-07-11T09:00", ChangePackage(package_id=acme.package.id, interval=MONTH))

    bill, _ = acme.cut()

    # By the day the month is dearer (249.00/31 against 2490.00/365), so it begins at once and has the 11th:
    # 30 days of June and 10 of July by the year, 2490.00 × 40/365 = 272.88, less the 204.66 of June; then 249.00 × 21/31 = 168.68.
    # The year is left early: by the month its 40 days are 249.00 + 249.00 × 10/31 = 329.32
    assert_bill(
        bill,
        ("pro", "2026-07-01 to 2026-07-10", "2490.00 × 40/365 − 2490.00 × 30/365", "68.22"),
        ("pro", "2026-07-11 to 2026-07-31", "249.00 × 21/31", "168.68"),
        ("pro early_end", "2026-06-01 to 2026-07-10", "329.32 − 272.88", "56.44"),
        total="293.34",
    )
    assert acme.package.renews_on == date(2026, 9, 1)


def test_from_the_month_to_the_year_waits_for_the_month_to_end_as_it_is_cheaper_by_the_day() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-20T09:00", ChangePackage(package_id=acme.package.id, interval=YEAR))

    june, _ = acme.cut()
    july, _ = acme.cut()

    assert_bill(june, ("pro", "2026-06-10 to 2026-06-30", "249.00 × 21/30", "174.30"), total="174.30")
    # 2490.00 × 31/365 = 211.48
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "2490.00 × 31/365", "211.48"), total="211.48")
    assert acme.package.renews_on == date(2027, 7, 1)


def test_a_quarter_is_three_billing_months() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=QUARTER))

    assert acme.package.renews_on == date(2026, 9, 1)
    bills = [acme.cut()[0] for _ in range(3)]

    # June to August have 30 + 31 + 31 = 92 days: 690.00 × 30/92 = 225.00, × 61/92 = 457.50, × 92/92 = 690.00
    assert [str(bill.due.amount) for bill in bills] == ["225.00", "232.50", "232.50"]
    assert bills[2].lines[0].formula == "690.00 × 92/92 − 690.00 × 61/92"


def rising() -> Told:
    """Pro costs 249.00 a month or 2,490.00 a year, and from 15 July 2026 on 279.00 or 2,790.00."""
    pro = plan(
        "pro",
        offer("pro", "MONTH 249 TRY, YEAR 2490 TRY"),
        offer("pro", "MONTH 279 TRY, YEAR 2790 TRY", date(2026, 7, 15)),
    )
    basic = plan("basic", offer("basic", "MONTH 99 TRY, YEAR 990 TRY"))
    return account(catalog=catalog_of(pro, basic))


def test_a_price_that_rises_within_the_term_waits_for_the_next() -> None:
    acme = rising().tell("2026-06-20T09:00", AddPackage(plan="pro"))

    june, july, august = (acme.cut()[0] for _ in range(3))

    assert_bill(june, ("pro", "2026-06-20 to 2026-06-30", "249.00 × 11/30", "91.30"), total="91.30")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "249.00 × 31/31", "249.00"), total="249.00")
    assert_bill(august, ("pro", "2026-08-01 to 2026-08-31", "279.00 × 31/31", "279.00"), total="279.00")


def test_a_yearly_price_holds_for_its_year() -> None:
    acme = rising().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))

    bills = [acme.cut()[0].due.minor for _ in range(13)]

    assert sum(bills[:12]) == 249000
    assert bills[12] == 22869  # June 2027 begins the next year, which has a 29 February: 2790.00 × 30/366 = 228.69


def test_who_enters_the_plan_after_the_rise_pays_the_price_of_that_day() -> None:
    acme = rising().tell("2026-06-20T09:00", AddPackage(plan="basic"))
    acme.cut()
    acme.tell("2026-07-22T09:00", ChangePackage(package_id=acme.package.id, plan="pro"))

    bill, _ = acme.cut()

    # 99.00 × 21/31 = 67.06; 279.00 × 10/31 = 90.00
    assert_bill(
        bill,
        ("basic", "2026-07-01 to 2026-07-21", "99.00 × 21/31", "67.06"),
        ("pro", "2026-07-22 to 2026-07-31", "279.00 × 10/31", "90.00"),
        total="157.06",
    )


def test_who_comes_back_to_the_plan_within_the_term_finds_the_old_price() -> None:
    acme = rising()
    acme.cut()
    package = acme.tell("2026-07-01T09:00", AddPackage(plan="pro")).package.id
    acme.tell("2026-07-10T09:00", ChangePackage(package_id=package, plan="basic", effective=NOW))
    acme.tell("2026-07-21T09:00", ChangePackage(package_id=package, plan="pro"))

    bill, _ = acme.cut()

    # Pro for 10 + 11 days at 249.00: × 10/31 = 80.32, × 21/31 = 168.68; Basic for the 10 between: 99.00 × 10/31 = 31.94
    assert_bill(
        bill,
        ("pro", "2026-07-01 to 2026-07-10", "249.00 × 10/31", "80.32"),
        ("basic", "2026-07-11 to 2026-07-20", "99.00 × 10/31", "31.94"),
        ("pro", "2026-07-21 to 2026-07-31", "249.00 × 21/31 − 249.00 × 10/31", "88.36"),
        total="200.62",
    )


def test_who_is_reactivated_within_the_year_keeps_term_and_price() -> None:
    acme = rising().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))
    package = acme.package.id
    acme.tell("2026-06-10T09:00", CancelPackage(package_id=package, effective=NOW))
    acme.cut()
    acme.cut()
    acme.tell("2026-08-22T09:00", ReactivatePackage(package_id=package))

    bill, _ = acme.cut()

    # 10 days of June are billed; 22 to 31 August are 10 more of the same year at the same price
    assert_bill(bill, ("pro", "2026-08-22 to 2026-08-31", "2490.00 × 20/365 − 2490.00 × 10/365", "68.22"), total="68.22")
    assert acme.package.renews_on == date(2027, 6, 1)


def test_cancelled_at_renewal_and_back_three_months_later_begins_a_new_term_at_the_price_of_the_day() -> None:
    acme = rising().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-06-12T09:00", CancelPackage(package_id=package))

    june, _ = acme.cut()
    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert [acme.cut()[1] for _ in range(2)] == [None, None]  # July and August owe nothing

    acme.tell("2026-09-21T09:00", ReactivatePackage(package_id=package))
    september, _ = acme.cut()

    # 21 to 30 September at the new price: 279.00 × 10/30 = 93.00
    assert_bill(september, ("pro", "2026-09-21 to 2026-09-30", "279.00 × 10/30", "93.00"), total="93.00")


def test_a_year_taken_anew_after_it_was_over_is_counted_from_the_period_of_the_return() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))
    acme.tell("2026-06-12T09:00", CancelPackage(package_id=acme.package.id))  # ends on 1 June 2027
    for _ in range(15):
        acme.cut()

    acme.tell("2027-09-21T09:00", ReactivatePackage(package_id=acme.package.id))

    assert acme.package.renews_on == date(2028, 9, 1)
    # September 2027 to August 2028 have 366 days, with 29 February: 2490.00 × 10/366 = 68.03
    assert_bill(acme.cut()[0], ("pro", "2027-09-21 to 2027-09-30", "2490.00 × 10/366", "68.03"), total="68.03")


def test_billed_on_the_31st_through_a_leap_february() -> None:
    acme = account("2023-12-31T08:00", anchor=31).tell("2024-01-10T09:00", AddPackage(plan="pro"))

    bills = [acme.cut()[0] for _ in range(4)]

    # 31 Dec to 30 Jan; 31 Jan to 28 Feb; 29 Feb to 30 March; 31 March to 29 April
    assert_bill(bills[0], ("pro", "2024-01-10 to 2024-01-30", "249.00 × 21/31", "168.68"), total="168.68")
    assert_bill(bills[1], ("pro", "2024-01-31 to 2024-02-28", "249.00 × 29/29", "249.00"), total="249.00")
    assert_bill(bills[2], ("pro", "2024-02-29 to 2024-03-30", "249.00 × 31/31", "249.00"), total="249.00")
    assert_bill(bills[3], ("pro", "2024-03-31 to 2024-04-29", "249.00 × 30/30", "249.00"), total="249.00")
