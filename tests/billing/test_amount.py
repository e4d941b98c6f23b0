"""Amounts as people give them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.billing.amount import LARGEST, minor_units
from gateway.billing.errors import InvalidInput


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.5", "TRY", 1250), ("12.50", "TRY", 1250), ("12.500", "TRY", 1250), ("0.01", "EUR", 1), ("7", "JPY", 7), ("0.001", "KWD", 1)],
)
def test_an_amount_becomes_minor_units_of_its_currency(amount: str, currency: str, minor: int) -> None:
    assert minor_units(Decimal(amount), currency) == minor


def test_the_largest_amount_is_taken_and_not_a_cent_more() -> None:
    assert minor_units(Decimal("10000000000000.00"), "TRY") == LARGEST
    with pytest.raises(InvalidInput) as refused:
        minor_units(Decimal("10000000000000.01"), "TRY")
    assert refused.value.params == {"currency": "TRY", "limit": "10000000000000.00"}


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "TRY"),
        ("-1", "TRY"),
        ("0.005", "TRY"),
        ("12.345", "TRY"),
        ("0.5", "JPY"),
        ("1.0001", "KWD"),
        ("NaN", "TRY"),
        ("Infinity", "TRY"),
        ("1.00000000000000000000000000000000000001", "TRY"),  # finer than a Decimal's usual precision would notice
    ],
)
def test_what_is_nothing_or_too_fine_is_refused_by_its_field(amount: str, currency: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        minor_units(Decimal(amount), currency, "somewhere")
    assert refused.value.field == "somewhere"
    assert refused.value.params["currency"] == currency
