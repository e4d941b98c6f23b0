"""How a bill is set down in a story: rows of what, from the first to the last day, the arithmetic, the amount; then the total."""

from __future__ import annotations

from decimal import Decimal

from gateway.billing.bill import Bill
from tests.billing.given import rows

Row = tuple[str, str, str, str]


def assert_bill(bill: Bill, *expected: Row, total: str) -> None:
    """The bill reads like this, and the rows add up to the total that is due."""
    assert rows(bill) == list(expected)
    assert sum(Decimal(row[3]) for row in expected) == Decimal(total)
    assert str(bill.due.amount) == total
