"""Settlement: the order of rules §5, and that every bill adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.bill import Line
from gateway.billing.commands import AddPackage
from gateway.billing.dates import Period
from gateway.billing.settlement import settle
from gateway.billing.standing import Standing
from tests.billing.given import CATALOG, account

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))


def line(units: int) -> Line:
    """A line of Pro over some of the 30 days of June; below zero it gives days back."""
    told = account().tell("2026-06-01T09:00", AddPackage(plan="pro"))
    (whole,) = told.books.current.expected.lines
    return whole._replace(before=max(0, -units), after=max(0, units))


@pytest.mark.parametrize(
    ("units", "credit", "used", "due", "left"),
    [
        ((30,), 0, 0, 24900, 0),
        ((30,), 10000, 10000, 14900, 0),
        ((30,), 24900, 24900, 0, 0),
        ((30,), 30000, 24900, 0, 5100),
        ((), 5000, 0, 0, 5000),
        ((-10,), 0, -8300, 0, 8300),  # a bill below zero becomes credit
        ((-10,), 5000, -8300, 0, 13300),
        ((10, -10), 5000, 0, 0, 5000),
        ((30, -10), 5000, 5000, 11600, 0),
        ((10, -30), 5000, -16600, 0, 21600),
    ],
)
def test_credit_pays_as_far_as_it_goes_and_a_bill_below_zero_becomes_credit(
    units: tuple[int, ...], credit: int, used: int, due: int, left: int
) -> None:
    bill, standing = settle(tuple(map(line, units)), JUNE, "TRY", Standing(credit=credit), CATALOG)

    assert (bill.credit.minor, bill.due.minor, standing.credit) == (used, due, left)
    assert bill.subtotal - bill.discount + bill.tax - bill.credit == bill.due
    assert standing == replace(standing, credit=credit - bill.credit.minor)
