"""Money and days as people write them, by locale.

CLDR knows how a locale writes an amount; how many decimals it has is ISO 4217's to say, and the two differ for
some currencies (CLDR has none for the Iraqi dinar, ISO three).
"""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval
from babel.numbers import NumberPattern, get_currency_symbol

from .billing.dates import DAY, Period
from .billing.money import Money, exponent

# Symbols that CLDR uses only at home, though they stand for one currency the world over.
_SYMBOLS = {"TRY": "₺"}
_BLANK = "\N{NO-BREAK SPACE}"


def money_text(money: Money, locale: str) -> str:
    """An amount with its currency and exactly its decimals: ₺1.234,50 in `tr-TR`."""
    known = _known(locale)
    text: str = _pattern(money.currency, locale).apply(money.amount, known, money.currency, currency_digits=False)
    return text.replace(get_currency_symbol(money.currency, known), _symbol(money.currency, known))


def date_text(day: date, locale: str) -> str:
    """A day with its year: Sep 3, 2026."""
    return format_date(day, "medium", _known(locale))


def period_text(days: Period, locale: str) -> str:
    """A run of days with its year, from the first to the last that is in: Sep 1 – 30, 2026."""
    return format_interval(days.start, days.end - DAY, "yMMMd", locale=_known(locale))


def days_text(days: Period, locale: str) -> str:
    """A run of days within a year: Sep 1 – 17."""
    return format_interval(days.start, days.end - DAY, "MMMd", locale=_known(locale))


def _symbol(currency: str, locale: Locale) -> str:
    return _SYMBOLS.get(currency) or get_currency_symbol(currency, locale)


@lru_cache(maxsize=256)
def _known(locale: str) -> Locale:
    """The locale, else its language, else English."""
    for name in (locale, locale.partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=1024)
def _pattern(currency: str, locale: str) -> NumberPattern:
    known = _known(locale)
    pattern: NumberPattern = copy(known.currency_formats["standard"])
    pattern.frac_prec = (exponent(currency),) * 2
    # CLDR keeps letters apart from digits ("TRY 5", but "₺5"); Babel leaves that to its callers.
    symbol = _symbol(currency, known)
    if _is_letter(symbol[-1]):
        plus, minus = pattern.prefix
        pattern.prefix = re.sub("¤$", f"¤{_BLANK}", plus), re.sub("¤$", f"¤{_BLANK}", minus)
    if _is_letter(symbol[0]):
        plus, minus = pattern.suffix
        pattern.suffix = re.sub("^¤", f"{_BLANK}¤", plus), re.sub("^¤", f"{_BLANK}¤", minus)
    return pattern


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] not in "SZ"
