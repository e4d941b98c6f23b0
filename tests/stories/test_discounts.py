"""Stories of discounts: whole billing periods, percent before amount, never below zero (rules §5).

Pro is 249.00 for 5 representatives and 49.00 for each further one, Basic 99.00 and 20.00, WhatsApp 50.00; June has 30 days.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.billing.commands import AddAddOn, AddPackage, ApplyDiscount, CancelPackage, EndDiscount, GrantDiscount
from gateway.billing.discount import Duration
from tests.billing.given import NOW, Told
from tests.billing.promotions import off, shop

_SORRY = GrantDiscount(name="Sorry", percent=Decimal("7.5"), duration=Duration.PERIODS, periods=2, plans=("whatsapp",))


def apply(code: str) -> ApplyDiscount:
    return ApplyDiscount(code=code)


def pro(opened: str = "2026-06-01T08:00") -> Told:
    return shop(opened).tell("2026-06-01T09:00", AddPackage(plan="pro"))


def test_a_discount_is_for_the_whole_period_of_its_redemption_even_on_the_last_day() -> None:
    acme = pro().tell("2026-06-30T23:00", apply("once20"))

    june, _ = acme.cut()
    july, _ = acme.cut()

    # 249.00 × 20% = 49.80; not for one day of thirty
    assert off(june) == [("Once 20", "249.00 × 20%", "49.80")]
    assert (str(june.subtotal.amount), str(june.net.amount), str(june.due.amount)) == ("249.00", "199.20", "199.20")
    assert (off(july), str(july.due.amount)) == ([], "249.00")


def test_three_periods_are_the_one_of_redemption_and_two_more() -> None:
    acme = pro().tell("2026-06-15T09:00", apply("THREE10"))

    dues = [str(acme.cut()[0].due.amount) for _ in range(4)]

    assert dues == ["224.10", "224.10", "224.10", "249.00"]  # 249.00 less 24.90


def test_periods_run_on_while_nothing_is_billed_and_an_unused_one_is_lost() -> None:
    acme = shop().tell("2026-06-15T09:00", apply("THREE10"))
    june, _ = acme.cut()
    july, _ = acme.cut()
    acme.tell("2026-08-01T09:00", AddPackage(plan="pro"))
    august, _ = acme.cut()
    september, _ = acme.cut()

    assert (june.lines, july.lines) == ((), ())
    assert [str(bill.due.amount) for bill in (august, september)] == ["224.10", "249.00"]


def test_a_bill_of_zero_does_not_consume_a_once() -> None:
    acme = shop().tell("2026-06-15T09:00", apply("ONCE20"))
    acme.cut()
    acme.tell("2026-07-01T09:00", AddPackage(plan="pro"))

    july, _ = acme.cut()
    august, _ = acme.cut()

    assert [str(bill.due.amount) for bill in (july, august)] == ["199.20", "249.00"]


def test_a_bill_that_another_discount_makes_zero_does_not_consume_a_once_either() -> None:
    acme = pro().tell("2026-06-10T09:00", apply("ONCE100")).tell("2026-06-10T10:00", apply("ONCE20"))

    june, _ = acme.cut()
    july, _ = acme.cut()
    august, _ = acme.cut()

    assert off(june) == [("A month for nothing", "249.00 × 100%", "249.00")]
    assert off(july) == [("Once 20", "249.00 × 20%", "49.80")]
    assert off(august) == []


def test_percentages_come_before_amounts_and_each_of_what_is_left() -> None:
    acme = pro().tell("2026-06-10T09:00", apply("EVER50OFF"))
    acme.tell("2026-06-10T10:00", apply("ONCE20")).tell("2026-06-10T11:00", apply("THREE10"))

    june, _ = acme.cut()

    # 249.00 × 20% = 49.80; 199.20 × 10% = 19.92; 179.28 − 50.00 = 129.28
    assert off(june) == [("Once 20", "249.00 × 20%", "49.80"), ("Three 10", "199.20 × 10%", "19.92"), ("Fifty off", "50.00", "50.00")]
    assert (str(june.discount.amount), str(june.due.amount)) == ("119.72", "129.28")


def test_an_amount_reaches_no_further_than_the_bill_and_what_is_unused_is_lost() -> None:
    acme = shop().tell("2026-06-26T09:00", AddPackage(plan="pro")).tell("2026-06-26T10:00", apply("EVER50OFF"))

    june, draft = acme.cut()
    july, _ = acme.cut()

    # 249.00 × 5/30 = 41.50, and there are 50.00 to take: 8.50 are lost
    assert (off(june), june.due.minor) == ([("Fifty off", "min(50.00, 41.50)", "41.50")], 0)
    assert draft is not None
    assert str(july.due.amount) == "199.00"


def test_a_discount_on_a_plan_leaves_the_other_lines_alone() -> None:
    acme = pro().tell("2026-06-01T10:00", AddAddOn(plan="whatsapp")).tell("2026-06-01T11:00", apply("PRO25"))

    june, _ = acme.cut()

    # 249.00 × 25% = 62.25
    assert off(june) == [("Pro 25", "249.00 × 25%", "62.25")]
    assert june.deductions[0].shares == (6225, 0)
    assert str(june.due.amount) == "236.75"  # 249.00 + 50.00 − 62.25


def test_a_discount_is_spread_over_lines_to_the_last_kurus() -> None:
    acme = shop()
    for hour in ("09:00", "10:00", "11:00"):
        acme.tell(f"2026-06-01T{hour}", AddPackage(plan="solo"))
    acme.tell("2026-06-01T12:00", GrantDiscount(name="Ten", amount=Decimal("10.00")))

    june, _ = acme.cut()

    # 10.00 over three lines of 40.00: 3.33 each, and the one kuruş that is left goes to the first
    assert june.deductions[0].shares == (334, 333, 333)
    assert str(june.due.amount) == "110.00"


def test_all_of_it_off_is_an_invoice_of_nothing() -> None:
    acme = pro().tell("2026-06-10T09:00", apply("FREE"))

    june, draft = acme.cut()

    assert (june.net.minor, june.due.minor) == (0, 0)
    assert draft is not None and draft.bill == june


def test_a_discount_taken_back_is_gone_from_the_running_period_and_stays_on_the_bill_before() -> None:
    acme = pro().tell("2026-06-10T09:00", apply("PRO25"))
    june, _ = acme.cut()
    acme.tell("2026-07-31T23:00", EndDiscount(redemption_id=june.deductions[0].redemption))

    july, _ = acme.cut()

    assert [str(bill.due.amount) for bill in (june, july)] == ["186.75", "249.00"]


def test_a_grant_for_two_periods_on_a_plan() -> None:
    acme = pro().tell("2026-06-01T10:00", AddAddOn(plan="whatsapp"))
    acme.tell("2026-06-30T09:00", _SORRY)

    bills = [acme.cut()[0] for _ in range(3)]

    assert off(bills[0]) == [("Sorry", "50.00 × 7.5%", "3.75")]
    assert [str(bill.due.amount) for bill in bills] == ["295.25", "295.25", "299.00"]


def test_half_a_kurus_is_rounded_up() -> None:
    acme = shop().tell("2026-06-01T09:00", AddPackage(plan="solo"))
    acme.tell("2026-06-01T10:00", CancelPackage(package_id=acme.package.id, effective=NOW))
    acme.tell("2026-06-02T10:00", GrantDiscount(name="Half", percent=Decimal("50")))

    june, _ = acme.cut()

    # 40.00 × 1/30 = 1.33; 1.33 × 50% = 0.665
    assert off(june) == [("Half", "1.33 × 50%", "0.67")]
    assert str(june.due.amount) == "0.66"


def test_redeemed_between_midnight_and_the_cut_it_is_for_the_new_period_only() -> None:
    acme = pro().tell("2026-07-01T00:30", apply("ONCE20"))

    june, _ = acme.cut()
    july, _ = acme.cut()

    assert [str(bill.due.amount) for bill in (june, july)] == ["249.00", "199.20"]


def test_the_forecast_of_the_running_and_the_next_period_counts_it() -> None:
    acme = pro().tell("2026-06-10T09:00", apply("ONCE20")).tell("2026-06-10T10:00", apply("EVER50OFF"))
    books = acme.now("2026-06-12T09:00")

    # So far 12 of 30 days: 99.60 × 80% = 79.68 − 50.00; to the end 249.00 × 80% = 199.20 − 50.00; July without the ONCE
    assert str(books.current.so_far.due.amount) == "29.68"
    assert str(books.current.expected.due.amount) == "149.20"
    assert str(books.next.expected.due.amount) == "199.00"


def test_a_preview_is_what_the_code_then_does() -> None:
    acme = pro()
    preview = acme.preview("2026-06-10T09:00", apply("THREE10"))
    acme.tell("2026-06-10T09:00", apply("THREE10"))

    assert preview.after.expected.due == acme.now("2026-06-10T09:00").current.expected.due
    assert (str(preview.before.expected.due.amount), str(preview.difference.amount)) == ("249.00", "-24.90")
