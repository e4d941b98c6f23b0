"""The audit of discount codes over all accounts: each was counted as often as the journal says it was redeemed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from gateway.billing.codec import unpack_fact
from gateway.billing.redeemed import Redeemed

from .finding import Finding, What
from .tables import discount, journal


def audit_discounts(connection: Connection) -> Iterator[Finding]:
    """Compare each code's count with the journal. (Its limit may have been lowered below that afterwards.)"""
    redeemed: Counter[str] = Counter()
    for facts in connection.execute(select(journal.c.facts).where(journal.c.verb == "applyDiscount")).scalars():
        for fact in map(unpack_fact, facts):
            if isinstance(fact, Redeemed) and fact.redemption.code is not None:
                redeemed[fact.redemption.code] += 1
    counted = {row.code: row.redeemed for row in connection.execute(select(discount.c.code, discount.c.redeemed))}
    for code in sorted({*redeemed, *counted}):
        if redeemed[code] != counted.get(code, 0):
            yield Finding(
                None, What.DISCOUNT, f"{code} is counted as redeemed {counted.get(code, 0)} times, and by the journal {redeemed[code]}"
            )
