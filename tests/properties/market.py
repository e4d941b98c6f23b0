"""One price list told twice: as the product's catalog and as the oracle's prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gateway.billing.bill import Bill, Line
from gateway.billing.catalog import Catalog, EarlyEnd, Interval, Kind, Offer, Plan, Price, Rate
from gateway.billing.early_end import EARLY_END, REST, REST_REPRESENTATIVES
from tests import oracle

DECIMALS = {"TRY": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True)
class Listed:
    """What a plan costs from a day on, in minor units: (base, each further representative) per interval.

    `early` says what leaving a term early costs, where it is not nothing.
    """

    plan: str
    from_on: date
    included: int
    costs: Mapping[Interval, tuple[int, int]]
    early: Mapping[Interval, EarlyEnd] = field(default_factory=dict)


@dataclass(frozen=True)
class Market:
    """A price list in one currency; plans whose code begins with "add" are add-ons."""

    currency: str
    listed: tuple[Listed, ...]
    maxima: Mapping[str, int]
    convention: str = "USED_DAY"

    def units(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-DECIMALS[self.currency])

    @property
    def catalog(self) -> Catalog:
        plans: dict[str, list[Offer]] = {}
        for each in sorted(self.listed, key=lambda one: one.from_on):
            prices = tuple(
                Price(
                    each.plan,
                    interval,
                    self._rate(base),
                    each.included,
                    self._rate(extra),
                    early_end=each.early.get(interval, EarlyEnd.NONE),
                )
                for interval, (base, extra) in each.costs.items()
            )
            offer = Offer(each.from_on, True, each.included, self.maxima.get(each.plan), prices=prices)
            plans.setdefault(each.plan, []).append(offer)
        return Catalog({code: self._plan(code, offers) for code, offers in plans.items()}, convention=self.convention)

    @property
    def prices(self) -> list[oracle.Price]:
        return [
            oracle.Price(
                each.plan,
                interval.value,
                each.from_on,
                self.units(base),
                each.included,
                self.units(extra),
                each.early.get(interval, EarlyEnd.NONE).value,
            )
            for each in self.listed
            for interval, (base, extra) in each.costs.items()
        ]

    def _rate(self, minor: int) -> Rate:
        return Rate.of(self.units(minor), self.currency)

    @staticmethod
    def _plan(code: str, offers: list[Offer]) -> Plan:
        kind = Kind.ADD_ON if code.startswith("add") else Kind.PACKAGE
        return Plan(code, kind, {"en": code}, {"en": code}, tuple(offers))


# What both sides can tell of a bill: per item, part, unit price and length of term, the units and the minor units owed.
Owed = dict[tuple[str, str, Decimal, int], tuple[int, int]]


def owed(bill: Bill) -> Owed:
    """What the engine's bill owes."""
    return _summed(_row(line) for line in bill.lines)


def _row(line: Line) -> tuple[tuple[str, str, Decimal, int], int, int]:
    """A line without what it is called and which days it is for. That of an early end has no units: it is a difference of amounts."""
    if line.part == EARLY_END:
        return (line.item, EARLY_END, Decimal(0), 1), 0, line.amount.minor
    part = REST if line.part == REST_REPRESENTATIVES else line.part
    return (line.item, part, line.rate.amount, line.whole), line.after - line.before, line.amount.minor


def owed_by_oracle(parts: Iterable[oracle.Part]) -> Owed:
    """What the oracle says is owed."""
    return _summed(((p.item, p.part, p.unit_price, p.whole), p.units, p.amount) for p in parts)


def _summed(rows: Iterable[tuple[tuple[str, str, Decimal, int], int, int]]) -> Owed:
    result: Owed = {}
    for key, units, minor in rows:
        before = result.get(key, (0, 0))
        result[key] = (before[0] + units, before[1] + minor)
    return result
