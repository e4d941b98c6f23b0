"""Stories of own prices: they act from the next lock, as list prices do (rules §3, §5).

Pro is 249.00 a month with 5 representatives, each further one 49.00; a year of it is 2490.00. Basic is 99.00 with 5.
"""

from __future__ import annotations

from datetime import date

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, EndOwnPrice, ReactivatePackage, SetOwnPrice
from tests.billing.given import NOW, YEAR, account
from tests.stories.paper import assert_bill


def test_a_discounted_customer_pays_the_own_price_from_the_next_term_until_it_ends() -> None:
    acme = account().tell("2026-06-11T09:00", AddPackage(plan="pro", representatives=6))
    acme.tell("2026-06-20T09:00", SetOwnPrice(plan="pro", base="200.00", per_representative="40.00", until_on=date(2026, 8, 1)))

    june, july, august = (acme.cut()[0] for _ in range(3))

    # June was locked before: 249.00 × 20/30 = 166.00, 49.00 × 20/30 = 32.67
    assert_bill(
        june,
        ("pro", "2026-06-11 to 2026-06-30", "249.00 × 20/30", "166.00"),
        ("pro +1", "2026-06-11 to 2026-06-30", "49.00 × 20/30", "32.67"),
        total="198.67",
    )
    assert_bill(
        july,
        ("pro", "2026-07-01 to 2026-07-31", "200.00 × 31/31", "200.00"),
        ("pro +1", "2026-07-01 to 2026-07-31", "40.00 × 31/31", "40.00"),
        total="240.00",
    )
    # The day it ends is the first that is not its own: August is as listed.
    assert_bill(
        august,
        ("pro", "2026-08-01 to 2026-08-31", "249.00 × 31/31", "249.00"),
        ("pro +1", "2026-08-01 to 2026-08-31", "49.00 × 31/31", "49.00"),
        total="298.00",
    )


def test_an_own_price_agreed_before_the_package_is_taken_is_what_the_preview_shows_and_the_bill_charges() -> None:
    acme = account().tell("2026-06-01T09:00", SetOwnPrice(plan="pro", base="199.99"))
    take = AddPackage(plan="pro", representatives=6)

    preview = acme.preview("2026-06-16T09:00", take)
    acme.tell("2026-06-16T09:00", take)
    june, _ = acme.cut()

    # Half of June: 199.99 × 15/30 = 99.995, half up; further representatives as listed: 49.00 × 15/30 = 24.50
    assert_bill(
        june,
        ("pro", "2026-06-16 to 2026-06-30", "199.99 × 15/30", "100.00"),
        ("pro +1", "2026-06-16 to 2026-06-30", "49.00 × 15/30", "24.50"),
        total="124.50",
    )
    assert preview.after.expected.lines == june.lines


def test_a_year_that_was_entered_at_an_own_price_keeps_it_though_the_price_ends() -> None:
    acme = account().tell("2026-06-01T08:30", SetOwnPrice(plan="pro", interval=YEAR, base="1825.00"))
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))
    (price,) = acme.books.own_prices
    acme.tell("2026-06-10T09:00", EndOwnPrice(own_price_id=price.id))

    june, july = acme.cut()[0], acme.cut()[0]

    # 365 days at 5.00: 30 of them, then 31 more
    assert_bill(june, ("pro", "2026-06-01 to 2026-06-30", "1825.00 × 30/365", "150.00"), total="150.00")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "1825.00 × 61/365 − 1825.00 × 30/365", "155.00"), total="155.00")


def test_coming_back_within_the_term_finds_the_price_it_was_left_at() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    package = acme.package.id
    acme.tell("2026-06-10T09:00", CancelPackage(package_id=package, effective=NOW))
    acme.tell("2026-06-15T09:00", SetOwnPrice(plan="pro", base="120.00"))
    acme.tell("2026-06-21T09:00", ReactivatePackage(package_id=package))

    june, july = acme.cut()[0], acme.cut()[0]

    # 10 days and 10 days, both at 249.00
    assert_bill(
        june,
        ("pro", "2026-06-01 to 2026-06-10", "249.00 × 10/30", "83.00"),
        ("pro", "2026-06-21 to 2026-06-30", "249.00 × 20/30 − 249.00 × 10/30", "83.00"),
        total="166.00",
    )
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-31", "120.00 × 31/31", "120.00"), total="120.00")


def test_what_is_dearer_is_judged_by_the_own_price() -> None:
    acme = account().tell("2026-06-01T08:30", SetOwnPrice(plan="pro", base="90.00"))
    acme.tell("2026-06-01T09:00", AddPackage(plan="basic"))

    # Pro for 90.00 is cheaper than Basic for 99.00, so the upgrade waits like a downgrade.
    assert acme.preview("2026-06-10T09:00", ChangePackage(package_id=acme.package.id, plan="pro")).effective_on == date(2026, 7, 1)


def test_which_of_two_holds_does_not_depend_on_which_was_set_first() -> None:
    acme = account().tell("2026-06-01T08:30", SetOwnPrice(plan="pro", base="150.00", from_on=date(2026, 7, 1), until_on=date(2026, 8, 1)))
    acme.tell("2026-06-01T08:31", SetOwnPrice(plan="pro", base="200.00"))
    acme.tell("2026-06-01T08:32", SetOwnPrice(plan="pro", base="190.00"))  # of two from one day, the one that was set last
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro"))

    totals = [str(acme.cut()[0].due.amount) for _ in range(3)]

    assert totals == ["190.00", "150.00", "190.00"]


def test_of_two_own_prices_the_later_holds_and_the_earlier_takes_over_when_that_is_over() -> None:
    acme = account().tell("2026-06-01T08:30", SetOwnPrice(plan="pro", base="200.00"))
    acme.tell("2026-06-01T08:31", SetOwnPrice(plan="pro", base="150.00", from_on=date(2026, 7, 1), until_on=date(2026, 8, 1)))
    acme.tell("2026-06-01T09:00", AddPackage(plan="pro"))

    totals = [str(acme.cut()[0].due.amount) for _ in range(3)]

    assert totals == ["200.00", "150.00", "200.00"]
