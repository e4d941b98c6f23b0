"""The catalog: what can be had, and what it costs from which day on.

A plan's offers follow each other by date: each says what the plan includes and costs from its day on. Offers
of the past are never altered, so that a bill computed again is the same bill.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from .discount import Promotion, canonical_code
from .errors import NotFound, PlanNotAvailable
from .money import divide_half_up, exponent
from .tax import STANDARD, TaxTable
from .texts import in_language

# Unit prices are exact decimals finer than money (0.002 per session is a price); the engine counts them in
# millionths of a minor unit, so that all arithmetic is on integers.
FINENESS: Final = 6
_SCALE: Final = 10**FINENESS

_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


class Kind(StrEnum):
    """What a plan is."""

    PACKAGE = "PACKAGE"
    ADD_ON = "ADD_ON"
    SESSION_PACK = "SESSION_PACK"


class Interval(StrEnum):
    """The run of time a price pays for."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"

    @property
    def months(self) -> int:
        """Length in billing months."""
        return _MONTHS[self.value]


class EarlyEnd(StrEnum):
    """What leaving a term before its end costs beside the days used (rules §3)."""

    NONE = "NONE"
    REPRICE = "REPRICE"
    REST_OF_TERM = "REST_OF_TERM"


@dataclass(frozen=True, slots=True)
class Rate:
    """An exact unit price: `millionths` of a minor unit of the currency."""

    millionths: int
    currency: str

    @staticmethod
    def of(amount: Decimal, currency: str) -> Rate:
        """The rate of a decimal amount in units of the currency; raises ValueError when it is finer than can be kept."""
        scaled = amount.scaleb(exponent(currency) + FINENESS)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{amount} {currency} has more decimals than a price can have")
        return Rate(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The price in units of the currency: with its decimals, and more only where the price is finer."""
        return _decimal(self.millionths, exponent(self.currency))

    @property
    def figure(self) -> str:
        """The price as it is written in a formula."""
        return _figure(self.millionths, exponent(self.currency))

    def share(self, units: int, whole: int) -> int:
        """Minor units owed for `units` of the `whole` that the price pays for (rules §5, R(p·U/n))."""
        return divide_half_up(self.millionths * units, _SCALE * whole)

    def between(self, before: int, after: int, whole: int) -> int:
        """Minor units owed for the units from `before` to `after`: the difference of their rounded shares."""
        twice, divisor = 2 * self.millionths, _SCALE * whole
        if twice < 0 or before < 0 or after < 0:
            return self.share(after, whole) - self.share(before, whole)
        # The arithmetic of `share`, twice without a call: every line of every bill comes by here.
        return (twice * after + divisor) // (2 * divisor) - (twice * before + divisor) // (2 * divisor)


@lru_cache(maxsize=65536)
def _decimal(millionths: int, digits: int) -> Decimal:
    exact = Decimal(millionths).scaleb(-digits - FINENESS)
    short = round(exact, digits)
    return short if short == exact else exact.normalize()


@lru_cache(maxsize=65536)
def _figure(millionths: int, digits: int) -> str:
    return str(_decimal(millionths, digits))


@dataclass(frozen=True, slots=True)
class Price:
    """What one plan costs per interval, or once: a base, and so much for each representative beyond those included.

    `minimum_months` are the billing months that whoever enters at this price is committed to (rules §6).
    `early_end` is None where the price does not say it; `leaving` is what holds.
    """

    plan: str
    interval: Interval | None
    base: Rate
    included: int
    per_representative: Rate
    minimum_months: int = 0
    early_end: EarlyEnd | None = None

    @property
    def leaving(self) -> EarlyEnd:
        """What leaving a term early costs: unless said otherwise, a quarter or a year is re-rated by the month."""
        if self.interval is None or self.interval is Interval.MONTH:
            return EarlyEnd.NONE
        return self.early_end or EarlyEnd.REPRICE

    @property
    def free(self) -> bool:
        """Whether it costs nothing, whatever the quantity."""
        return not (self.base.millionths or self.per_representative.millionths)

    def parts(self, quantity: int) -> tuple[tuple[str, int, Rate], ...]:
        """The parts a state is billed in: (part, quantity, unit price); parts that cost nothing are left out."""
        extra = quantity - self.included
        further = (("representatives", extra, self.per_representative),) if extra > 0 and self.per_representative.millionths else ()
        return (("base", 1, self.base), *further) if self.base.millionths else further

    def list_price(self, quantity: int) -> int:
        """The whole state's price per interval, in millionths of a minor unit."""
        extra = quantity - self.included
        return self.base.millionths + extra * self.per_representative.millionths if extra > 0 else self.base.millionths


@dataclass(frozen=True, slots=True)
class Offer:
    """What a plan includes and costs from a day on, and the category it is taxed by.

    `requires` names plans of which one must be held beside it, `excludes` plans that cannot be (rules §6). `trial_days`
    are free when an account takes the plan for the first time.
    """

    from_on: date
    on_sale: bool = True
    included: int = 1
    maximum: int | None = 1
    chatbot_limit: int = 0
    sessions: int = 0
    prices: tuple[Price, ...] = ()
    tax: str = STANDARD
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    trial_days: int = 0

    def price(self, currency: str, interval: Interval | None) -> Price | None:
        """The price in a currency for an interval (None: once), if there is one."""
        for price in self.prices:
            if price.interval is interval and price.base.currency == currency:
                return price
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be had: a package, an add-on or a session pack."""

    code: str
    kind: Kind
    names: dict[str, str] = field(hash=False)
    descriptions: dict[str, str] = field(hash=False)
    offers: tuple[Offer, ...]

    def offer(self, on: date) -> Offer | None:
        """The offer in force on a day; None before the first."""
        return next((offer for offer in reversed(self.offers) if offer.from_on <= on), None)

    def name(self, locale: str) -> str:
        """The plan's name in a language, else in English."""
        return in_language(self.names, locale)

    def description(self, locale: str) -> str:
        """What the plan is for, in a language, else in English."""
        return in_language(self.descriptions, locale)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every plan and discount by its code, as published under one reference revision; without a tax table no tax is charged."""

    plans: dict[str, Plan] = field(hash=False)
    revision: int = 0
    convention: str = "USED_DAY"
    discounts: dict[str, Promotion] = field(default_factory=dict, hash=False)
    tax: TaxTable | None = field(default=None, hash=False)

    def plan(self, code: str, kind: Kind | None = None, field: str = "plan") -> Plan:
        """The plan of this code; refuses with NotFound when there is none of that kind."""
        plan = self.plans.get(code)
        if plan is None or kind not in (None, plan.kind):
            raise NotFound("There is no plan {plan}.", field, plan=code)
        return plan

    def promotion(self, code: str) -> Promotion:
        """The discount of this code, in whatever case it was typed; refuses with NotFound when there is none."""
        found = self.discounts.get(canonical_code(code))
        if found is None:
            raise NotFound("There is no discount code {code}.", "code", code=code[:40])
        return found

    def price(self, code: str, interval: Interval, currency: str, on: date) -> Price:
        """The price in force on a day; refuses with PlanNotAvailable when there is none."""
        offer = self.plan(code).offer(on)
        price = offer.price(currency, interval) if offer else None
        if price is None:
            raise PlanNotAvailable(
                "{plan} has no {interval} price in {currency}.", "plan", plan=code, interval=interval.value, currency=currency
            )
        return price

    def tax_category(self, code: str, on: date) -> str:
        """The category a plan is taxed by on a day."""
        offer = self.plan(code).offer(on)
        return offer.tax if offer else STANDARD

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that something has a price in."""
        return frozenset(price.base.currency for plan in self.plans.values() for offer in plan.offers for price in offer.prices)

    def on_sale(self, kind: Kind, on: date) -> tuple[Plan, ...]:
        """The plans of a kind that can be had on a day, in the order of the catalog."""
        return tuple(p for p in self.plans.values() if p.kind is kind and (offer := p.offer(on)) is not None and offer.on_sale)


@dataclass(frozen=True, slots=True)
class Listing:
    """A plan as it is offered on a day, to those who pay in a currency (None: in any)."""

    plan: Plan
    on: date
    currency: str | None

    @property
    def code(self) -> str:
        """The plan's code."""
        return self.plan.code

    @property
    def kind(self) -> Kind:
        """What the plan is."""
        return self.plan.kind

    @property
    def offer(self) -> Offer | None:
        """The offer in force on the day."""
        return self.plan.offer(self.on)

    @property
    def prices(self) -> tuple[Price, ...]:
        """The prices in force on the day."""
        offer = self.offer
        return tuple(price for price in offer.prices if self.currency in (None, price.base.currency)) if offer else ()

    @property
    def next(self) -> Offer | None:
        """The offer that follows, once its day has been published."""
        return next((offer for offer in self.plan.offers if offer.from_on > self.on), None)


@dataclass(frozen=True, slots=True)
class Assortment:
    """The catalog as it is offered on a day, to those who pay in a currency (None: in any)."""

    catalog: Catalog
    on: date
    currency: str | None

    @property
    def revision(self) -> int:
        """The reference revision it was published under."""
        return self.catalog.revision

    @property
    def packages(self) -> tuple[Listing, ...]:
        """The packages on sale."""
        return self._listings(Kind.PACKAGE)

    @property
    def add_ons(self) -> tuple[Listing, ...]:
        """The add-ons on sale."""
        return self._listings(Kind.ADD_ON)

    @property
    def session_packs(self) -> tuple[Listing, ...]:
        """The session packs on sale."""
        return self._listings(Kind.SESSION_PACK)

    def _listings(self, kind: Kind) -> tuple[Listing, ...]:
        return tuple(Listing(plan, self.on, self.currency) for plan in self.catalog.on_sale(kind, self.on))
