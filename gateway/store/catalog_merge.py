"""Merging a catalog file into what was published: what the catalog would become, and what is refused; nothing is written.

What is left out of the file stays. What has begun or gone by is never altered, so that a bill computed again is the same bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise

from gateway.billing.catalog import Catalog, Offer, Plan
from gateway.billing.catalog_file import CatalogFile
from gateway.billing.codec import canonical, pack

from .conflict import CatalogConflict
from .discounts import refused
from .tax_table import expect_future


@dataclass(frozen=True, slots=True)
class Merged:
    """The catalog before publishing and after it; `problems` says in sentences what is refused, and then nothing is published."""

    before: Catalog
    after: Catalog
    problems: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether publishing would change anything."""
        return self.after.revision != self.before.revision

    @property
    def digest(self) -> str:
        """Stands for what is published upon what: another file, or another catalog in force, has another one."""
        return sha256(canonical(pack(self.after))).hexdigest()[:16]


def merge(present: Catalog, file: CatalogFile, today: date) -> Merged:
    """What publishing a file would make of a catalog.

    `today` is the farthest local day there is: an offer of a plan that is known may begin on any later one. A new
    plan may begin whenever it says, for nobody holds it yet.
    """
    problems = list(_problems(present, file, today))
    plans = dict(present.plans)
    for new in file.plans:
        plans[new.code] = _merged(present.plans.get(new.code), new)
        problems.extend(_dropped(plans[new.code]))
    discounts = {**present.discounts, **{each.code: each for each in file.discounts}}
    after = replace(present, plans=plans, convention=file.convention, discounts=discounts, tax=file.tax)
    if not present.revision or after != present:
        after = replace(after, revision=present.revision + 1)
    return Merged(present, after, tuple(problems))


def _merged(old: Plan | None, new: Plan) -> Plan:
    """A plan with the names of the file, and the offers of both."""
    if old is None:
        return new
    offers = {each.from_on: each for each in (*old.offers, *new.offers)}
    return replace(new, kind=old.kind, offers=tuple(offers[day] for day in sorted(offers)))


def _problems(present: Catalog, file: CatalogFile, today: date) -> Iterator[str]:
    if present.revision and file.convention != present.convention:
        yield f"The convention is {present.convention} and cannot become {file.convention}: past bills rest on it."
    try:
        expect_future(present.tax, file.tax, today, first=not present.revision)
    except CatalogConflict as conflict:
        yield str(conflict)
    for new in file.plans:
        old = present.plans.get(new.code)
        if old is None:
            continue
        if old.kind is not new.kind:
            yield f"{new.code} is a {old.kind.value} and cannot become a {new.kind.value}."
        known = {each.from_on: each for each in old.offers}
        for each in new.offers:
            if each.from_on <= today and each != known.get(each.from_on):
                yield (
                    f"{new.code}: the offer from {each.from_on} differs from what was published; "
                    f"give the change a date after {today} and leave the past as it is."
                )
    yield from refused(file.discounts, present.discounts)


def _dropped(plan: Plan) -> Iterator[str]:
    """What the offers of a plan, those that stay included, take away from somebody who may hold it."""
    for before, after in pairwise(plan.offers):
        if dropped := sorted(_prices(before) - _prices(after)):
            yield (
                f"{plan.code}: the offer from {after.from_on} drops {', '.join(dropped)}, which somebody may hold; "
                "keep the price and take the plan off sale instead."
            )


def _prices(of: Offer) -> set[str]:
    """The prices an offer has, in words."""
    return {f"the {price.interval or 'one-off'} price in {price.base.currency}" for price in of.prices}
