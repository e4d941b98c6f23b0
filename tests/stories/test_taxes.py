"""Stories of tax: at the rate of the period's last day, rounded once per rate (rules §5, §9).

KDV is 18 % until 15 June 2026 and 20 % from the 16th on; VAT is 19 % in Germany and 25.5 % in Finland. Pro is 249.00 TRY, 49.99 EUR,
¥3,900 or KD 12.345 a month; Solo is 40.00 TRY.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.bill import Bill
from gateway.billing.commands import AddAddOn, AddPackage, SetTaxExemption, SetTaxIdentity
from gateway.billing.tax import TaxNote, TaxStatus
from tests.billing.given import account, catalog_of, offer, plan
from tests.billing.taxed import BUSINESS, CONSUMER, customer, table


def tax_of(bill: Bill) -> tuple[str, ...]:
    """The tax as finance people read it: what, on how much, how much; then the gross."""
    rows = [f"{each.names['en']} on {each.base.amount} = {each.amount.amount}" for each in bill.taxes]
    assert bill.net + bill.tax == bill.gross
    return *rows, str(bill.gross.amount)


def test_a_turkish_customer_of_a_turkish_vendor_pays_kdv() -> None:
    acme = customer("TR", BUSINESS, "TR1").tell("2026-06-10T09:00", AddPackage(plan="pro"))
    estimate = acme.books.current.expected

    june, draft = acme.cut()

    # 249.00 × 21/30 = 174.30; × 20 % = 34.86
    assert tax_of(june) == ("KDV 20 % on 174.30 = 34.86", "209.16")
    assert june == estimate
    assert draft is not None
    document = json.loads(draft.document)
    assert (document["due"], document["tax_status"], document["account"]) == (
        20916,
        "CHARGED",
        {"id": "acc_1", "name": "Acme", "country": "TR", "kind": "BUSINESS", "tax_id": "TR1"},
    )


def test_a_rate_that_changes_within_the_period_holds_for_all_of_it() -> None:
    """Billed on the 16th: the period to 15 June ends at 18 %, the one to 15 July at 20 %. Billed on the 1st, June is at 20 % whole."""
    acme = account("2026-05-16T08:00", anchor=16, catalog=replace(catalog_of(plan("solo", offer("solo", "MONTH 40 TRY"))), tax=table()))
    acme.tell("2026-05-16T08:30", SetTaxIdentity(country="TR", kind=CONSUMER)).tell("2026-05-16T09:00", AddPackage(plan="solo"))

    first, _ = acme.cut()
    second, _ = acme.cut()
    june, _ = customer("TR").tell("2026-06-01T09:00", AddPackage(plan="solo")).cut()

    assert first.period.end == date(2026, 6, 16)
    assert tax_of(first) == ("KDV 18 % on 40.00 = 7.20", "47.20")
    assert tax_of(second) == ("KDV 20 % on 40.00 = 8.00", "48.00")
    assert tax_of(june) == ("KDV 20 % on 40.00 = 8.00", "48.00")


def test_a_customer_abroad_is_an_export_of_services() -> None:
    acme = customer("DE", BUSINESS, "DE1", currency="EUR").tell("2026-06-10T09:00", AddPackage(plan="pro"))

    june, _ = acme.cut()

    # 49.99 × 21/30 = 34.99
    assert tax_of(june) == ("Export of services on 34.99 = 0.00", "34.99")
    assert (june.tax_status, june.taxes[0].notes) == (TaxStatus.EXPORT, (TaxNote.EXPORT,))


@pytest.mark.parametrize(
    ("country", "kind", "tax_id", "expected", "status"),
    [
        ("DE", BUSINESS, "DE1", ("VAT 19 % on 34.99 = 6.65", "41.64"), TaxStatus.CHARGED),
        ("DE", CONSUMER, None, ("VAT 19 % on 34.99 = 6.65", "41.64"), TaxStatus.CHARGED),
        # 34.99 × 25.5 % = 8.92245
        ("FI", CONSUMER, None, ("VAT 25.5 % on 34.99 = 8.92", "43.91"), TaxStatus.CHARGED),
        ("FI", BUSINESS, "FI1", ("VAT 25.5 % on 34.99 = 8.92", "43.91"), TaxStatus.CHARGED),
        ("TR", BUSINESS, "TR1", ("Export of services on 34.99 = 0.00", "34.99"), TaxStatus.EXPORT),
        ("FR", CONSUMER, None, ("34.99",), TaxStatus.RATE_UNKNOWN),
    ],
    ids=["at home", "consumer at home", "consumer in the EU", "business whose id is unchecked", "abroad", "no rate is known"],
)
def test_a_german_vendor(country: str, kind: object, tax_id: str | None, expected: tuple[str, ...], status: TaxStatus) -> None:
    acme = customer(country, kind, tax_id, seller="DE", currency="EUR")  # type: ignore[arg-type]

    june, _ = acme.tell("2026-06-10T09:00", AddPackage(plan="pro")).cut()

    assert (tax_of(june), june.tax_status) == (expected, status)


def test_a_business_elsewhere_in_the_union_owes_the_tax_itself() -> None:
    acme = customer("DE", BUSINESS, "DE1", seller="FI", currency="EUR")

    june, _ = acme.tell("2026-06-10T09:00", AddPackage(plan="pro")).cut()

    assert tax_of(june) == ("Reverse charge: VAT is owed by the recipient on 34.99 = 0.00", "34.99")
    assert june.tax_status is TaxStatus.REVERSE_CHARGE


def test_two_rates_on_one_bill() -> None:
    books = plan("books", replace(offer("books", "MONTH 10 TRY"), tax="books"))
    shelf = replace(catalog_of(plan("solo", offer("solo", "MONTH 40 TRY")), books), tax=table())
    acme = account(catalog=shelf).tell("2026-06-01T08:30", SetTaxIdentity(country="TR", kind=CONSUMER))
    acme.tell("2026-06-01T09:00", AddPackage(plan="solo")).tell("2026-06-02T09:00", AddPackage(plan="books"))

    june, _ = acme.cut()

    # 10.00 × 29/30 = 9.67; × 1 % = 0.0967
    assert tax_of(june) == ("KDV 20 % on 40.00 = 8.00", "KDV 1 % on 9.67 = 0.10", "57.77")


def test_a_plan_that_is_taxed_otherwise_from_a_day_on() -> None:
    solo = plan("solo", offer("solo", "MONTH 40 TRY"), replace(offer("solo", "MONTH 40 TRY", date(2026, 7, 10)), tax="books"))
    acme = account(catalog=replace(catalog_of(solo), tax=table()))
    acme.tell("2026-06-01T08:30", SetTaxIdentity(country="TR", kind=CONSUMER)).tell("2026-06-01T09:00", AddPackage(plan="solo"))

    bills = [acme.cut()[0] for _ in range(2)]

    assert [tax_of(bill) for bill in bills] == [("KDV 20 % on 40.00 = 8.00", "48.00"), ("KDV 1 % on 40.00 = 0.40", "40.40")]


def test_the_last_identity_of_the_period_holds_for_all_of_it_and_one_after_its_end_for_the_next() -> None:
    acme = customer("DE", BUSINESS, "DE1").tell("2026-06-01T09:00", AddPackage(plan="solo"))
    acme.tell("2026-06-30T23:59", SetTaxIdentity(country="TR", kind=CONSUMER))
    acme.tell("2026-07-01T00:30", SetTaxIdentity(country="DE", kind=BUSINESS, tax_id="DE1"))

    june, draft = acme.cut()
    july, _ = acme.cut()

    assert tax_of(june) == ("KDV 20 % on 40.00 = 8.00", "48.00")
    assert tax_of(july) == ("Export of services on 40.00 = 0.00", "40.00")
    assert draft is not None
    # The id came with the later identity, and has no place on a document about the earlier one.
    assert json.loads(draft.document)["account"] == {"id": "acc_1", "name": "Acme", "country": "TR", "kind": "CONSUMER"}


def test_without_an_identity_the_invoice_is_net() -> None:
    june, draft = customer().tell("2026-06-01T09:00", AddPackage(plan="solo")).cut()

    assert (tax_of(june), june.tax_status) == (("40.00",), TaxStatus.ADDRESS_NEEDED)
    assert draft is not None and json.loads(draft.document)["account"] == {"id": "acc_1", "name": "Acme"}


def test_an_exemption_outlives_the_period() -> None:
    acme = customer("TR").tell("2026-06-01T09:00", AddPackage(plan="solo")).tell("2026-06-05T09:00", SetTaxExemption(reason="embassy"))

    bills = [acme.cut()[0] for _ in range(2)]

    assert [tax_of(bill) for bill in bills] == [("Exempt from tax on 40.00 = 0.00", "40.00")] * 2


def test_yen_have_no_decimals_and_dinars_three() -> None:
    tokyo = customer("JP", seller="JP", currency="JPY").tell("2026-06-12T09:00", AddPackage(plan="pro", representatives=6))
    kuwait = customer("KW", seller="KW", currency="KWD").tell("2026-06-12T09:00", AddPackage(plan="pro"))

    # 3900 × 19/30 = 2470 and 700 × 19/30 = 443.3; 8 % of 2913 are 233.04
    assert tax_of(tokyo.cut()[0]) == ("VAT 8 % on 2913 = 233", "3146")
    # 12.345 × 19/30 = 7.8185, up to 7.819; 5 % of it are 0.39095
    assert tax_of(kuwait.cut()[0]) == ("VAT 5 % on 7.819 = 0.391", "8.210")


def test_tax_is_rounded_once_on_the_sum_and_not_line_by_line() -> None:
    acme = customer("TR").tell("2026-06-30T09:00", AddPackage(plan="solo")).tell("2026-06-30T10:00", AddAddOn(plan="whatsapp"))

    june, _ = acme.cut()

    # 40.00/30 = 1.33 and 50.00/30 = 1.67: 20 % of 3.00 are 0.60; each for itself 0.27 and 0.33
    assert tax_of(june) == ("KDV 20 % on 3.00 = 0.60", "3.60")
