"""What tests of tax start from: a table with a rate that rises, and accounts whose catalog has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.billing.catalog import Catalog
from gateway.billing.commands import SetTaxIdentity
from gateway.billing.tax import CustomerKind, TaxIdForm, TaxRate, TaxTable
from tests.billing.given import CATALOG, Told, account

BUSINESS, CONSUMER = CustomerKind.BUSINESS, CustomerKind.CONSUMER
VAT = {"en": "VAT", "tr": "KDV"}
KDV = {"en": "KDV", "tr": "KDV"}


def rate(country: str, percent: str, from_on: date = date(2010, 1, 1), category: str = "standard", names: dict[str, str] = VAT) -> TaxRate:
    """A rate, by its figure in percent."""
    whole, _, part = percent.partition(".")
    return TaxRate(country=country, category=category, from_on=from_on, percent=int(whole + part.ljust(6, "0")), names=names)


RATES = (
    rate("TR", "18", names=KDV),
    rate("TR", "20", date(2026, 6, 16), names=KDV),
    rate("TR", "1", category="books", names=KDV),
    rate("DE", "19"),
    rate("FI", "25.5"),
    rate("JP", "8"),
    rate("KW", "5"),
)


def table(seller: str = "TR", from_on: date = date(2010, 1, 1)) -> TaxTable:
    """A table for a vendor in a country."""
    return TaxTable(seller=seller, from_on=from_on, rates=RATES)


def taxed(seller: str = "TR", catalog: Catalog = CATALOG) -> Catalog:
    """The catalog of a vendor in a country that charges tax."""
    return replace(catalog, tax=table(seller))


def form(country: str, kind: CustomerKind) -> TaxIdForm | None:
    """Ids of businesses in Germany and Turkey are "DE1" and "TR1"; no other form is known."""
    right = f"{country}1"
    return TaxIdForm(right, lambda text: right if text.upper() == right else None) if country in ("DE", "TR") and kind is BUSINESS else None


def customer(
    country: str | None = None, kind: CustomerKind = CONSUMER, tax_id: str | None = None, *, seller: str = "TR", currency: str = "TRY"
) -> Told:
    """An account opened on 1 June 2026, and if it has a country then its identity."""
    told = account(currency=currency, catalog=taxed(seller))
    told.books = replace(told.books, tax_ids=form)
    return told if country is None else told.tell("2026-06-01T08:30", SetTaxIdentity(country=country, kind=kind, tax_id=tax_id))
