"""The catalog in tables: plans, their offers by the day they begin, and discounts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from sqlalchemy import Connection, insert, select, update

from gateway.billing.catalog import Catalog, Kind, Offer, Plan
from gateway.billing.codec import pack, unpack
from gateway.billing.discount import Promotion
from gateway.billing.tax import TaxTable

from . import discounts
from .conflict import CatalogConflict
from .tables import offer, plan, reference
from .tax_table import expect_future

__all__ = ["CatalogConflict", "publish", "read", "revision"]


def revision(connection: Connection) -> int:
    """The reference revision; 0 before anything was published."""
    return connection.execute(select(reference.c.revision)).scalar() or 0


def read(connection: Connection) -> Catalog:
    """The published catalog."""
    offers: dict[str, list[Offer]] = {}
    for row in connection.execute(select(offer).order_by(offer.c.code, offer.c.from_on)):
        offers.setdefault(row.code, []).append(unpack(Offer, row.document))
    plans = {
        row.code: Plan(row.code, Kind(row.kind), row.names, row.descriptions, tuple(offers.get(row.code, ())))
        for row in connection.execute(select(plan).order_by(plan.c.position))
    }
    published = connection.execute(select(reference)).first()
    if published is None:
        return Catalog(plans)
    tax = unpack(TaxTable, published.tax) if published.tax else None
    return Catalog(plans, published.revision, published.convention, discounts.read(connection), tax)


def _prices(of: Offer) -> set[str]:
    """The prices an offer has, in words."""
    return {f"the {price.interval or 'one-off'} price in {price.base.currency}" for price in of.prices}


def publish(
    connection: Connection,
    plans: tuple[Plan, ...],
    convention: str,
    today: date,
    promotions: tuple[Promotion, ...] = (),
    tax: TaxTable | None = None,
) -> Catalog:
    """Publish plans, offers, discounts and the tax table; CatalogConflict for what would alter an offer or rate in force or gone by.

    `today` is the farthest local day there is: an offer of a plan that is known may begin on any later one. A new
    plan may begin whenever it says, for nobody holds it yet. Publishing the same again changes nothing.
    """
    present = read(connection)
    if present.revision and convention != present.convention:
        raise CatalogConflict(f"The convention is {present.convention} and cannot become {convention}: past bills rest on it.")
    expect_future(present.tax, tax, today, first=not present.revision)
    changed = not present.revision or tax != present.tax
    for position, new in enumerate(plans):
        old = present.plans.get(new.code)
        if old is None:
            connection.execute(
                insert(plan).values(code=new.code, position=position, kind=new.kind.value, names=new.names, descriptions=new.descriptions)
            )
        elif old.kind is not new.kind:
            raise CatalogConflict(f"{new.code} is a {old.kind.value} and cannot become a {new.kind.value}.")
        for before, after in pairwise(new.offers):
            if dropped := sorted(_prices(before) - _prices(after)):
                raise CatalogConflict(
                    f"{new.code}: the offer from {after.from_on} drops {', '.join(dropped)}, which somebody may hold; "
                    "keep the price and take the plan off sale instead."
                )
        known = {each.from_on: each for each in old.offers} if old else {}
        renamed = old is not None and (old.names, old.descriptions) != (new.names, new.descriptions)
        if renamed:
            connection.execute(update(plan).where(plan.c.code == new.code).values(names=new.names, descriptions=new.descriptions))
        for each in new.offers:
            if each == known.get(each.from_on):
                continue
            if old is not None and each.from_on <= today:
                raise CatalogConflict(
                    f"{new.code}: the offer from {each.from_on} differs from what was published; "
                    f"give the change a date after {today} and leave the past as it is."
                )
            if each.from_on in known:
                mine = (offer.c.code == new.code, offer.c.from_on == each.from_on)
                connection.execute(update(offer).where(*mine).values(document=pack(each)))
            else:
                connection.execute(insert(offer).values(code=new.code, from_on=each.from_on, document=pack(each)))
            changed = True
        changed = changed or old is None or renamed
    try:
        changed = discounts.publish(connection, promotions, present.discounts) or changed
    except discounts.DiscountConflict as conflict:
        raise CatalogConflict(str(conflict)) from None
    if changed:
        if present.revision:
            connection.execute(update(reference).values(revision=present.revision + 1, tax=pack(tax)))
        else:
            connection.execute(insert(reference).values(id=1, revision=1, convention=convention, tax=pack(tax)))
    return read(connection)
