"""Amounts and days as each locale writes them."""

from datetime import date

import pytest

from gateway.billing.dates import Period
from gateway.billing.money import Money
from gateway.formats import date_text, days_text, money_text, period_text

BLANK = "\N{NO-BREAK SPACE}"
THIN = "\N{THIN SPACE}"


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (123450, "TRY", "tr-TR", "₺1.234,50"),
        (123450, "TRY", "tr", "₺1.234,50"),
        (123450, "USD", "en", "$1,234.50"),
        (123450, "EUR", "de-DE", f"1.234,50{BLANK}€"),
        (5, "EUR", "en", "€0.05"),
        (0, "EUR", "en", "€0.00"),
        (-5, "USD", "en", "-$0.05"),
        (-123450, "TRY", "tr-TR", "-₺1.234,50"),
        (1234, "JPY", "en", "¥1,234"),
        (1234, "JPY", "tr-TR", "¥1.234"),
    ],
)
def test_an_amount_is_written_as_the_locale_does(minor: int, currency: str, locale: str, text: str) -> None:
    assert money_text(Money(minor, currency), locale) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1234567, "KWD", f"KWD{BLANK}1,234.567"),
        (1234567, "IQD", f"IQD{BLANK}1,234.567"),  # CLDR: none
        (5, "CLF", f"CLF{BLANK}0.0005"),
        (1000, "CLP", f"CLP{BLANK}1,000"),
        (1234567, "HUF", f"HUF{BLANK}12,345.67"),
        (100, "XTS", f"XTS{BLANK}1.00"),  # a code nobody knows
    ],
)
def test_an_amount_has_the_decimals_of_iso_4217(minor: int, currency: str, text: str) -> None:
    assert money_text(Money(minor, currency), "en") == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", f"-KWD{BLANK}0.500"),
        ("de", f"-0,500{BLANK}KWD"),  # the locale's own blank is not doubled
    ],
)
def test_letters_are_kept_apart_from_digits(locale: str, text: str) -> None:
    assert money_text(Money(-500, "KWD"), locale) == text


@pytest.mark.parametrize(("locale", "text"), [("en", "-₺5.00"), ("de", f"-5,00{BLANK}₺"), ("tr", "-₺5,00"), ("xx", "-₺5.00")])
def test_the_lira_has_its_sign_everywhere(locale: str, text: str) -> None:
    assert money_text(Money(-500, "TRY"), locale) == text


@pytest.mark.parametrize("locale", ["xx", "", "!!", "zz-ZZ", "../en", "en-"])
def test_an_unknown_locale_is_taken_for_english(locale: str) -> None:
    assert money_text(Money(123450, "USD"), locale) == "$1,234.50"
    assert date_text(date(2026, 9, 3), locale) == "Sep 3, 2026"


def test_an_unknown_country_is_taken_for_its_language() -> None:
    assert money_text(Money(123450, "TRY"), "tr-XX") == "₺1.234,50"


def test_one_locale_does_not_colour_the_next() -> None:
    # Patterns are shared by Babel: one altered for the dinar must not be met by the dollar.
    assert money_text(Money(1, "KWD"), "en") == f"KWD{BLANK}0.001"
    assert money_text(Money(1, "USD"), "en") == "$0.01"
    assert money_text(Money(1, "JPY"), "en") == "¥1"


@pytest.mark.parametrize(
    ("locale", "day", "month", "two_years", "run"),
    [
        ("en", "Sep 3, 2026", f"Sep 1{THIN}–{THIN}30, 2026", f"Dec 15, 2026{THIN}–{THIN}Jan 14, 2027", f"Sep 3{THIN}–{THIN}17"),
        ("tr-TR", "3 Eyl 2026", "1–30 Eyl 2026", f"15 Ara 2026{THIN}–{THIN}14 Oca 2027", f"3{THIN}–{THIN}17 Eyl"),
    ],
)
def test_days_are_written_as_the_locale_does_from_the_first_to_the_last_that_is_in(
    locale: str, day: str, month: str, two_years: str, run: str
) -> None:
    assert date_text(date(2026, 9, 3), locale) == day
    assert period_text(Period(date(2026, 9, 1), date(2026, 10, 1)), locale) == month
    assert period_text(Period(date(2026, 12, 15), date(2027, 1, 15)), locale) == two_years
    assert days_text(Period(date(2026, 9, 3), date(2026, 9, 18)), locale) == run


def test_a_run_of_one_day_is_that_day() -> None:
    assert days_text(Period(date(2026, 9, 3), date(2026, 9, 4)), "en") == "Sep 3"
