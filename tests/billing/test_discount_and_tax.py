"""How a discount falls to tax rates; the figures are worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from gateway.billing.bill import Line
from gateway.billing.catalog import Catalog, Interval, Kind, Offer, Plan, Rate
from gateway.billing.dates import Period
from gateway.billing.discount import PERCENT, Discount, Redemption
from gateway.billing.settlement import settle
from gateway.billing.standing import Standing
from gateway.billing.tax import TaxIdentity, TaxRate, TaxTable

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
LONG_AGO = date(2000, 1, 1)


def test_a_discount_is_spread_over_tax_rates_by_largest_remainder() -> None:
    lines = tuple(_line("software", n, "1.02") for n in range(5)) + tuple(_line("book", n, "1.03") for n in range(5, 10))
    fifth = Redemption(id="d", terms=Discount(names={"en": "A fifth off"}, percent=20 * PERCENT), redeemed_on=LONG_AGO)
    standing = Standing(discounts=(fifth,), tax=TaxIdentity(country="TR"))

    bill, _ = settle(lines, JANUARY, "TRY", standing, _catalog())

    # 20 % of 5.10 + 5.15 are 2.05: 2.05 × 510/1025 = 1.02 fall to software, 2.05 × 515/1025 = 1.03 to books, to the cent.
    # Line by line it would be 0.204 and 0.206 each, and the five cents left over would all go to books: 1.00 and 1.05.
    assert [(tax.percent // PERCENT, tax.base.minor) for tax in bill.taxes] == [(20, 510 - 102), (1, 515 - 103)]
    # Within a rate the cents left over go to the earlier lines: 0.204 and 0.206 each.
    assert bill.deductions[0].shares == (21, 21, 20, 20, 20, 21, 21, 21, 20, 20)


def test_without_tax_a_discount_is_spread_over_the_lines_alone() -> None:
    lines = tuple(_line("software", n, "1.02") for n in range(5)) + tuple(_line("book", n, "1.03") for n in range(5, 10))
    fifth = Redemption(id="d", terms=Discount(names={"en": "A fifth off"}, percent=20 * PERCENT), redeemed_on=LONG_AGO)

    bill, _ = settle(lines, JANUARY, "TRY", Standing(discounts=(fifth,)), replace(_catalog(), tax=None))

    assert bill.deductions[0].shares == (20, 20, 20, 20, 20, 21, 21, 21, 21, 21)


def _line(plan: str, item: int, price: str) -> Line:
    days = Period(JANUARY.start, JANUARY.start + timedelta(days=31))
    rate = Rate.of(Decimal(price), "TRY")
    return Line("acc_1", str(item), plan, {"en": plan}, Interval.MONTH, "base", 1, 1, days, rate, 0, 31, 31, "USED_DAY", ())


def _catalog() -> Catalog:
    rates = {"software": 20, "book": 1}
    plans = {code: Plan(code, Kind.ADD_ON, {"en": code}, {"en": code}, (Offer(LONG_AGO, True, 1, None, tax=code),)) for code in rates}
    table = tuple(
        TaxRate(country="TR", category=code, from_on=LONG_AGO, percent=percent * PERCENT, names={"en": "VAT"})
        for code, percent in rates.items()
    )
    return Catalog(plans, tax=TaxTable(seller="TR", from_on=LONG_AGO, rates=table))
