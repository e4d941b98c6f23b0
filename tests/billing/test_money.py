"""Money: exponents, sums within one currency, and the rounding of rules §5."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import iso4217
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.money import EXPONENTS, Money, divide_half_up, exponent


def test_every_currency_has_the_decimals_that_iso_4217_publishes() -> None:
    published = {each.code: each.exponent for each in iso4217.Currency if each.exponent is not None}

    assert len(published) > 150
    assert {code: exponent(code) for code in published} == published


def test_no_currency_is_listed_that_iso_4217_does_not_know() -> None:
    assert set(EXPONENTS) <= {each.code for each in iso4217.Currency}


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(123456, "TRY", "1234.56"), (-5, "EUR", "-0.05"), (1500, "JPY", "1500"), (4500, "KWD", "4.500"), (0, "TRY", "0.00")],
)
def test_an_amount_is_shown_with_exactly_the_decimals_of_its_currency(minor: int, currency: str, amount: str) -> None:
    assert str(Money(minor, currency).amount) == amount
    assert Money(minor, currency).amount == Decimal(amount)


def test_sums_and_differences_stay_in_the_currency() -> None:
    assert Money(250, "TRY") + Money(-50, "TRY") == Money(200, "TRY")
    assert Money(250, "TRY") - Money(300, "TRY") == Money(-50, "TRY")
    assert -Money(7, "KWD") == Money(-7, "KWD")


def test_two_currencies_cannot_be_added_or_subtracted() -> None:
    with pytest.raises(ValueError, match="cannot add EUR to TRY"):
        Money(1, "TRY") + Money(1, "EUR")
    with pytest.raises(ValueError, match="cannot add EUR to TRY"):
        Money(1, "TRY") - Money(1, "EUR")


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [
        (1, 2, 1),  # 0.5 goes up
        (-1, 2, -1),  # -0.5 goes away from zero
        (3, 2, 2),
        (-3, 2, -2),
        (5, 2, 3),  # not to the even 2
        (-5, 2, -3),
        (1, 3, 0),
        (2, 3, 1),
        (-1, 3, 0),
        (-2, 3, -1),
        (0, 7, 0),
        (49, 100, 0),
        (10**30 + 1, 2, 5 * 10**29 + 1),  # no float could say so
    ],
)
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, whole: int) -> None:
    assert divide_half_up(numerator, denominator) == whole


@given(st.integers(-(10**24), 10**24), st.integers(1, 10**12))
def test_rounding_is_to_the_nearest_and_the_same_for_a_charge_and_its_credit(numerator: int, denominator: int) -> None:
    whole = divide_half_up(numerator, denominator)

    assert abs(whole - Fraction(numerator, denominator)) <= Fraction(1, 2)
    assert divide_half_up(-numerator, denominator) == -whole
