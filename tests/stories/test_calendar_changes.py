"""Stories of accounts that move to another time zone or another anchor day (rules §3).

Pro is 249.00 a month with 5 representatives, each further one 49.00; Basic is 99.00; the WhatsApp add-on 50.00, Solo 400.00 a year.
What was asked for acts at the next cut-off. A stub is charged by its days against the month that ends at the new anchor.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from gateway.billing.bill import Bill
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangeBillingCalendar,
    ChangePackage,
    ReactivatePackage,
    RemoveAddOn,
)
from tests.billing.given import CATALOG, NOW, YEAR, Told, account, on, row
from tests.stories.paper import assert_bill

NEW_YORK, AUCKLAND = "America/New_York", "Pacific/Auckland"


def days_of(*bills: Bill) -> list[date]:
    """Every day that was billed for the base price, in the order of the bills."""
    lines = [line for bill in bills for line in bill.lines if line.part == "base"]
    return [line.days.start + timedelta(days=n) for line in lines for n in range(len(line.days))]


def assert_each_day_once(bills: list[Bill], first: str, last: str) -> None:
    """The periods follow one another, and an item that was held throughout owes every day from first to last, once."""
    assert all(one.period.end == other.period.start for one, other in pairwise(bills))
    start = date.fromisoformat(first)
    assert days_of(*bills) == [start + timedelta(days=n) for n in range((date.fromisoformat(last) - start).days + 1)]


def test_from_the_first_to_the_fifteenth() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=7))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(anchor_day=15))
    stub_foretold = acme.books.next.expected
    june, _ = acme.cut()
    stub, _ = acme.cut()
    august, _ = acme.cut()

    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"),
        ("pro +2", "2026-06-01 to 2026-06-30", "49.00 × 60/30", "98.00"),
        total="347.00",
    )
    # 1 to 14 July of the month from 15 June to 14 July, which has 30 days: 249.00 × 14/30 = 116.20, 49.00 × 28/30 = 45.73
    assert_bill(
        stub,
        ("pro", "2026-07-01 to 2026-07-14", "249.00 × 14/30", "116.20"),
        ("pro +2", "2026-07-01 to 2026-07-14", "49.00 × 28/30", "45.73"),
        total="161.93",
    )
    assert stub.lines == stub_foretold.lines
    assert_bill(
        august,
        ("pro", "2026-07-15 to 2026-08-14", "249.00 × 31/31", "249.00"),
        ("pro +2", "2026-07-15 to 2026-08-14", "49.00 × 62/31", "98.00"),
        total="347.00",
    )
    assert_each_day_once([june, stub, august], "2026-06-01", "2026-08-14")


@pytest.mark.parametrize(
    ("year", "old", "new", "opened", "stub", "following"),
    [
        # 28 February alone, of the 28 days from the 1st on: 249.00 × 1/28 = 8.89
        (2026, 31, 1, "2026-01-31", ("2026-02-28 to 2026-02-28", "249.00 × 1/28", "8.89"), "2026-03-01 to 2026-03-31"),
        # 29 February alone, of 29: 249.00 × 1/29 = 8.59
        (2028, 31, 1, "2028-01-31", ("2028-02-29 to 2028-02-29", "249.00 × 1/29", "8.59"), "2028-03-01 to 2028-03-31"),
        # 15 to 27 February, 13 of the 28 days from 31 January on: 249.00 × 13/28 = 115.61
        (2026, 15, 31, "2026-01-15", ("2026-02-15 to 2026-02-27", "249.00 × 13/28", "115.61"), "2026-02-28 to 2026-03-30"),
        # In a leap year 14 of 29: 249.00 × 14/29 = 120.21
        (2028, 15, 31, "2028-01-15", ("2028-02-15 to 2028-02-28", "249.00 × 14/29", "120.21"), "2028-02-29 to 2028-03-30"),
        # 15 to 28 February, all that is left of it: 249.00 × 14/28 = 124.50
        (2026, 15, 1, "2026-01-15", ("2026-02-15 to 2026-02-28", "249.00 × 14/28", "124.50"), "2026-03-01 to 2026-03-31"),
    ],
)
def test_over_the_end_of_february(year: int, old: int, new: int, opened: str, stub: tuple[str, str, str], following: str) -> None:
    acme = account(f"{opened}T08:00", anchor=old).tell(f"{opened}T09:00", AddPackage(plan="pro"))
    acme.tell(f"{year}-02-02T09:00", ChangeBillingCalendar(anchor_day=new))

    before, _ = acme.cut()
    short, _ = acme.cut()
    after, _ = acme.cut()

    assert_bill(before, ("pro", f"{opened} to {before.period.end - timedelta(days=1)}", *whole(before)), total="249.00")
    assert_bill(short, ("pro", *stub), total=stub[2])
    assert_bill(after, ("pro", following, *whole(after)), total="249.00")
    assert_each_day_once([before, short, after], opened, following[-10:])


def whole(bill: Bill) -> tuple[str, str]:
    days = len(bill.period)
    return f"249.00 × {days}/{days}", "249.00"


def test_from_istanbul_to_new_york_the_evening_before_new_yorks_midnight_is_the_first_day() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=NEW_YORK))
    acme.tell("2026-06-30T23:59:59+03:00", AddAddOn(plan="whatsapp"))  # 16:59:59 in New York: the last second of June's period
    june, _ = acme.cut("2026-07-01T00:00+03:00")
    acme.tell("2026-06-30T17:00:01-04:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    acme.tell("2026-06-30T20:00-04:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    july, _ = acme.cut()

    # 249.00 for June, 50.00 × 1/30 = 1.67; then one day each: 249.00 × 1/31 = 8.03, 50.00 × 1/31 = 1.61
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"),
        ("whatsapp", "2026-06-30 to 2026-06-30", "50.00 × 1/30", "1.67"),
        total="250.67",
    )
    assert_bill(
        july,
        ("pro", "2026-07-01 to 2026-07-01", "249.00 × 1/31", "8.03"),
        ("whatsapp", "2026-07-01 to 2026-07-01", "50.00 × 1/31", "1.61"),
        total="9.64",
    )
    assert str(july.period.end) == "2026-08-01"


def test_from_istanbul_to_auckland_the_morning_before_istanbuls_midnight_is_the_last_day() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=AUCKLAND))
    acme.tell("2026-07-01T08:59+12:00", AddAddOn(plan="whatsapp"))  # 23:59 on 30 June in Istanbul
    june, _ = acme.cut("2026-07-01T09:00+12:00")
    acme.tell("2026-07-01T23:59+12:00", RemoveAddOn(plan="whatsapp", effective=NOW))
    acme.tell("2026-07-02T00:00+12:00", CancelPackage(package_id=acme.package.id, effective=NOW))  # as 1 July ends
    july, _ = acme.cut()

    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"),
        ("whatsapp", "2026-06-30 to 2026-06-30", "50.00 × 1/30", "1.67"),
        total="250.67",
    )
    assert_bill(
        july,
        ("pro", "2026-07-01 to 2026-07-01", "249.00 × 1/31", "8.03"),
        ("whatsapp", "2026-07-01 to 2026-07-01", "50.00 × 1/31", "1.61"),
        total="9.64",
    )


@pytest.mark.parametrize(
    ("old", "new", "anchor", "opened"),
    [
        ("America/New_York", "Europe/Istanbul", 8, "2026-02-08"),  # New York's clocks go forward on the day of the cut-off
        ("Europe/London", AUCKLAND, 5, "2026-03-05"),  # New Zealand's go back on it
        ("Europe/Istanbul", NEW_YORK, 1, "2026-10-01"),  # New York's go back on the first day of the new period
        ("Etc/GMT+12", "Pacific/Kiritimati", 1, "2026-06-01"),  # over the date line, 26 hours
        ("Pacific/Kiritimati", "Etc/GMT+12", 1, "2026-06-01"),
    ],
)
def test_whatever_clocks_do_at_the_seam_each_day_is_billed_once(old: str, new: str, anchor: int, opened: str) -> None:
    acme = account(f"{opened}T00:00", zone=old, anchor=anchor).tell(f"{opened}T09:00", AddPackage(plan="pro"))
    acme.tell(f"{opened}T10:00", ChangeBillingCalendar(time_zone=new))

    bills = [acme.cut()[0], acme.books.expected.bill]

    assert [str(bill.due.amount) for bill in bills] == ["249.00", "249.00"]
    assert_each_day_once(bills, opened, str(bills[-1].period.end - timedelta(days=1)))


def test_another_zone_and_another_anchor_together_and_the_last_of_two_wishes_counts() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=AUCKLAND, anchor_day=10))
    acme.tell("2026-06-30T23:59:59+03:00", ChangeBillingCalendar(time_zone=NEW_YORK, anchor_day=20))
    june, _ = acme.cut()
    stub, _ = acme.cut("2026-07-20T00:00-04:00")
    july, _ = acme.cut("2026-08-20T00:00-04:00")

    # 1 to 19 July, of the 30 days from 20 June on: 249.00 × 19/30 = 157.70
    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert_bill(stub, ("pro", "2026-07-01 to 2026-07-19", "249.00 × 19/30", "157.70"), total="157.70")
    assert_bill(july, ("pro", "2026-07-20 to 2026-08-19", "249.00 × 31/31", "249.00"), total="249.00")


def test_there_and_back_again_leaves_two_stubs_that_make_the_days_up() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(anchor_day=15))
    june, _ = acme.cut()
    acme.tell("2026-07-02T09:00", ChangeBillingCalendar(anchor_day=1))
    first, _ = acme.cut()
    second, _ = acme.cut()
    august, _ = acme.cut()

    # 14 of the 30 days to 14 July: 116.20. 15 to 31 July, 17 of July's 31: 249.00 × 17/31 = 136.55
    assert_bill(first, ("pro", "2026-07-01 to 2026-07-14", "249.00 × 14/30", "116.20"), total="116.20")
    assert_bill(second, ("pro", "2026-07-15 to 2026-07-31", "249.00 × 17/31", "136.55"), total="136.55")
    assert_bill(august, ("pro", "2026-08-01 to 2026-08-31", "249.00 × 31/31", "249.00"), total="249.00")
    assert_each_day_once([june, first, second, august], "2026-06-01", "2026-08-31")


def on_a_stub() -> Told:
    """Pro with the stub from 1 to 14 July running."""
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(anchor_day=15))
    acme.cut()
    return acme


def test_a_cancellation_and_a_return_on_the_stub() -> None:
    acme = on_a_stub()
    acme.tell("2026-07-04T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-07-10T09:00", ReactivatePackage(package_id=acme.package.id))
    stub, _ = acme.cut()
    following, _ = acme.cut()

    # 4 days, then 5: 249.00 × 4/30 = 33.20, 249.00 × 9/30 = 74.70
    assert_bill(
        stub,
        ("pro", "2026-07-01 to 2026-07-04", "249.00 × 4/30", "33.20"),
        ("pro", "2026-07-10 to 2026-07-14", "249.00 × 9/30 − 249.00 × 4/30", "41.50"),
        total="74.70",
    )
    assert_bill(following, ("pro", "2026-07-15 to 2026-08-14", "249.00 × 31/31", "249.00"), total="249.00")


def test_renewal_on_the_stub_is_its_end() -> None:
    acme = on_a_stub()
    assert str(acme.package.renews_on) == "2026-07-15"
    acme.tell("2026-07-04T09:00", ChangePackage(package_id=acme.package.id, plan="basic"))  # cheaper: at renewal
    acme.tell("2026-07-05T09:00", AddAddOn(plan="whatsapp", effective=on("2026-07-14")))
    stub, _ = acme.cut()
    following, _ = acme.cut()

    # 50.00 × 1/30 = 1.67
    assert_bill(
        stub,
        ("pro", "2026-07-01 to 2026-07-14", "249.00 × 14/30", "116.20"),
        ("whatsapp", "2026-07-14 to 2026-07-14", "50.00 × 1/30", "1.67"),
        total="117.87",
    )
    assert_bill(
        following,
        ("basic", "2026-07-15 to 2026-08-14", "99.00 × 31/31", "99.00"),
        ("whatsapp", "2026-07-15 to 2026-08-14", "50.00 × 31/31", "50.00"),
        total="149.00",
    )


def test_a_downgrade_that_waits_for_the_seam_acts_as_the_stub_begins() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-05T09:00", ChangePackage(package_id=acme.package.id, plan="basic"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=NEW_YORK, anchor_day=15))
    june, _ = acme.cut()
    stub, _ = acme.cut("2026-07-15T00:00-04:00")

    # 99.00 × 14/30 = 46.20: not an hour of Pro in the new period
    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00"), total="249.00")
    assert_bill(stub, ("basic", "2026-07-01 to 2026-07-14", "99.00 × 14/30", "46.20"), total="46.20")


def test_a_yearly_term_that_runs_keeps_its_bounds_and_is_only_billed_in_other_pieces() -> None:
    acme = account("2026-01-01T08:00").tell("2026-01-01T09:00", AddPackage(plan="solo", interval=YEAR))
    acme.tell("2026-01-10T09:00", ChangeBillingCalendar(anchor_day=15))
    january, _ = acme.cut()
    stub, _ = acme.cut()
    march, _ = acme.cut()

    # 400.00 × 31/365 = 33.97, × 45/365 = 49.32, × 73/365 = 80.00: the year runs from 1 January on, whatever the anchor
    assert [row(line) for bill in (january, stub, march) for line in bill.lines] == [
        ("solo", "2026-01-01 to 2026-01-31", "400.00 × 31/365", "33.97"),
        ("solo", "2026-02-01 to 2026-02-14", "400.00 × 45/365 − 400.00 × 31/365", "15.35"),
        ("solo", "2026-02-15 to 2026-03-14", "400.00 × 73/365 − 400.00 × 45/365", "30.68"),
    ]
    assert str(acme.package.renews_on) == "2027-01-01"
    assert_each_day_once([january, stub, march], "2026-01-01", "2026-03-14")


def test_a_yearly_term_that_ends_within_a_period_is_followed_by_one_of_the_new_anchor() -> None:
    acme = account("2026-01-01T08:00").tell("2026-01-01T09:00", AddPackage(plan="solo", interval=YEAR))
    for _ in range(10):
        acme.cut()
    acme.tell("2026-11-10T09:00", ChangeBillingCalendar(anchor_day=15))
    acme.cut()
    stub, _ = acme.cut()
    foretold = acme.books.expected.bill
    turn_of_the_year, _ = acme.cut()
    january, _ = acme.cut()

    # The year is over on 31 December: 400.00 × 348/365 = 381.37 by 14 December, 400.00 by then. From 1 January on another one is billed,
    # which like any runs from anchor to anchor, 15 December to 14 December: 400.00 × 14/365 = 15.34, × 45/365 = 49.32
    assert_bill(stub, ("solo", "2026-12-01 to 2026-12-14", "400.00 × 348/365 − 400.00 × 334/365", "15.34"), total="15.34")
    assert_bill(
        turn_of_the_year,
        ("solo", "2026-12-15 to 2026-12-31", "400.00 × 365/365 − 400.00 × 348/365", "18.63"),
        ("solo", "2027-01-01 to 2027-01-14", "400.00 × 14/365", "15.34"),
        total="33.97",
    )
    assert turn_of_the_year.lines == foretold.lines
    assert_bill(january, ("solo", "2027-01-15 to 2027-02-14", "400.00 × 45/365 − 400.00 × 14/365", "33.98"), total="33.98")
    assert str(acme.package.renews_on) == "2027-12-15"


def test_a_year_that_was_left_early_after_a_stub_is_re_rated_by_the_stub_too() -> None:
    acme = account("2026-01-01T08:00").tell("2026-01-01T09:00", AddPackage(plan="solo", interval=YEAR))
    acme.tell("2026-01-10T09:00", ChangeBillingCalendar(anchor_day=15))
    acme.cut()
    acme.cut()
    acme.tell("2026-02-20T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    # By the month 40.00 for January; 1 to 14 February of the 31 days from 15 January on: 40.00 × 14/31 = 18.06;
    # 15 to 20 February of the 28 days to 14 March: 40.00 × 6/28 = 8.57; together 66.63. By the year 400.00 × 51/365 = 55.89
    assert_bill(
        bill,
        ("solo", "2026-02-15 to 2026-02-20", "400.00 × 51/365 − 400.00 × 45/365", "6.57"),
        ("solo early_end", "2026-01-01 to 2026-02-20", "66.63 − 55.89", "10.74"),
        total="17.31",
    )


@pytest.mark.parametrize(
    ("zone", "seconds", "total"),
    [
        # The year ends at midnight of Istanbul, 21:00 UTC. The eight hours to New York's are not billed,
        (NEW_YORK, 31_536_000, "400.00"),
        # nor are the ten from Auckland's midnight on, when the next year has begun: 400.00 × 31500000/31536000
        (AUCKLAND, 31_500_000, "399.54"),
    ],
)
def test_by_the_second_a_year_never_costs_more_than_its_price_where_the_zone_changes(zone: str, seconds: int, total: str) -> None:
    acme = account("2026-01-01T00:00", catalog=replace(CATALOG, convention="SECOND"))
    acme.tell("2026-01-01T00:00", AddPackage(plan="solo", interval=YEAR))
    lines = [line for _ in range(5) for line in acme.cut()[0].lines]
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=zone))
    lines += [line for _ in range(7) for line in acme.cut()[0].lines]

    assert {line.whole for line in lines} == {31_536_000}
    assert lines[-1].after == seconds
    assert str(sum(line.amount.amount for line in lines)) == total
    assert str(acme.package.renews_on) == "2028-01-01"


def test_by_the_second_a_month_has_the_hours_of_its_seam() -> None:
    acme = account("2026-06-01T00:00", catalog=replace(CATALOG, convention="SECOND")).tell("2026-06-01T00:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T09:00", ChangeBillingCalendar(time_zone=NEW_YORK))
    acme.cut()

    # 31 days and seven hours
    assert_bill(acme.cut()[0], ("pro", "2026-07-01 to 2026-07-31", "249.00 × 2703600/2703600 s", "249.00"), total="249.00")


def test_in_thirtieths_a_year_is_counted_by_the_anchor_it_began_by() -> None:
    acme = account("2026-01-31T08:00", anchor=31, catalog=replace(CATALOG, convention="FIXED_30"))
    acme.tell("2026-01-31T09:00", AddPackage(plan="solo", interval=YEAR))
    acme.tell("2026-02-02T09:00", ChangeBillingCalendar(anchor_day=15))

    bills = [acme.cut()[0] for _ in range(13)]

    # 28 February to 14 March are 15 of the 30 to 30 March. 15 to 30 January are the last 16 of 360: 400.00 × 344/360 = 382.22. Then
    # a year of the new anchor begins, in which these days are 16 to 30 of a month: 400.00 × 14/360
    assert [row(line) for bill in (bills[1], bills[-1]) for line in bill.lines] == [
        ("solo", "2026-02-28 to 2026-03-14", "400.00 × 45/360 − 400.00 × 30/360", "16.67"),
        ("solo", "2027-01-15 to 2027-01-30", "400.00 × 360/360 − 400.00 × 344/360", "17.78"),
        ("solo", "2027-01-31 to 2027-02-14", "400.00 × 14/360", "15.56"),
    ]
