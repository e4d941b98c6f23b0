"""With discounts, too: so far never falls, never passes what is expected, and the last estimate is the invoice (rules §10, 2 and 4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.billing.commands import AddAddOn, AddPackage, GrantDiscount
from gateway.billing.discount import Duration
from tests.billing.given import account

PLANS = st.lists(st.sampled_from(["pro", "basic", "whatsapp"]), unique=True, max_size=2).map(tuple)
PERCENTS = st.builds(lambda percent, plans: GrantDiscount(name="x", percent=Decimal(percent), plans=plans), st.integers(1, 100), PLANS)
AMOUNTS = st.builds(
    lambda amount, plans, duration: GrantDiscount(name="x", amount=Decimal(f"{amount}.50"), plans=plans, duration=duration),
    st.integers(1, 500),
    PLANS,
    st.sampled_from([Duration.ONCE, Duration.FOREVER]),
)


@settings(max_examples=40)
@given(st.lists(PERCENTS | AMOUNTS, min_size=1, max_size=4), st.integers(1, 28))
def test_the_estimate_rises_to_the_invoice(grants: list[GrantDiscount], day: int) -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=7))
    acme.tell(f"2026-06-{day:02}T10:00", AddPackage(plan="basic")).tell(f"2026-06-{day:02}T11:00", AddAddOn(plan="whatsapp"))
    for minute, grant in enumerate(grants):
        acme.tell(f"2026-06-{day:02}T12:{minute:02}", grant)
    books = acme.now(f"2026-06-{day:02}T13:00")

    seen = 0
    for ahead in range(31 - day):
        forecast = acme.now(str((books.now + timedelta(days=ahead)).isoformat())).current
        assert seen <= forecast.so_far.due.minor <= forecast.expected.due.minor
        assert forecast.expected == books.current.expected
        seen = forecast.so_far.due.minor
    bill, _ = acme.cut()

    assert bill == books.current.expected
    assert seen == bill.due.minor
    assert bill.due.minor >= 0
