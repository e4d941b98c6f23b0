"""A catalog with discount codes, and how discounts on a bill are set down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.billing.bill import Bill
from gateway.billing.discount import PERCENT, Discount, Duration, Promotion
from tests.billing.given import CATALOG, Told, account


def terms(
    name: str,
    percent: int | None = None,
    duration: Duration = Duration.ONCE,
    periods: int | None = None,
    plans: tuple[str, ...] = (),
    **amounts: int,
) -> Discount:
    """Terms in percent, or in minor units by currency."""
    millionths = None if percent is None else percent * PERCENT
    names = {"en": name, "tr": f"{name} (tr)"}
    return Discount(names=names, percent=millionths, amounts=amounts, duration=duration, periods=periods, plans=plans)


PROMOTIONS = {
    each.code: each
    for each in (
        Promotion(code="ONCE20", terms=terms("Once 20", 20)),
        Promotion(code="ONCE100", terms=terms("A month for nothing", 100)),
        Promotion(code="THREE10", terms=terms("Three 10", 10, Duration.PERIODS, 3), per_account=2),
        Promotion(code="EVER50OFF", terms=terms("Fifty off", duration=Duration.FOREVER, TRY=5000)),
        Promotion(code="PRO25", terms=terms("Pro 25", 25, Duration.FOREVER, plans=("pro",))),
        Promotion(code="JUNE", terms=terms("June", 5), from_on=date(2026, 6, 10), until_on=date(2026, 6, 20)),
        Promotion(code="FREE", terms=terms("Free", 100, Duration.FOREVER)),
    )
}
WITH_CODES = replace(CATALOG, discounts=PROMOTIONS)


def shop(opened: str = "2026-06-01T08:00", currency: str = "TRY") -> Told:
    """An account that has just been opened, where there are codes."""
    return account(opened, currency=currency, catalog=WITH_CODES)


def off(bill: Bill) -> list[tuple[str, str, str]]:
    """What is taken off a bill: name, arithmetic, amount."""
    return [(each.names["en"], each.formula, str(each.amount.amount)) for each in bill.deductions]
