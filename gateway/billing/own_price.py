"""Own prices: what an account pays for a plan in place of its list price, from one day to another (rules §5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from .catalog import Catalog, Interval, Kind, Listing, Plan, Price, Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrice:
    """One account's price of a plan and interval, in force from a day until another (None: for good).

    It replaces the amounts of the list price and nothing else; `per_representative` None leaves that amount as listed.
    """

    id: str
    plan: str
    interval: Interval
    base: Rate
    per_representative: Rate | None
    from_on: date
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class PriceList:
    """The catalog as one account is charged by it: its own prices before those of the list."""

    catalog: Catalog
    own: tuple[OwnPrice, ...] = ()

    def plan(self, code: str, kind: Kind | None = None) -> Plan:
        """The plan of this code; refuses with NotFound when there is none of that kind."""
        return self.catalog.plan(code, kind)

    def price(self, code: str, interval: Interval, currency: str, on: date) -> Price:
        """The price in force on a day; refuses with PlanNotAvailable when the plan has none.

        Of several own prices the one that began last holds, and of two from one day the one that was set last.
        """
        listed = self.catalog.price(code, interval, currency, on)
        mine = [each for each in self.own if each.plan == code and each.interval is interval and each.holds(on)]
        if not mine:
            return listed
        own = max(reversed(mine), key=lambda each: each.from_on)
        return replace(listed, base=own.base, per_representative=own.per_representative or listed.per_representative)


@dataclass(frozen=True, slots=True)
class OwnListing(Listing):
    """A plan as one account is offered it: at its own prices where it has some."""

    own: tuple[OwnPrice, ...] = ()

    @property
    def prices(self) -> tuple[Price, ...]:
        """The prices in force on the day."""
        prices = PriceList(Catalog({self.plan.code: self.plan}), self.own)
        listed = Listing(self.plan, self.on, self.currency).prices
        return tuple(
            prices.price(each.plan, each.interval, each.base.currency, self.on)
            if each.interval is not None and each.base.currency == self.currency
            else each
            for each in listed
        )
