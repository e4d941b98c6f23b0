"""Random lives with discounts, tax and credit: from the lines to what is due, one period after the other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random

from gateway.billing.bill import Bill, TaxLine
from gateway.billing.catalog import Catalog
from gateway.billing.engine import walk
from gateway.billing.term import Opening
from tests import oracle
from tests.properties import accounts, taxed
from tests.properties.lives import Life, life
from tests.properties.test_bill_and_oracle import seeds


def test_what_is_due_with_discounts_tax_and_credit_is_what_the_oracle_says() -> None:
    for seed in seeds(600):
        random = Random(seed)
        subject = life(random)
        table, seller = taxed.seller(random, subject.first)
        catalog = taxed.categories(random, replace(subject.catalog, tax=table))
        more, told_more = taxed.notes(random, subject, table.seller)
        marks, told = accounts.notes(random, subject)
        marks, told = sorted(marks + more, key=lambda mark: mark.at), sorted(told + told_more, key=lambda note: note.at)
        subject = replace(subject, marks=(*subject.marks, *marks))
        bills = _bills(subject, catalog, random.randint(1, 8))
        months = [(subject.told.almanac.month_on(bill.period.start), _rows(bill)) for bill in bills]

        expected = oracle.settled(months, told, seller, partial(taxed.category, catalog))

        assert [_settled(bill) for bill in bills] == expected, f"{seed}\n{subject}\n{table}"
        assert [bill.due.minor for bill in bills] == [each.due for each in expected]
        assert all(bill.due.minor >= 0 for bill in bills)


def _bills(subject: Life, catalog: Catalog, periods: int) -> list[Bill]:
    found, opening = list[Bill](), Opening(subject.first)
    for _ in range(periods):
        walked = walk(opening, subject.steps, subject.account, catalog, None, subject.marks)
        found.append(walked.bill)
        opening = walked.closing
    return found


def _rows(bill: Bill) -> list[oracle.Row]:
    return [oracle.Row(line.plan, line.amount.minor) for line in bill.lines]


def _settled(bill: Bill) -> oracle.Settled:
    off = tuple(oracle.Off(each.redemption, each.amount.minor, each.shares) for each in bill.deductions)
    return oracle.Settled(bill.subtotal.minor, off, tuple(map(_tax, bill.taxes)), bill.tax_status.value, bill.credited)


def _tax(line: TaxLine) -> oracle.Tax:
    return oracle.Tax(Decimal(line.percent).scaleb(-6), line.base.minor, line.amount.minor)
