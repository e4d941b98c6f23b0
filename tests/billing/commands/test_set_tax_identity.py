"""setTaxIdentity."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.billing.books import salted
from gateway.billing.commands import AddPackage, SetTaxExemption, SetTaxIdentity
from gateway.billing.journal import GENESIS, entry, fingerprint
from gateway.billing.tax import TaxIdCheck, TaxIdentity, TaxStatus
from gateway.billing.tax_facts import TaxIdentified
from tests.billing.given import refused
from tests.billing.taxed import BUSINESS, CONSUMER, customer

NINE = "2026-06-10T09:00"


def test_country_kind_and_verdict_are_facts_and_the_id_is_sealed_with_the_name() -> None:
    books = customer().now(NINE)

    after = SetTaxIdentity(country="DE", kind=BUSINESS, tax_id=" de1 ")(books)

    (sealed,) = after.sealed
    identity = TaxIdentity(country="DE", kind=BUSINESS, check=TaxIdCheck.WELL_FORMED)
    assert after.added == (TaxIdentified(revision=2, at=books.now, identity=identity, profile=sealed.digest),)
    assert sealed.data == {"name": "Acme", "tax_id": "DE1"}
    assert sealed.digest == salted(sealed.salt, sealed.data)
    assert (after.standing.tax, after.account.tax_id, after.subject) == (identity, "DE1", "acc_1")


def test_neither_the_id_nor_a_plain_digest_of_it_enters_the_chain() -> None:
    command = SetTaxIdentity(country="DE", kind=BUSINESS, tax_id="DE1")
    after = command(customer().now(NINE))

    written = entry(command, after, "owner", GENESIS)

    assert written.input == {"country": "DE", "kind": "BUSINESS"}
    assert "DE1" not in str(written.facts)


def test_the_key_is_bound_to_what_was_asked_the_id_too() -> None:
    one, other = (SetTaxIdentity(country="DE", kind=BUSINESS, tax_id=text) for text in ("DE1", "DE2"))

    assert fingerprint(one, "k") != fingerprint(other, "k")


@pytest.mark.parametrize(
    ("country", "kind", "given", "kept", "check"),
    [
        ("FR", BUSINESS, "FR 99", "FR 99", TaxIdCheck.UNCHECKED),
        ("DE", CONSUMER, "12 345", "12 345", TaxIdCheck.UNCHECKED),
        ("DE", BUSINESS, None, None, TaxIdCheck.NONE),
        ("DE", BUSINESS, "  ", None, TaxIdCheck.NONE),
    ],
)
def test_an_id_of_a_form_that_is_not_known_is_kept_unchecked(
    country: str, kind: object, given: str | None, kept: str | None, check: TaxIdCheck
) -> None:
    after = SetTaxIdentity(country=country, kind=kind, tax_id=given)(customer().now(NINE))  # type: ignore[arg-type]

    assert after.standing.tax is not None
    assert (after.account.tax_id, after.standing.tax.check) == (kept, check)


def test_a_wrong_id_is_refused_by_field_with_an_example_and_is_not_repeated() -> None:
    refusal = refused(customer().now(NINE), SetTaxIdentity(country="DE", kind=BUSINESS, tax_id="DE2"))

    assert (refusal.field, refusal.text("en")) == ("taxId", "This is not a tax id of DE; a right one looks like DE1.")
    assert refusal.text("tr") == "Bu, DE için bir vergi numarası değil; doğrusu DE1 gibidir."
    assert "DE2" not in str(refusal.params)


def test_a_country_that_is_none_and_an_id_that_is_too_long_are_refused_by_field() -> None:
    books = customer().now(NINE)

    assert refused(books, SetTaxIdentity(country="XX", kind=CONSUMER)).field == "country"
    assert refused(books, SetTaxIdentity(country="FR", kind=CONSUMER, tax_id="1" * 41)).field == "taxId"
    assert refused(books, SetTaxIdentity(country="FR", kind=CONSUMER, tax_id="1\n2")).field == "taxId"


def test_a_preview_shows_the_tax_and_the_command_then_charges_it() -> None:
    told = customer().tell(NINE, AddPackage(plan="pro"))
    command = SetTaxIdentity(country="TR", kind=CONSUMER)

    preview = told.preview("2026-06-11T09:00", command)
    after = told.tell("2026-06-11T09:00", command).books.current

    # 249.00 × 21/30 = 174.30; 20 % of it are 34.86
    assert (preview.before.expected.tax_status, preview.before.expected.due.minor) == (TaxStatus.ADDRESS_NEEDED, 17430)
    assert (preview.difference.minor, preview.after.expected.due.minor) == (3486, 20916)
    assert after.expected == preview.after.expected


def test_another_identity_ends_an_exemption_with_a_warning_and_the_same_keeps_it() -> None:
    told = customer("DE", BUSINESS, "DE1").tell(NINE, SetTaxExemption(reason="embassy"))
    later = told.now("2026-06-11T09:00")

    same = SetTaxIdentity(country="DE", kind=BUSINESS, tax_id="de1")(later)
    others = [
        SetTaxIdentity(country="FR", kind=BUSINESS, tax_id="DE1")(later),
        SetTaxIdentity(country="DE", kind=CONSUMER, tax_id="DE1")(later),
        SetTaxIdentity(country="DE", kind=BUSINESS)(later),
    ]

    assert same.standing.tax is not None and same.standing.tax.exempt == "embassy" and same.warnings == ()
    assert [each.standing.tax.exempt for each in others if each.standing.tax] == [None] * 3
    assert [[warning.code for warning in each.warnings] for each in others] == [["EXEMPTION_ENDED"]] * 3


def test_an_id_can_be_taken_back() -> None:
    told = customer("DE", BUSINESS, "DE1")

    after = SetTaxIdentity(country="DE", kind=BUSINESS)(told.now(NINE))

    assert after.account.tax_id is None
    assert after.sealed[0].data == {"name": "Acme"}
    assert replace(after.account, tax_id="DE1") == told.books.account
