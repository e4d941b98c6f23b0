"""Stories of leaving a longer term early: what is owed beside the days used (rules §3).

Pro is 249.00 a month, 690.00 a quarter or 2,490.00 a year, with 5 representatives; each further one is 49.00, 140.00 or 490.00.
Basic is 99.00 a month, 280.00 a quarter or 990.00 a year. Terms of a quarter or a year are re-rated unless told otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog, EarlyEnd, Kind, Plan
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    CloseAccount,
    Command,
    ReactivatePackage,
    RemoveAddOn,
)
from tests.billing.given import AT_RENEWAL, CATALOG, MONTH, NOW, QUARTER, YEAR, Told, account, catalog_of, offer, on, plan
from tests.stories.paper import assert_bill


def yearly(catalog: Catalog = CATALOG, representatives: int = 5, cuts: int = 2) -> Told:
    """Pro by the year from 1 June 2026 on, some months of it billed."""
    acme = account("2026-06-01T00:00", catalog=catalog)
    acme.tell("2026-06-01T00:00:01", AddPackage(plan="pro", representatives=representatives, interval=YEAR))
    for _ in range(cuts):
        acme.cut()
    return acme


def leaving(early_end: EarlyEnd) -> Catalog:
    """The catalog, with longer terms of Pro and Basic that are left in this way."""

    def told(one: Plan) -> Plan:
        (only,) = one.offers
        return replace(one, offers=(replace(only, prices=tuple(replace(price, early_end=early_end) for price in only.prices)),))

    return replace(CATALOG, plans={code: told(one) if code in ("pro", "basic") else one for code, one in CATALOG.plans.items()})


def test_cancelled_in_the_third_month_the_days_used_cost_what_they_would_have_by_the_month() -> None:
    acme = yearly(representatives=7)
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    # By the year: 2490.00 × 71/365 = 484.36 and 490.00 × 142/365 = 190.63, together 674.99 for 71 days.
    # By the month: June and July 347.00 each; 249.00 × 10/31 = 80.32 and 49.00 × 20/31 = 31.61 in August; together 805.93
    assert_bill(
        bill,
        ("pro", "2026-08-01 to 2026-08-10", "2490.00 × 71/365 − 2490.00 × 61/365", "68.22"),
        ("pro +2", "2026-08-01 to 2026-08-10", "490.00 × 142/365 − 490.00 × 122/365", "26.85"),
        ("pro early_end", "2026-06-01 to 2026-08-10", "805.93 − 674.99", "130.94"),
        total="226.01",
    )
    assert bill.lines[-1].because == (5,)  # opened, taken, cut, cut, cancelled
    assert bill.lines[-1].description("en") == "Pro: the days used of the term, at the monthly price"


def test_all_bills_of_what_was_left_early_are_what_months_would_have_cost() -> None:
    by_year = yearly(cuts=0)
    by_month = account("2026-06-01T00:00").tell("2026-06-01T00:00:01", AddPackage(plan="pro"))
    sums = []
    for acme in (by_year, by_month):
        bills = [acme.cut()[0].due.minor for _ in range(5)]
        acme.tell("2026-11-17T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
        sums.append(sum(bills) + acme.cut()[0].due.minor)

    assert sums == [138610, 138610]  # five months and 249.00 × 17/30 = 141.10


def test_it_is_expected_at_once_and_counts_from_the_leaving_on() -> None:
    acme = yearly()
    before = acme.now("2026-08-10T09:00")
    after = CancelPackage(package_id=acme.package.id, effective=on("2026-08-21"))(before).committed()

    # 61 + 10 days by the year: 484.36 − 416.14 = 68.22; to the 20th 2490.00 × 81/365 = 552.58, − 416.14 = 136.44;
    # by the month 249.00 × 2 + 249.00 × 20/31 = 658.65, 106.07 more
    assert str(before.current.so_far.due.amount) == "68.22"
    assert str(after.current.so_far.due.amount) == "68.22"
    assert str(after.current.expected.due.amount) == "242.51"
    assert str(replace(after, now=acme.now("2026-08-20T23:59").now).current.so_far.due.amount) == "136.44"
    assert str(replace(after, now=acme.now("2026-08-21T00:00").now).current.so_far.due.amount) == "242.51"


@pytest.mark.parametrize(
    ("command", "amount", "cut_off"),
    [
        (CancelPackage(package_id="", effective=NOW), "93.96", "2026-09-01"),
        (CancelPackage(package_id="", effective=on("2026-08-21")), "106.07", "2026-09-01"),
        (CancelPackage(package_id="", effective=on("2026-12-24")), "273.42", "2027-01-01"),
        (ChangePackage(package_id="", interval=MONTH), "92.76", "2026-09-01"),
        (CloseAccount(), "93.96", "2026-09-01"),
    ],
)
def test_a_preview_of_leaving_says_what_it_costs_and_on_which_bill(command: Command, amount: str, cut_off: str) -> None:
    acme = yearly()
    if not isinstance(command, CloseAccount):
        command = replace(command, package_id=acme.package.id)  # type: ignore[type-var]

    (warning,) = [each for each in acme.preview("2026-08-10T09:00", command).warnings if each.code == "EARLY_END"]

    assert (
        warning.text("en") == f"The term runs until 2027-06-01. Ending it early costs {amount} TRY, on the bill that is cut on {cut_off}."
    )
    assert f"{amount} TRY" in warning.text("tr")


@pytest.mark.parametrize(
    "command",
    [
        CancelPackage(package_id="", effective=AT_RENEWAL),
        ChangePackage(package_id="", interval=MONTH, effective=AT_RENEWAL),
        ChangePackage(package_id="", representatives=9, effective=NOW),
        ChangePackage(package_id="", plan="basic", effective=NOW),
    ],
)
def test_who_does_not_leave_is_not_warned_and_pays_nothing(command: CancelPackage | ChangePackage) -> None:
    acme = yearly()

    preview = acme.preview("2026-08-10T09:00", replace(command, package_id=acme.package.id))

    assert "EARLY_END" not in {each.code for each in preview.warnings}
    assert {line.part for line in preview.after.expected.lines} <= {"base", "representatives"}


def test_plans_changed_within_the_year_are_each_re_rated_by_their_own_monthly_price() -> None:
    acme = yearly(cuts=1)
    acme.tell("2026-07-16T09:00", ChangePackage(package_id=acme.package.id, plan="basic", effective=NOW))
    acme.cut()
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    # By the year: Pro 2490.00 × 46/365 = 313.81 to 16 July, Basic 990.00 × 25/365 = 67.81; together 381.62.
    # By the month: 249.00; 249.00 × 16/31 = 128.52 and 99.00 × 15/31 = 47.90; 99.00 × 10/31 = 31.94; together 457.36
    assert_bill(
        bill,
        ("basic", "2026-08-01 to 2026-08-10", "990.00 × 25/365 − 990.00 × 15/365", "27.13"),
        ("basic early_end", "2026-06-01 to 2026-08-10", "457.36 − 381.62", "75.74"),
        total="102.87",
    )


def test_the_monthly_price_is_that_of_the_day_the_yearly_one_was_taken() -> None:
    pro = plan(
        "pro",
        offer("pro", "MONTH 249 TRY, YEAR 2490 TRY"),
        offer("pro", "MONTH 300 TRY, YEAR 3000 TRY", date(2026, 7, 1)),
    )
    acme = yearly(catalog_of(pro), representatives=1, cuts=1)
    acme.tell("2026-07-31T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    # 2 × 249.00 − 2490.00 × 61/365 = 498.00 − 416.14
    assert acme.cut()[0].lines[-1].formula == "498.00 − 416.14"


def test_back_within_the_period_is_not_to_have_left() -> None:
    acme = yearly()
    package = acme.package.id
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=package, effective=NOW))
    assert str(acme.books.expected.bill.due.amount) == "162.18"
    acme.tell("2026-08-10T09:30", ReactivatePackage(package_id=package, effective=on("2026-08-21")))

    # so far does not count what the scheduled return will undo
    assert str(acme.now("2026-08-15T09:00").current.so_far.due.amount) == "68.22"
    # 61 days before, 10 + 11 in August: 2490.00 × 82/365 = 559.40
    assert_bill(
        acme.cut()[0],
        ("pro", "2026-08-01 to 2026-08-10", "2490.00 × 71/365 − 2490.00 × 61/365", "68.22"),
        ("pro", "2026-08-21 to 2026-08-31", "2490.00 × 82/365 − 2490.00 × 71/365", "75.04"),
        total="143.26",
    )


def test_to_the_month_and_back_within_the_period_finds_the_same_year() -> None:
    acme = yearly()
    package = acme.package.id
    acme.tell("2026-08-10T09:00", ChangePackage(package_id=package, interval=MONTH))
    acme.tell("2026-08-10T09:01", ChangePackage(package_id=package, interval=YEAR, effective=NOW))

    # 10 August was spent by the month for a minute, which was the dearer: 249.00 × 1/31 = 8.03
    assert_bill(
        acme.cut()[0],
        ("pro", "2026-08-01 to 2026-08-09", "2490.00 × 70/365 − 2490.00 × 61/365", "61.39"),
        ("pro", "2026-08-10 to 2026-08-10", "249.00 × 1/31", "8.03"),
        ("pro", "2026-08-11 to 2026-08-31", "2490.00 × 91/365 − 2490.00 × 70/365", "143.26"),
        total="212.68",
    )
    assert acme.package.renews_on == date(2027, 6, 1)


def test_from_the_month_to_the_year_in_mid_month_and_back_two_months_later() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-16T09:00", ChangePackage(package_id=acme.package.id, interval=YEAR, effective=NOW))
    june, _ = acme.cut()
    acme.cut()
    acme.tell("2026-08-10T09:00", ChangePackage(package_id=acme.package.id, interval=MONTH))

    bill, _ = acme.cut()

    # The 16th is still the month's, the dearer by the day; the year has 14 days of June
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-16", "249.00 × 16/30", "132.80"),
        ("pro", "2026-06-17 to 2026-06-30", "2490.00 × 14/365", "95.51"),
        total="228.31",
    )
    # The year has 14 + 31 + 9 = 54 days: 368.38; by the month 249.00 × 14/30 = 116.20, 249.00 and 249.00 × 9/31 = 72.29: 437.49
    assert_bill(
        bill,
        ("pro", "2026-08-01 to 2026-08-09", "2490.00 × 54/365 − 2490.00 × 45/365", "61.39"),
        ("pro", "2026-08-10 to 2026-08-31", "249.00 × 22/31", "176.71"),
        ("pro early_end", "2026-06-17 to 2026-08-09", "437.49 − 368.38", "69.11"),
        total="307.21",
    )


def test_who_comes_back_later_in_the_year_is_re_rated_only_for_the_days_since() -> None:
    acme = yearly()
    package = acme.package.id
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=package, effective=NOW))
    acme.cut()
    acme.tell("2026-09-21T09:00", ReactivatePackage(package_id=package))
    september, _ = acme.cut()
    acme.tell("2026-10-05T09:00", CancelPackage(package_id=package, effective=NOW))
    october, _ = acme.cut()

    assert_bill(september, ("pro", "2026-09-21 to 2026-09-30", "2490.00 × 81/365 − 2490.00 × 71/365", "68.22"), total="68.22")
    # By the month 249.00 × 10/30 = 83.00 and 249.00 × 5/31 = 40.16; by the year 68.22 + 34.10
    assert_bill(
        october,
        ("pro", "2026-10-01 to 2026-10-05", "2490.00 × 86/365 − 2490.00 × 81/365", "34.10"),
        ("pro early_end", "2026-09-21 to 2026-10-05", "123.16 − 102.32", "20.84"),
        total="54.94",
    )


def test_in_the_last_period_of_a_term_there_is_nothing_early() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=QUARTER))
    acme.cut()
    acme.cut()
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    # 30 + 31 + 10 of 92 days: 690.00 × 71/92 = 532.50
    assert_bill(acme.cut()[0], ("pro", "2026-08-01 to 2026-08-10", "690.00 × 71/92 − 690.00 × 61/92", "75.00"), total="75.00")


def test_a_quarter_left_in_its_second_month() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=QUARTER))
    acme.cut()
    acme.tell("2026-07-15T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    # By the month: 249.00 + 249.00 × 15/31 = 369.48; by the quarter: 690.00 × 45/92 = 337.50
    assert_bill(
        acme.cut()[0],
        ("pro", "2026-07-01 to 2026-07-15", "690.00 × 45/92 − 690.00 × 30/92", "112.50"),
        ("pro early_end", "2026-06-01 to 2026-07-15", "369.48 − 337.50", "31.98"),
        total="144.48",
    )


def test_ended_as_a_period_begins_the_difference_is_on_that_periods_bill() -> None:
    acme = yearly(cuts=0)
    acme.tell("2026-06-20T09:00", CancelPackage(package_id=acme.package.id, effective=on("2026-08-01")))
    june, july, august = (acme.cut()[0] for _ in range(3))

    assert [str(june.due.amount), str(july.due.amount)] == ["204.66", "211.48"]
    assert_bill(august, ("pro early_end", "2026-06-01 to 2026-07-31", "498.00 − 416.14", "81.86"), total="81.86")
    assert acme.cut()[1] is None  # and never again


def test_an_add_on_taken_by_the_year() -> None:
    whatsapp = plan("whatsapp", offer("whatsapp", "MONTH 50 TRY, YEAR 500 TRY"), kind=Kind.ADD_ON)
    acme = account(catalog=catalog_of(whatsapp)).tell("2026-06-01T09:00", AddAddOn(plan="whatsapp", interval=YEAR))
    preview = acme.preview("2026-06-30T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    acme.tell("2026-06-30T09:00", RemoveAddOn(plan="whatsapp", effective=NOW))

    assert [each.code for each in preview.warnings] == ["EARLY_END"]
    assert_bill(
        acme.cut()[0],
        ("whatsapp", "2026-06-01 to 2026-06-30", "500.00 × 30/365", "41.10"),
        ("whatsapp early_end", "2026-06-01 to 2026-06-30", "50.00 − 41.10", "8.90"),
        total="50.00",
    )


def test_a_year_that_is_dearer_than_its_months_is_left_for_nothing_and_nothing_is_given_back() -> None:
    dear = plan("pro", offer("pro", "MONTH 10 TRY, YEAR 3650 TRY"))
    acme = yearly(catalog_of(dear), representatives=1, cuts=1)
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    assert_bill(acme.cut()[0], ("pro", "2026-07-01 to 2026-07-10", "3650.00 × 40/365 − 3650.00 × 30/365", "100.00"), total="100.00")


def test_where_leaving_costs_nothing_the_days_used_are_all() -> None:
    acme = yearly(leaving(EarlyEnd.NONE))
    acme.tell("2026-08-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    assert str(acme.cut()[0].due.amount) == "68.22"


def test_the_rest_of_the_term_is_owed_at_once_and_the_year_costs_its_price() -> None:
    acme = yearly(leaving(EarlyEnd.REST_OF_TERM), representatives=7, cuts=0)
    june, _ = acme.cut()
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    so_far = acme.books.so_far.bill

    july, _ = acme.cut()

    assert_bill(
        july,
        ("pro", "2026-07-01 to 2026-07-10", "2490.00 × 40/365 − 2490.00 × 30/365", "68.22"),
        ("pro +2", "2026-07-01 to 2026-07-10", "490.00 × 80/365 − 490.00 × 60/365", "26.85"),
        ("pro rest_of_term", "2026-07-11 to 2027-05-31", "2490.00 × 365/365 − 2490.00 × 40/365", "2217.12"),
        ("pro rest_of_term_representatives", "2026-07-11 to 2027-05-31", "490.00 × 730/365 − 490.00 × 80/365", "872.60"),
        total="3184.79",
    )
    assert so_far == july
    assert june.due.minor + july.due.minor == 347000  # 2490.00 + 2 × 490.00
    assert acme.cut()[1] is None


def test_who_comes_back_within_a_term_that_was_paid_owes_only_what_is_dearer() -> None:
    acme = yearly(leaving(EarlyEnd.REST_OF_TERM), cuts=1)
    package = acme.package.id
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=package, effective=NOW))
    acme.cut()
    acme.cut()
    acme.tell("2026-09-21T09:00", ReactivatePackage(package_id=package))
    assert acme.package.renews_on == date(2027, 6, 1)
    assert_bill(acme.cut()[0], total="0.00")

    acme.tell("2026-10-11T09:00", ChangePackage(package_id=package, representatives=7))
    # two representatives more: 980.00 × 21/365 = 56.38
    assert_bill(acme.cut()[0], ("pro beyond_rest_of_term", "2026-10-11 to 2026-10-31", "980.00 × 21/365", "56.38"), total="56.38")

    acme.tell("2026-11-11T09:00", CancelPackage(package_id=package, effective=NOW))
    # left again: what was dearer is owed to the end, 980.00 × 233/365 = 625.59 in all
    assert_bill(
        acme.cut()[0],
        ("pro beyond_rest_of_term", "2026-11-01 to 2026-11-11", "980.00 × 32/365 − 980.00 × 21/365", "29.54"),
        ("pro rest_of_term", "2026-11-12 to 2027-05-31", "980.00 × 233/365 − 980.00 × 32/365", "539.67"),
        total="569.21",
    )


def test_after_the_paid_term_a_new_one_is_billed_in_full() -> None:
    acme = yearly(leaving(EarlyEnd.REST_OF_TERM), cuts=1)
    acme.tell("2026-07-10T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    for _ in range(10):
        acme.cut()
    acme.tell("2027-05-20T09:00", ReactivatePackage(package_id=acme.package.id))

    may, _ = acme.cut()
    june, _ = acme.cut()

    assert may.lines == ()
    # June 2027 to May 2028 have 366 days
    assert_bill(june, ("pro", "2027-06-01 to 2027-06-30", "2490.00 × 30/366", "204.10"), total="204.10")


def test_the_rest_of_a_term_by_the_second_counts_from_the_very_second() -> None:
    acme = yearly(replace(leaving(EarlyEnd.REST_OF_TERM), convention="SECOND"), cuts=0)
    acme.tell("2026-06-10T12:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    # taken a second late: 9.5 days are 820,800 s, less that one, of 31,536,000
    assert [line.formula for line in bill.lines] == [
        "2490.00 × 820799/31536000 s",
        "2490.00 × 31535999/31536000 s − 2490.00 × 820799/31536000 s",
    ]
    assert str(bill.due.amount) == "2490.00"
