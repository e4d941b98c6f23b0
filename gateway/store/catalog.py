"""The catalog in tables: plans, their offers by the day they begin, and discounts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert, select, update

from gateway.billing.catalog import Catalog, Kind, Offer, Plan
from gateway.billing.catalog_file import CatalogFile
from gateway.billing.codec import pack, unpack
from gateway.billing.tax import TaxTable

from . import discounts
from .catalog_merge import merge
from .conflict import CatalogConflict
from .tables import offer, plan, reference

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


def publish(connection: Connection, file: CatalogFile, today: date, planned: str | None = None) -> Catalog:
    """Publish plans, offers, discounts and the tax table; CatalogConflict for what would alter an offer or rate in force or gone by.

    `today` is the farthest local day there is, see `merge`; `planned` the digest of the plan that was looked at: what would
    publish anything else is refused. Publishing the same again changes nothing.
    """
    # Who publishes at the same time waits: both would build on the same catalog.
    connection.execute(select(reference.c.revision).with_for_update())
    merged = merge(read(connection), file, today)
    if merged.problems:
        raise CatalogConflict("\n".join(merged.problems))
    if planned is not None and planned != merged.digest:
        raise CatalogConflict(f"This is not what was planned: its digest is {merged.digest}, and not {planned}. Look at a new plan first.")
    if merged.changes:
        _write(connection, merged.before, merged.after, file)
    return read(connection)


def _write(connection: Connection, before: Catalog, after: Catalog, file: CatalogFile) -> None:
    for position, new in enumerate(file.plans):
        old = before.plans.get(new.code)
        named = {"names": new.names, "descriptions": new.descriptions}
        if old is None:
            connection.execute(insert(plan).values(code=new.code, position=position, kind=new.kind.value, **named))
        elif (old.names, old.descriptions) != (new.names, new.descriptions):
            connection.execute(update(plan).where(plan.c.code == new.code).values(**named))
        known = {each.from_on: each for each in old.offers} if old else {}
        for each in new.offers:
            if each.from_on not in known:
                connection.execute(insert(offer).values(code=new.code, from_on=each.from_on, document=pack(each)))
            elif each != known[each.from_on]:
                mine = (offer.c.code == new.code, offer.c.from_on == each.from_on)
                connection.execute(update(offer).where(*mine).values(document=pack(each)))
    discounts.publish(connection, file.discounts, before.discounts)
    if before.revision:
        connection.execute(update(reference).values(revision=after.revision, tax=pack(after.tax)))
    else:
        connection.execute(insert(reference).values(id=1, revision=after.revision, convention=after.convention, tax=pack(after.tax)))
