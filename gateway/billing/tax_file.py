"""The tax part of a catalog file: who sells, from which day on it charges tax, and the rates.

    [tax]
    seller = "TR"
    from = 2024-01-01
    rates = "builtin"

    [tax.rate.TR]
    standard = { 2001-05-15 = "18", 2023-07-10 = "20" }

A category that stands here takes the place of the built-in one of that country, with all its dates.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from .catalog_entry import Entry
from .countries import COUNTRIES, EU
from .tax import STANDARD, TaxRate, TaxTable

_NEVER: Final = date.min  # stands in for a date that cannot be read
_CALLED: Final = {"en": "VAT", "tr": "KDV"}


def read_tax(file: Entry, builtin: Sequence[TaxRate] | None) -> TaxTable | None:
    """The tax table of a catalog file; None when it has none. `builtin` is what `rates = "builtin"` stands for.

    Where that is None, built-in rates are left out, and nothing is said of what is missing then.
    """
    if "tax" not in file.table:
        return None
    entry = file.inside("tax", file.take("tax", dict, {}))
    entry.allow("seller", "from", "rates", "rate")
    seller, from_on = entry.take("seller", str, "TR"), entry.take("from", date, _NEVER)
    if seller not in COUNTRIES:
        entry.note(f'seller must be an ISO 3166 code such as "TR", and is "{seller}"')
    source = entry.take("rates", str, "builtin", optional="rate" in entry.table)
    if source != "builtin":
        entry.note(f'rates must be "builtin", or left out where every rate stands in the file, and is "{source}"')
    own = read_rates(entry.inside("rate", entry.take("rate", dict, {}, optional=True)))
    given = {(rate.country, rate.category) for rate in own}
    whole = "rates" not in entry.table or builtin is not None
    taken = tuple(rate for rate in builtin or () if (rate.country, rate.category) not in given) if "rates" in entry.table else ()
    table = TaxTable(seller=seller, from_on=from_on, rates=tuple(sorted((*taken, *own), key=_place)))
    if whole and seller in COUNTRIES:
        _check_reach(entry, table)
    return table


def rates_of(text: str, name: str) -> tuple[TaxRate, ...]:
    """The rates of a file that has nothing else; ValueError with everything that is wrong with it."""
    file = Entry(name, tomllib.loads(text), [])
    rates = read_rates(file)
    if file.problems:
        raise ValueError("\n".join(file.problems))
    return rates


def read_rates(entry: Entry) -> tuple[TaxRate, ...]:
    """A table per country, in it a table per category, in it a percentage per day."""
    rates: list[TaxRate] = []
    for country in entry.table:
        if country not in COUNTRIES:
            entry.note(f"{country} is not an ISO 3166 code such as TR")
        inside = entry.inside(country, entry.take(country, dict, {}))
        names = inside.texts("name") if "name" in inside.table else _CALLED
        for category in inside.table:
            if category != "name":
                rates += _category(inside, country, category, names)
    return tuple(rates)


def _category(entry: Entry, country: str, category: str, names: Mapping[str, str]) -> list[TaxRate]:
    check_category(entry, category)
    days = entry.inside(category, entry.take(category, dict, {}))
    found = []
    for day in days.table:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) or (on := _date(day)) is None:
            days.note(f"{day} must be a date such as 2026-01-01")
        else:
            found.append(TaxRate(country=country, category=category, from_on=on, percent=days.percent(day), names=dict(names)))
    if not days.table:
        days.note("there is no rate")
    return found


def check_category(entry: Entry, category: str) -> None:
    """A category is a word such as standard."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", category):
        entry.note(f"tax category {category} must be small letters, digits and _, and begin with a letter")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(rate: TaxRate) -> tuple[str, str, date]:
    return rate.country, rate.category, rate.from_on


def _check_reach(entry: Entry, table: TaxTable) -> None:
    """Every country whose rate may be charged has a standard one from the day on which the vendor begins to charge."""
    for country in sorted(EU if table.seller in EU else {table.seller}):
        if table.from_on != _NEVER and table.rate(country, STANDARD, table.from_on) is None:
            entry.note(f"there is no standard rate of {country} on {table.from_on}")
