"""The tax table as it is published: what has begun is never altered, so that a bill computed again is the same bill."""

from __future__ import annotations

from datetime import date

from gateway.billing.assessment import percent_text
from gateway.billing.tax import TaxRate, TaxTable

from .conflict import CatalogConflict

Rates = dict[tuple[str, str, date], TaxRate]


def expect_future(present: TaxTable | None, new: TaxTable | None, today: date, *, first: bool) -> None:
    """Raises CatalogConflict for a table that would alter the tax on a period that may be over.

    `today` is the farthest local day there is; `first` says that nothing was published before.
    """
    if new == present or first:
        return
    if present is None or present.from_on > today:
        if new is not None and new.from_on <= today:
            raise CatalogConflict(f"tax: it cannot begin on {new.from_on}, but after {today}: what was billed stays as it is.")
        return
    if new is None:
        raise CatalogConflict("tax: it has been published and cannot be left out: past bills rest on it.")
    if (new.seller, new.from_on) != (present.seller, present.from_on):
        raise CatalogConflict(
            f"tax: the seller is {present.seller} from {present.from_on} on and cannot become {new.seller} from {new.from_on} on."
        )
    _expect_same_past(_begun(present, today), _begun(new, today), today)


def _begun(table: TaxTable, today: date) -> Rates:
    return {(rate.country, rate.category, rate.from_on): rate for rate in table.rates if rate.from_on <= today}


def _expect_same_past(old: Rates, new: Rates, today: date) -> None:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before.percent != after.percent:
            country, category, from_on = key
            raise CatalogConflict(
                f"tax: the {category} rate of {country} from {from_on} was published as {_said(before)} and cannot become {_said(after)}; "
                f"give the change a date after {today}. [tax.rate.{country}] in the file goes before what is built in."
            )


def _said(rate: TaxRate | None) -> str:
    return "none" if rate is None else f"{percent_text(rate.percent)} %"
