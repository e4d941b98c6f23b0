"""Tax: who a customer is to the tax office, and which rates there are (rules §5, §9). `assessment` brings the two together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

STANDARD: Final = "standard"
"""The category of everything that says no other, and the rate where a category has none of its own."""

PERCENT: Final = 10**6
"""Rates are whole numbers: millionths of a percent."""


class TaxStatus(StrEnum):
    """What is known of the tax on a bill."""

    NOT_CHARGED = "NOT_CHARGED"
    ADDRESS_NEEDED = "ADDRESS_NEEDED"
    CHARGED = "CHARGED"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    EXEMPT = "EXEMPT"
    EXPORT = "EXPORT"
    RATE_UNKNOWN = "RATE_UNKNOWN"


class CustomerKind(StrEnum):
    """What a customer is to the tax office."""

    BUSINESS = "BUSINESS"
    CONSUMER = "CONSUMER"


class TaxIdCheck(StrEnum):
    """What is known of a tax id."""

    NONE = "NONE"
    UNCHECKED = "UNCHECKED"
    WELL_FORMED = "WELL_FORMED"


class TaxSource(StrEnum):
    """Who said which rate it is."""

    TABLE = "TABLE"
    ENGINE = "ENGINE"


class TaxNote(StrEnum):
    """Something to know of a tax line beside its figures."""

    REVERSE_CHARGE = "REVERSE_CHARGE"
    EXPORT = "EXPORT"
    EXEMPT = "EXEMPT"
    ENGINE_UNAVAILABLE = "ENGINE_UNAVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxIdentity:
    """Who an account is to the tax office. The tax id itself is personal and stands with the account's profile.

    `country` is an ISO 3166 code; `exempt` says why no tax is charged, None when it is.
    """

    country: str
    kind: CustomerKind = CustomerKind.CONSUMER
    check: TaxIdCheck = TaxIdCheck.NONE
    exempt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """The rate of a category in a country from a day on, in millionths of a percent; `names` is what the tax is called."""

    country: str
    category: str
    from_on: date
    percent: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTable:
    """Where the vendor is registered, from which day on it charges tax, and every rate it knows, in order of their days."""

    seller: str
    from_on: date
    rates: tuple[TaxRate, ...] = ()

    def rate(self, country: str, category: str, on: date) -> TaxRate | None:
        """The rate in force on a day: that of the category, else the country's standard one; None when neither is known."""
        for wanted in (category, STANDARD):
            known = [each for each in self.rates if (each.country, each.category) == (country, wanted) and each.from_on <= on]
            if known:
                return max(known, key=lambda each: each.from_on)
        return None


@dataclass(frozen=True, slots=True)
class TaxIdForm:
    """How one country writes the tax ids of one kind of customer: a right one, and a reader that gives the bare id, or None."""

    example: str
    read: Callable[[str], str | None]


TaxIds = Callable[[str, CustomerKind], TaxIdForm | None]
"""How the tax ids of a country and kind of customer are written; None where that is not known. The same answer every time."""


def no_forms(country: str, kind: CustomerKind) -> TaxIdForm | None:
    """The form of no id is known: whatever is given stays unchecked."""
    return None
