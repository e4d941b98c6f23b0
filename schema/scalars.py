"""Scalars."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
CurrencyCode = NewType("CurrencyCode", str)
CountryCode = NewType("CountryCode", str)
TimeZone = NewType("TimeZone", str)
Locale = NewType("Locale", str)


def _matching(pattern: str, what: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"this is not {what}")
        return value

    return parse


def _big_int(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,30}", str(value)):
        raise ValueError("this is not a whole number written as text")
    return int(value)


def _date(value: Any) -> datetime.date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("this is not a date such as 2026-05-31")
    return datetime.date.fromisoformat(value)


def _instant(value: Any) -> datetime.datetime:
    if not isinstance(value, str) or not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
        raise ValueError("this is not an instant such as 2026-05-31T22:00:00Z")
    return datetime.datetime.fromisoformat(value)


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", value):
        raise ValueError('this is not a decimal figure written as text, such as "12.50"')
    return Decimal(value)


SCALARS: dict[object, ScalarDefinition] = {
    datetime.date: strawberry.scalar(
        name="Date",
        description="A calendar day in the account's time zone, such as 2026-05-31.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.date.isoformat,
        parse_value=_date,
    ),
    datetime.datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, such as 2026-05-31T22:00:00+00:00.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.datetime.isoformat,
        parse_value=_instant,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact decimal figure, written as text so that nothing on the way rounds it.",
        specified_by_url="https://en.wikipedia.org/wiki/Decimal#Decimal_fractions",
        serialize=str,
        parse_value=_decimal,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of any size, written as text.",
        specified_by_url="https://en.wikipedia.org/wiki/Integer",
        serialize=str,
        parse_value=_big_int,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code, such as EUR.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=_matching(r"[A-Z]{3}", "a currency code such as EUR"),
    ),
    CountryCode: strawberry.scalar(
        name="CountryCode",
        description="An ISO 3166 country code, such as TR.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=str,
        parse_value=_matching(r"[A-Z]{2}", "a country code such as TR"),
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="An IANA time zone, such as Europe/Istanbul.",
        specified_by_url="https://www.iana.org/time-zones",
        serialize=str,
        parse_value=_matching(r"[A-Za-z0-9_+\-/]{1,60}", "a time zone such as Europe/Istanbul"),
    ),
    Locale: strawberry.scalar(
        name="Locale",
        description="A language, and where it is spoken, such as en or tr-TR.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5646",
        serialize=str,
        parse_value=_matching(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", "a language tag such as en or tr-TR"),
    ),
}
