"""Discounts of the catalog in their table, and the count of what was redeemed of each.

The count is one guarded update in the transaction of the command, so that of the last ten exactly ten are had, however many
ask at once. Accounts are locked before it, invoice numbers after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, insert, or_, select, update

from gateway.billing.codec import pack, unpack
from gateway.billing.discount import Promotion
from gateway.billing.errors import DiscountNotAvailable
from gateway.billing.facts import Fact
from gateway.billing.redeemed import Redeemed

from .tables import discount


def read(connection: Connection) -> dict[str, Promotion]:
    """The published discounts by code."""
    rows = connection.execute(select(discount.c.code, discount.c.document).order_by(discount.c.code))
    return {row.code: unpack(Promotion, row.document) for row in rows}


def publish(connection: Connection, discounts: Sequence[Promotion], present: dict[str, Promotion]) -> None:
    """Publish discounts, none of which is `refused`. One that is left out stays."""
    for new in discounts:
        old = present.get(new.code)
        if old is None:
            connection.execute(insert(discount).values(code=new.code, document=pack(new), capacity=new.limit, redeemed=0))
        elif old != new:
            connection.execute(update(discount).where(discount.c.code == new.code).values(document=pack(new), capacity=new.limit))


def refused(discounts: Sequence[Promotion], present: dict[str, Promotion]) -> Iterator[str]:
    """What cannot be published, in sentences: a discount that is known keeps its terms.

    Its names, its last day and its limit may change: whoever redeemed it has the terms copied.
    """
    for new in discounts:
        old = present.get(new.code)
        if old is not None and (altered := _altered(old, new)):
            yield f"{new.code}: {', '.join(altered)} of a published discount cannot change; publish it under another code."


def _altered(old: Promotion, new: Promotion) -> list[str]:
    """What was promised before and is no longer, in words."""
    named = {
        "percent": (old.terms.percent, new.terms.percent),
        "amount": (old.terms.amounts, new.terms.amounts),
        "duration": ((old.terms.duration, old.terms.periods), (new.terms.duration, new.terms.periods)),
        "plans": (old.terms.plans, new.terms.plans),
        "from": (old.from_on, new.from_on),
        "per_account": (old.per_account, new.per_account),
    }
    return [name for name, (before, after) in named.items() if before != after]


def claim(connection: Connection, added: Iterable[Fact]) -> None:
    """Count the codes that these facts redeem; refuses with DiscountNotAvailable when one was redeemed as often as it can be."""
    for code in codes(added):
        free = or_(discount.c.capacity.is_(None), discount.c.redeemed < discount.c.capacity)
        counted = update(discount).where(discount.c.code == code, free).values(redeemed=discount.c.redeemed + 1)
        if connection.execute(counted).rowcount != 1:
            raise _used_up(code)


def check(connection: Connection, added: Iterable[Fact]) -> None:
    """Refuse as `claim` would by now, and count nothing."""
    for code in codes(added):
        row = connection.execute(select(discount.c.capacity, discount.c.redeemed).where(discount.c.code == code)).first()
        if row is None or (row.capacity is not None and row.redeemed >= row.capacity):
            raise _used_up(code)


def codes(added: Iterable[Fact]) -> list[str]:
    """The codes that these facts redeem."""
    return [fact.redemption.code for fact in added if isinstance(fact, Redeemed) and fact.redemption.code is not None]


def _used_up(code: str) -> DiscountNotAvailable:
    return DiscountNotAvailable("The code {code} was redeemed as often as it can be.", "code", code=code)
