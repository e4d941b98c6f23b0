"""Settlement: from the lines of a period to what is due, in the order of rules §5.

lines → discounts → net per tax rate → tax → gross → account credit → due.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from .assessment import assess
from .bill import Bill, Line
from .catalog import Catalog
from .dates import DAY, Period
from .deduct import deduct
from .standing import Standing
from .tax_engine import TaxAnswer


def settle(
    lines: tuple[Line, ...], period: Period, currency: str, standing: Standing, catalog: Catalog, answer: TaxAnswer | None = None
) -> tuple[Bill, Standing]:
    """The bill of these lines, and the standing after it: discounts used, credit consumed or, by a negative bill, gained.

    `answer` is what a tax engine said of this bill, if one was asked.
    """
    on = period.end - DAY
    category = None if catalog.tax is None else partial(catalog.tax_category, on=on)
    deductions, discounts = deduct(lines, standing.discounts, period, currency, category)
    taxes, status = assess(lines, deductions, standing.tax, catalog, on, currency, answer)
    bill = Bill(period, currency, lines, deductions, taxes, status)
    gross = bill.gross.minor
    credit = gross if gross < 0 else min(gross, standing.credit)
    if credit:
        bill = replace(bill, credited=credit)
    if credit or discounts != standing.discounts:
        standing = replace(standing, discounts=discounts, credit=standing.credit - credit)
    return bill, standing
