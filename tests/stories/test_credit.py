"""Stories of account credit: it pays for bills until it is used up (rules §5).

Pro is 249.00 a month, Solo 40.00. All accounts bill on the 1st, in Istanbul.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.billing.bill import Bill
from gateway.billing.commands import AddPackage, CancelPackage, CloseAccount, GrantCredit, RevokeCredit
from gateway.billing.credit import CreditReason
from gateway.billing.forecast import Which
from tests.billing.given import NOW, Told, account, rows


def grant(amount: str) -> GrantCredit:
    return GrantCredit(amount=Decimal(amount), reason=CreditReason.GOODWILL, text="Sorry for the outage.")


def revoke(amount: str) -> RevokeCredit:
    return RevokeCredit(amount=Decimal(amount), reason=CreditReason.CORRECTION, text="Granted twice.")


def paid(bill: Bill) -> tuple[str, str, str]:
    """What the lines sum to, what credit pays of it, what is due."""
    assert bill.subtotal - bill.discount + bill.tax - bill.credit == bill.due
    return str(bill.subtotal.amount), str(bill.credit.amount), str(bill.due.amount)


def with_pro() -> Told:
    return account().tell("2026-06-01T09:00", AddPackage(plan="pro"))


def test_credit_pays_for_bill_after_bill_until_it_is_used_up() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("600.00"))

    # 600.00 − 249.00 = 351.00, − 249.00 = 102.00, which pays a part of the third
    assert [paid(acme.cut()[0]) for _ in range(4)] == [
        ("249.00", "249.00", "0.00"),
        ("249.00", "249.00", "0.00"),
        ("249.00", "102.00", "147.00"),
        ("249.00", "0.00", "249.00"),
    ]


def test_the_running_and_the_next_month_share_the_credit_one_after_the_other() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("300.00"))

    assert paid(acme.books.current.expected) == ("249.00", "249.00", "0.00")
    assert paid(acme.books.forecast(Which.NEXT).expected) == ("249.00", "51.00", "198.00")
    assert str(acme.books.credit.amount) == "300.00"  # nothing is used before the cut


def test_so_far_is_paid_by_credit_as_far_as_it_goes() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("100.00"))

    # 8.30 a day: ten days are 83.00, twenty 166.00
    assert paid(acme.now("2026-06-10T12:00").current.so_far) == ("83.00", "83.00", "0.00")
    assert paid(acme.now("2026-06-20T12:00").current.so_far) == ("166.00", "100.00", "66.00")


def test_a_preview_shows_what_credit_will_pay_and_the_grant_does_just_that() -> None:
    acme = with_pro()
    shown = acme.preview("2026-06-10T09:00", grant("100.00"))
    acme.tell("2026-06-10T09:00", grant("100.00"))

    assert (paid(shown.before.expected), paid(shown.after.expected)) == (("249.00", "0.00", "249.00"), ("249.00", "100.00", "149.00"))
    assert str(shown.difference.amount) == "-100.00"
    assert acme.books.current.expected == shown.after.expected
    assert paid(acme.cut()[0]) == ("249.00", "100.00", "149.00")


def test_a_dearer_change_under_credit_costs_only_what_credit_does_not_pay() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("260.00"))

    # Solo for 20 of 30 days is 26.67; of 275.67 credit pays 260.00
    shown = acme.preview("2026-06-11T09:00", AddPackage(plan="solo"))

    assert paid(shown.after.expected) == ("275.67", "260.00", "15.67")
    assert str(shown.difference.amount) == "15.67"


def test_what_was_taken_back_pays_for_nothing() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("600.00")).tell("2026-06-11T09:00", revoke("500.00"))

    assert str(acme.books.credit.amount) == "100.00"
    assert paid(acme.cut()[0]) == ("249.00", "100.00", "149.00")


def test_a_second_after_midnight_the_old_bill_claims_its_credit_and_the_cut_changes_no_estimate() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("300.00"))
    before = acme.now("2026-07-01T00:00:01")

    (closing,) = before.current.closing_bills
    assert rows(closing) == [("pro", "2026-06-01 to 2026-06-30", "249.00 × 30/30", "249.00")]
    assert paid(closing) == ("249.00", "249.00", "0.00")
    assert paid(before.current.expected) == ("249.00", "51.00", "198.00")
    assert paid(before.next.expected) == ("249.00", "0.00", "249.00")
    assert str(before.credit.amount) == "51.00"

    bill, _ = acme.cut("2026-07-01T00:00:01")

    assert bill == closing
    after = acme.books
    assert after.current.closing_bills == after.next.closing_bills == ()
    assert (after.current.expected, after.current.so_far, after.next.expected, after.credit) == (
        before.current.expected,
        before.current.so_far,
        before.next.expected,
        before.credit,
    )


def test_two_months_that_were_not_cut_claim_their_credit_in_order() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("600.00"))
    late = acme.now("2026-08-05T09:00")

    assert [paid(bill) for bill in late.current.closing_bills] == [("249.00", "249.00", "0.00"), ("249.00", "249.00", "0.00")]
    assert paid(late.current.expected) == ("249.00", "102.00", "147.00")


def test_credit_given_between_midnight_and_the_cut_is_for_the_new_month() -> None:
    acme = with_pro().tell("2026-07-01T00:10", grant("100.00"))

    assert paid(acme.cut()[0]) == ("249.00", "0.00", "249.00")
    assert paid(acme.cut()[0]) == ("249.00", "100.00", "149.00")


def test_what_the_old_bill_claims_cannot_be_taken_back_any_more() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("300.00")).tell("2026-07-01T00:10", revoke("51.00"))

    assert acme.books.credit.minor == 0
    assert paid(acme.cut()[0]) == ("249.00", "249.00", "0.00")
    assert paid(acme.books.current.expected) == ("249.00", "0.00", "249.00")


def test_a_month_without_a_bill_uses_no_credit() -> None:
    acme = account().tell("2026-06-10T09:00", grant("100.00"))

    bill, draft = acme.cut()

    assert (paid(bill), draft) == (("0.00", "0.00", "0.00"), None)
    assert str(acme.books.credit.amount) == "100.00"


def test_the_last_invoice_of_a_closed_account_is_paid_by_credit_too() -> None:
    acme = with_pro().tell("2026-06-02T09:00", grant("20.00")).tell("2026-06-12T17:00", CloseAccount())

    # 12 days × 8.30 = 99.60
    assert paid(acme.cut("2026-06-12T17:01")[0]) == ("99.60", "20.00", "79.60")


def test_cancelling_frees_the_credit_that_was_expected_to_be_used() -> None:
    acme = with_pro().tell("2026-06-10T09:00", grant("249.00"))
    acme.tell("2026-06-15T09:00", CancelPackage(package_id=acme.package.id, effective=NOW))

    # 15 days × 8.30 = 124.50 of 249.00
    assert paid(acme.cut()[0]) == ("124.50", "124.50", "0.00")
    assert str(acme.books.credit.amount) == "124.50"
