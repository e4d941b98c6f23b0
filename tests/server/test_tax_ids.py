"""Tax ids: form and check digits, country by country."""

from __future__ import annotations

import pytest

from gateway.billing.countries import EU
from gateway.billing.tax import CustomerKind
from gateway.server.tax_ids import _VAT, tax_id_form

BUSINESS, CONSUMER = CustomerKind.BUSINESS, CustomerKind.CONSUMER


def read(country: str, text: str, kind: CustomerKind = BUSINESS) -> str | None:
    form = tax_id_form(country, kind)
    assert form is not None
    return form.read(text)


def test_the_whole_union_is_known() -> None:
    assert EU - _VAT.keys() == set()


@pytest.mark.parametrize("country", sorted(_VAT))
def test_the_example_of_a_country_is_right_and_bare_already(country: str) -> None:
    form = tax_id_form(country, BUSINESS)

    assert form is not None
    assert form.read(form.example) == form.example
    assert form.read(f" {form.example.lower()} ") == form.example


@pytest.mark.parametrize("country", sorted(_VAT))
def test_an_id_with_a_digit_too_many_is_wrong(country: str) -> None:
    assert read(country, f"{_VAT[country]}77") is None


@pytest.mark.parametrize(
    ("country", "given", "bare"),
    [
        ("DE", "136 695 976", "DE136695976"),
        ("DE", "de 136.695.976", "DE136695976"),
        ("DE", "DE136695977", None),
        ("DE", "ATU13585627", None),
        ("GR", "EL 094259216", "EL094259216"),
        ("GR", "094259216", "EL094259216"),
        ("ES", "B64717838", "ESB64717838"),
        ("GB", "980 7806 84", "GB980780684"),
        ("TR", "454 053 6920", "4540536920"),
        ("TR", "4540536921", None),
        ("TR", "17291716060", "17291716060"),
        ("TR", "17291716061", None),
        ("TR", "", None),
    ],
)
def test_ids_of_businesses(country: str, given: str, bare: str | None) -> None:
    assert read(country, given) == bare


def test_a_turkish_consumer_has_the_number_of_an_identity_card_and_no_other() -> None:
    assert read("TR", "17291716060", CONSUMER) == "17291716060"
    assert read("TR", "4540536920", CONSUMER) is None


def test_what_cannot_be_checked_has_no_form() -> None:
    assert tax_id_form("US", BUSINESS) is None
    assert tax_id_form("DE", CONSUMER) is None
