"""Random sellers and customers, and credit, told to the product and to the oracle alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from gateway.billing.catalog import Catalog
from gateway.billing.credit import Credited, CreditReason
from gateway.billing.standing import Mark
from gateway.billing.tax import PERCENT, CustomerKind, TaxIdCheck, TaxIdentity, TaxRate, TaxTable
from gateway.billing.tax_facts import TaxExempted, TaxIdentified
from tests import oracle
from tests.properties.accounts import GAPS
from tests.properties.lives import Life

COUNTRIES = ("TR", "DE", "FR", "US", "IT")
CATEGORIES = ("standard", "books", "food")


def seller(random: Random, around: date) -> tuple[TaxTable, oracle.Seller]:
    """A vendor in one of the countries, and rates of some categories that change within two years; of one country none is known."""
    country, since = random.choice(COUNTRIES[:3]), around + timedelta(days=random.choice((-1000, -1000, 100)))
    rates: dict[tuple[str, str, date], Decimal] = {}
    for where in COUNTRIES[:3]:
        for category in CATEGORIES[: random.randint(1, 3)]:
            for days in (-3000, *(random.randint(0, 500) for _ in range(random.randint(0, 2)))):
                percent = random.choice((Decimal(0), Decimal(20), Decimal("5.5"), Decimal("25.5"), Decimal(10)))
                rates[where, category, around + timedelta(days=days)] = percent
    table = TaxTable(
        seller=country,
        from_on=since,
        rates=tuple(
            TaxRate(country=where, category=category, from_on=on, percent=int(percent * PERCENT), names={"en": category})
            for (where, category, on), percent in sorted(rates.items())
        ),
    )
    return table, oracle.Seller(country, since, rates)


def categories(random: Random, catalog: Catalog) -> Catalog:
    """The catalog, with each plan's offers in some category."""
    plans = {
        code: replace(plan, offers=tuple(replace(offer, tax=random.choice(CATEGORIES)) for offer in plan.offers))
        for code, plan in catalog.plans.items()
    }
    return replace(catalog, plans=plans)


def category(catalog: Catalog, code: str, on: date) -> str:
    """By which a plan is taxed on a day: as its newest offer that has begun says."""
    begun = [offer for offer in catalog.plans[code].offers if offer.from_on <= on]
    return max(begun, key=lambda offer: offer.from_on).tax


def notes(random: Random, subject: Life, home: str) -> tuple[list[Mark], list[oracle.Note]]:
    """Up to seven: who the customer is (often somebody from the vendor's country), whether exempt, and credit."""
    marks, told = list[Mark](), list[oracle.Note]()
    at = subject.account.opened_at
    for revision in range(2000, 2000 + random.randint(0, 7)):
        at += timedelta(seconds=random.choice(GAPS) if told or random.random() < 0.3 else 1)
        kind = random.choice(("identity", "identity", "exemption", "credit", "credit")) if told else "identity"
        if kind == "identity":
            country, business, number = random.choice((home, *COUNTRIES)), random.random() < 0.5, random.random() < 0.5
            identity = TaxIdentity(
                country=country,
                kind=CustomerKind.BUSINESS if business else CustomerKind.CONSUMER,
                check=TaxIdCheck.WELL_FORMED if number else random.choice((TaxIdCheck.NONE, TaxIdCheck.UNCHECKED)),
            )
            marks.append(TaxIdentified(revision=revision, at=at, identity=identity, profile=""))
            told.append(oracle.Note(at, customer=oracle.Customer(country, business, number)))
        elif kind == "exemption":
            exempt = random.random() < 0.6
            marks.append(TaxExempted(revision=revision, at=at, reason="a charity" if exempt else None))
            told.append(oracle.Note(at, exempt=exempt))
        else:
            amount = random.choice((1, 10_000, 500_000))
            marks.append(Credited(revision=revision, at=at, amount=amount, reason=CreditReason.GOODWILL, text=""))
            told.append(oracle.Note(at, credit=amount))
    return marks, told
