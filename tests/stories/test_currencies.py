"""Stories in other currencies: the yen has no decimals, the Kuwaiti dinar has three (rules §5).

Pro is ¥3,900 and ¥700 for each representative beyond 5, or KD 12.345 and KD 1.500; Basic is KD 4.500 or € 19.99.
"""

from __future__ import annotations

from gateway.billing.commands import AddAddOn, AddPackage, CancelPackage, ChangePackage
from tests.billing.given import NOW, account, catalog_of, offer, plan
from tests.stories.paper import assert_bill


def test_yen_are_rounded_to_whole_yen() -> None:
    acme = account(currency="JPY", zone="Asia/Tokyo").tell("2026-06-12T09:00", AddPackage(plan="pro", representatives=6))

    june, _ = acme.cut()
    july, _ = acme.cut()

    # 12 to 30 June are 19 days: 3900 × 19/30 = 2470; 700 × 19/30 = 443.3
    assert_bill(
        june,
        ("pro", "2026-06-12 to 2026-06-30", "3900 × 19/30", "2470"),
        ("pro +1", "2026-06-12 to 2026-06-30", "700 × 19/30", "443"),
        total="2913",
    )
    assert july.due.minor == 4600


def test_a_month_of_yen_split_in_three_is_still_the_price() -> None:
    acme = account("2026-07-01T08:00", currency="JPY", zone="Asia/Tokyo").tell("2026-07-01T09:00", AddPackage(plan="basic"))
    package = acme.package.id
    acme.tell("2026-07-11T09:00", ChangePackage(package_id=package, representatives=4))
    acme.tell("2026-07-21T09:00", ChangePackage(package_id=package, representatives=5))

    bill, _ = acme.cut()

    # 1500 × 10/31 = 483.87; × 20/31 = 967.74; × 31/31 = 1500
    assert_bill(
        bill,
        ("basic", "2026-07-01 to 2026-07-10", "1500 × 10/31", "484"),
        ("basic", "2026-07-11 to 2026-07-20", "1500 × 20/31 − 1500 × 10/31", "484"),
        ("basic", "2026-07-21 to 2026-07-31", "1500 × 31/31 − 1500 × 20/31", "532"),
        total="1500",
    )


def test_dinars_have_three_decimals() -> None:
    acme = account(currency="KWD", zone="Asia/Kuwait").tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-16T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    bill, _ = acme.cut()

    # 12.345 × 7/30 = 2.8805: the half goes up
    assert_bill(bill, ("pro", "2026-06-10 to 2026-06-16", "12.345 × 7/30", "2.881"), total="2.881")


def test_euros_of_a_package_and_an_add_on() -> None:
    acme = account(currency="EUR", zone="Europe/Berlin", anchor=15, opened="2026-06-15T08:00")
    acme.tell("2026-06-25T09:00", AddPackage(plan="basic", representatives=7)).tell("2026-07-01T09:00", AddAddOn(plan="whatsapp"))

    bill, _ = acme.cut()

    # 25 June to 14 July are 20 of 30 days: 19.99 × 20/30 = 13.3266…, 3.50 × 2 × 20/30 = 4.6666…; 14 days: 9.90 × 14/30 = 4.62
    assert_bill(
        bill,
        ("basic", "2026-06-25 to 2026-07-14", "19.99 × 20/30", "13.33"),
        ("basic +2", "2026-06-25 to 2026-07-14", "3.50 × 40/30", "4.67"),
        ("whatsapp", "2026-07-01 to 2026-07-14", "9.90 × 14/30", "4.62"),
        total="22.62",
    )


def test_a_price_finer_than_a_kurus_is_rounded_only_in_the_sum() -> None:
    acme = account(catalog=catalog_of(plan("seats", offer("seats", "MONTH 0 TRY +0.125", included=1, maximum=500))))
    acme.tell("2026-06-01T09:00", AddPackage(plan="seats", representatives=8))

    bill, _ = acme.cut()

    # Seven representatives on 30 days: 0.125 × 210/30 = 0.875; the base costs nothing and is no line
    assert_bill(bill, ("seats +7", "2026-06-01 to 2026-06-30", "0.125 × 210/30", "0.88"), total="0.88")
