"""The tax on a bill: one decision by who sells and who buys, and one rounding for each rate (rules 5 and 9, decision on tax)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .values import rounded

EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


@dataclass(frozen=True, slots=True)
class Customer:
    """Who the account is to the tax office; `vat_number` says whether it gave one of the right form."""

    country: str
    business: bool = False
    vat_number: bool = False
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Seller:
    """Where the vendor is registered, from which day on it charges tax, and the rates: (country, category, from) to percent."""

    country: str
    since: date
    rates: Mapping[tuple[str, str, date], Decimal]

    def rate(self, country: str, category: str, on: date) -> Decimal | None:
        """The newest rate in force on a day; the standard one where the category has none."""
        for wanted in (category, "standard"):
            dated = [(since, percent) for (c, k, since), percent in self.rates.items() if (c, k) == (country, wanted) and since <= on]
            if dated:
                return max(dated)[1]
        return None


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax at one rate."""

    percent: Decimal
    base: int
    amount: int


def tax_on(nets: Sequence[tuple[str, int]], customer: Customer | None, seller: Seller | None, on: date) -> tuple[str, list[Tax]]:
    """Why tax is charged or not, and how much on what is left of each line: (category, minor units), in the order of lines."""
    if seller is None or on < seller.since:
        return "NOT_CHARGED", []
    if customer is None:
        return "ADDRESS_NEEDED", []
    status, country = _decide(customer, seller)
    rates = {category: seller.rate(country, category, on) if country else Decimal(0) for category, _ in nets}
    if any(rate is None for rate in rates.values()):
        return "RATE_UNKNOWN", []
    bases: dict[Decimal, int] = {}
    for category, net in nets:
        rate = rates[category] or Decimal(0)
        bases[rate] = bases.get(rate, 0) + net
    return status, [Tax(rate, base, rounded(Fraction(base) * Fraction(rate) / 100)) for rate, base in bases.items()]


def _decide(customer: Customer, seller: Seller) -> tuple[str, str | None]:
    if customer.exempt:
        return "EXEMPT", None
    if customer.country == seller.country:
        return "CHARGED", seller.country
    if {customer.country, seller.country} <= EUROPEAN_UNION:
        if customer.business and customer.vat_number:
            return "REVERSE_CHARGE", None
        return "CHARGED", customer.country
    return "EXPORT", None
