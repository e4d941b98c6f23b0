"""The catalog file: the vendor's plans and prices as an operator writes them, in TOML.

    currencies = ["TRY", "USD"]

    [[package]]
    code = "team"
    name = { en = "Team", tr = "Ekip" }
    description = { en = "…", tr = "…" }

    [[package.offer]]
    from = 2024-01-01
    included = 3
    maximum = 10
    price.month.TRY = { base = "1649.00", representative = "449.00" }

`price.year.early_end = "NONE"` says what leaving a longer term early costs.

`[[add_on]]` and `[[session_pack]]` look alike; a price that is nothing but a base may be written as a plain text.
`[[discount]]` stands in catalog_discount.py.
How the vendor charges tax stands in `[tax]` (see tax_file).
Beside its price an offer may say what it `requires` and `excludes`, how many `trial_days` it begins with, and by
`minimum_months.month = 12` how long whoever takes it by the month is committed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from .catalog import EarlyEnd, Interval, Kind, Offer, Plan, Price, Rate
from .catalog_discount import read_discounts
from .catalog_entry import Entry
from .conventions import CONVENTIONS, USED_DAY
from .discount import Promotion
from .tax import STANDARD, TaxRate, TaxTable
from .tax_file import check_category, read_tax

_NEVER: Final = date.min  # stands in for a date that cannot be read
_TERMS: Final = {
    "month": ("monthly", Interval.MONTH),
    "quarter": ("quarterly", Interval.QUARTER),
    "year": ("yearly", Interval.YEAR),
    "once": ("one-off", None),
}

_LONGER: Final = ("quarter", "year")  # whose end can come early; every plan that has them has a monthly price to go by


@dataclass(frozen=True, slots=True)
class _Form:
    """What the entries of one kind look like: keys of an offer beside those all have, terms needed and terms that may be."""

    kind: Kind
    called: str
    keys: tuple[str, ...]
    needed: tuple[str, ...]
    may: tuple[str, ...] = ()


_LONGEST_TRIAL: Final = 366
_LONGEST_COMMITMENT: Final = 120
_TERMS_OF_USE: Final = ("requires", "excludes", "trial_days", "minimum_months")
_FORMS: Final = {
    "package": _Form(Kind.PACKAGE, "package", ("included", "maximum", "chatbot_limit", *_TERMS_OF_USE), ("month", "year"), ("quarter",)),
    "add_on": _Form(Kind.ADD_ON, "add-on", _TERMS_OF_USE, ("month",), ("quarter", "year")),
    "session_pack": _Form(Kind.SESSION_PACK, "session pack", ("sessions",), ("once",)),
}


class CatalogProblem(ValueError):
    """The file cannot be used as it is: `problems` names each mistake by file, entry and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """What a catalog file says: plans in their order (packages, add-ons, session packs), which days are billed, discounts and tax."""

    plans: tuple[Plan, ...]
    convention: str
    discounts: tuple[Promotion, ...] = ()
    tax: TaxTable | None = None


def read_catalog(text: str, name: str, builtin: Sequence[TaxRate] | None = None) -> CatalogFile:
    """Read a catalog file; `name` is what problems call it, `builtin` the tax rates it may refer to; None leaves those out.

    Raises CatalogProblem with everything that is wrong.
    """
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise CatalogProblem([f"{name}: this is not TOML: {error}"]) from error
    file = Entry(name, table, [])
    file.allow("currencies", "convention", "tax", *_FORMS, "discount")
    convention = file.take("convention", str, USED_DAY.name, optional=True)
    if convention not in CONVENTIONS:
        file.note(f"convention {convention} is not known; known are {', '.join(CONVENTIONS)}")
    currencies = _currencies(file)
    plans = [
        _plan(file, form, number, each, currencies) for key, form in _FORMS.items() for number, each in enumerate(file.tables(key), start=1)
    ]
    tax = read_tax(file, builtin)
    codes = [plan.code for plan in plans if plan.code]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        file.note(f'code "{code}" is used {codes.count(code)} times')
    _check_neighbours(file, plans)
    if not plans:
        file.note("there is no plan")
    discounts = read_discounts(file, currencies, codes)
    if file.problems:
        raise CatalogProblem(file.problems)
    return CatalogFile(tuple(plans), convention, discounts, tax)


def _check_neighbours(file: Entry, plans: list[Plan]) -> None:
    """What a plan requires or excludes must be other plans of the file that can be held."""
    known = {plan.code for plan in plans if plan.kind is not Kind.SESSION_PACK}
    for plan in plans:
        for offer in plan.offers:
            for key, codes in (("requires", offer.requires), ("excludes", offer.excludes)):
                for code in codes:
                    if code not in known - {plan.code}:
                        file.note(f'"{plan.code}", offer from {offer.from_on}: {key} names "{code}", which is no other package or add-on')


def _currencies(file: Entry) -> list[str]:
    """The currencies that everything has a price in, as far as the list is good."""
    listed = file.take("currencies", list, [])
    good = [each for each in listed if type(each) is str and re.fullmatch(r"[A-Z]{3}", each)]
    currencies = list(dict.fromkeys(good))
    if type(file.table.get("currencies")) is list and (not listed or currencies != listed):
        file.note('currencies must be a list of different codes such as ["TRY", "USD"]')
    return currencies


def _plan(file: Entry, form: _Form, number: int, table: dict[str, object], currencies: list[str]) -> Plan:
    code = table.get("code")
    entry = file.inside(f'{form.called} "{code}"' if type(code) is str else f"{form.called} number {number}", table)
    entry.allow("code", "name", "description", "tax", "offer")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", entry.take("code", str, "x")):
        entry.note("code must be small letters, digits and _, and begin with a letter")
    names, descriptions = entry.texts("name"), entry.texts("description")
    code = code if type(code) is str else ""
    tax = _tax(entry, STANDARD)
    offers = [_offer(entry, form, code, each, currencies, tax) for each in entry.tables("offer")]
    if not offers:
        entry.note("there is no offer")
    _check_sequence(entry, [offer for offer in offers if offer.from_on > _NEVER])
    return Plan(code, form.kind, names, descriptions, tuple(offers))


def _check_sequence(entry: Entry, offers: list[Offer]) -> None:
    for before, after in pairwise(offers):
        if after.from_on == before.from_on:
            entry.note(f"two offers are from {after.from_on}")
        elif after.from_on < before.from_on:
            entry.note(f"offers must be in the order of their dates, but {after.from_on} stands after {before.from_on}")
        # Who pays by a term goes on by it when it renews, so its price may change but not vanish.
        for called, interval in _TERMS.values():
            if _has(before, interval) and not _has(after, interval):
                entry.note(f"the offer from {after.from_on} lacks the {called} price that the one before it has")


def _has(offer: Offer, interval: Interval | None) -> bool:
    return any(price.interval is interval for price in offer.prices)


def _tax(entry: Entry, otherwise: str) -> str:
    """The category that it is taxed by."""
    category = entry.take("tax", str, otherwise, optional=True)
    check_category(entry, category)
    return category


def _offer(plan: Entry, form: _Form, code: str, table: dict[str, object], currencies: list[str], tax: str) -> Offer:
    since = table.get("from")
    entry = plan.inside(f"offer from {since}" if type(since) is date else "offer without a date", table)
    entry.allow("from", "on_sale", "tax", *form.keys, "price")
    from_on = entry.take("from", date, _NEVER)
    on_sale = entry.take("on_sale", bool, True, optional=True)
    included, chatbot_limit, sessions = 1, 0, 0
    maximum: int | None = 1
    if form.kind is Kind.PACKAGE:
        included = entry.count("included", 1)
        maximum = entry.count("maximum", 1) if "maximum" in table else None
        chatbot_limit = entry.count("chatbot_limit", 0, optional=True)
    if form.kind is Kind.SESSION_PACK:
        sessions = entry.count("sessions", 1)
    if maximum is not None and maximum < included:
        entry.note(f"maximum must not be below the {included} included, and is {maximum}")
    prices = _prices(entry, form, code, currencies, included, maximum)
    held = form.kind is not Kind.SESSION_PACK
    return Offer(
        from_on,
        on_sale,
        included,
        maximum,
        chatbot_limit,
        sessions,
        prices,
        _tax(entry, tax),
        entry.codes("requires") if held else (),
        entry.codes("excludes") if held else (),
        entry.count("trial_days", 0, most=_LONGEST_TRIAL, optional=True) if held else 0,
    )


def _prices(entry: Entry, form: _Form, code: str, currencies: list[str], included: int, maximum: int | None) -> tuple[Price, ...]:
    """A price per term and currency: a term that may be left out has every currency when it is there."""
    terms = entry.inside("price", entry.take("price", dict, {}, optional=True))
    terms.allow(*form.needed, *form.may)
    minimum = entry.inside("minimum_months", entry.take("minimum_months", dict, {}, optional=True))
    minimum.allow(*terms.table)
    prices = []
    for term in (*form.needed, *form.may):
        if term in form.may and term not in terms.table:
            continue
        row = dict(terms.take(term, dict, {}, optional=True))
        called, interval = _TERMS[term]
        early_end = _early_end(entry, row, term, called)
        for currency in row:
            if currencies and currency not in currencies:
                entry.note(f"{called} {currency} price: the currency is not among those of the file")
        for currency in currencies:
            base, representative = _rates(entry, form, row.get(currency), currency, f"{called} {currency} price", maximum != included)
            months = minimum.count(term, 0, most=_LONGEST_COMMITMENT, optional=True)
            prices.append(Price(code, interval, base, included, representative, minimum_months=months, early_end=early_end))
    return tuple(prices)


def _early_end(entry: Entry, row: dict[str, object], term: str, called: str) -> EarlyEnd | None:
    """What leaving the term early costs, in any currency; None where it is not said, which is the default of the interval."""
    said = row.pop("early_end", None)
    if said is None:
        return None
    if term not in _LONGER:
        entry.note(f"{called} early_end: only a quarter or a year can end early")
    elif isinstance(said, str) and said in EarlyEnd.__members__:
        return EarlyEnd(said)
    else:
        entry.note(f"{called} early_end must be one of {', '.join(EarlyEnd)}, and is {said}")
    return None


def _rates(entry: Entry, form: _Form, value: object, currency: str, called: str, grows: bool) -> tuple[Rate, Rate]:
    """The base, and the price of each further representative where there can be any."""
    parts: dict[str, object] = value if isinstance(value, dict) else {"base": value}
    for key in parts:
        if key != "base" and (key != "representative" or form.kind is not Kind.PACKAGE):
            entry.note(f"{called}: {key} is not known here")
    base = entry.rate(parts.get("base"), currency, called)
    if value is None or not (grows or "representative" in parts):
        return base, Rate(0, currency)
    return base, entry.rate(parts.get("representative"), currency, f"{called} per further representative")
