"""Assessment: the tax on a bill, by who sells, who buys, and the day (rules §5, §9; docs/decisions/0014-tax.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from .bill import Deduction, Line, TaxLine
from .catalog import Catalog
from .countries import EU
from .money import Money, divide_half_up
from .tax import PERCENT, CustomerKind, TaxIdCheck, TaxIdentity, TaxNote, TaxSource, TaxStatus, TaxTable
from .tax_engine import TaxAnswer, TaxQuestion

# Nothing is charged, and a document must say why.
_GROUNDS: Final = {
    TaxStatus.REVERSE_CHARGE: (
        TaxNote.REVERSE_CHARGE,
        {"en": "Reverse charge: VAT is owed by the recipient", "tr": "Ters yükümlülük: KDV'yi alıcı öder"},
    ),
    TaxStatus.EXPORT: (TaxNote.EXPORT, {"en": "Export of services", "tr": "Hizmet ihracatı"}),
    TaxStatus.EXEMPT: (TaxNote.EXEMPT, {"en": "Exempt from tax", "tr": "Vergiden muaf"}),
}


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the tax on a bill is: its status and, where tax is charged, whose rates apply."""

    status: TaxStatus
    country: str | None = None


def treat(seller: str, customer: TaxIdentity) -> Treatment:
    """The decision table, first match wins.

    exempt → EXEMPT · the seller's own country → its rate · both in the EU: a business with an id that is right →
    REVERSE_CHARGE, anybody else → the rate of the customer's country · abroad → EXPORT.
    """
    if customer.exempt is not None:
        return Treatment(TaxStatus.EXEMPT)
    if customer.country == seller:
        return Treatment(TaxStatus.CHARGED, seller)
    if seller in EU and customer.country in EU:
        if customer.kind is CustomerKind.BUSINESS and customer.check is TaxIdCheck.WELL_FORMED:
            return Treatment(TaxStatus.REVERSE_CHARGE)
        return Treatment(TaxStatus.CHARGED, customer.country)
    return Treatment(TaxStatus.EXPORT)


def assess(
    lines: Sequence[Line],
    deductions: Sequence[Deduction],
    customer: TaxIdentity | None,
    catalog: Catalog,
    on: date,
    currency: str,
    answer: TaxAnswer | None = None,
) -> tuple[tuple[TaxLine, ...], TaxStatus]:
    """The tax on what is left of the lines, rounded once per rate, at the rates in force on a day.

    `answer` is what an engine said beforehand; where it does not fit the bill, or there was none, the table decides.
    """
    table = catalog.tax
    if table is None or on < table.from_on:
        return (), TaxStatus.NOT_CHARGED
    if customer is None:
        return (), TaxStatus.ADDRESS_NEEDED
    nets = net_by_category(lines, deductions, catalog, on)
    if answer is not None and customer.exempt is None and _fits(answer, customer, on, nets):
        quoted = {each.category: each for each in answer.rates}
        if answer.status in _GROUNDS:
            return _nothing(nets, answer.status, currency, TaxSource.ENGINE), answer.status
        rates = {name: (quoted[name].percent, _with_percent(quoted[name].names, quoted[name].percent)) for name in nets}
        return _lines(nets, rates, currency, TaxSource.ENGINE), answer.status
    treatment = treat(table.seller, customer)
    notes = (TaxNote.ENGINE_UNAVAILABLE,) if answer is not None and customer.exempt is None else ()
    if treatment.country is None:
        return _nothing(nets, treatment.status, currency, TaxSource.TABLE, notes), treatment.status
    known = _rates(table, treatment.country, nets, on)
    if known is None:
        return (), TaxStatus.RATE_UNKNOWN
    return _lines(nets, known, currency, TaxSource.TABLE, notes), treatment.status


def net_by_category(lines: Sequence[Line], deductions: Sequence[Deduction], catalog: Catalog, on: date) -> dict[str, int]:
    """What is left of the lines in minor units, by the tax category of their plans on a day, in the order of the lines."""
    nets: dict[str, int] = {}
    for place, line in enumerate(lines):
        category = catalog.tax_category(line.plan, on)
        off = sum(deduction.shares[place] for deduction in deductions)
        nets[category] = nets.get(category, 0) + line.minor - off
    return nets


def question(
    lines: Sequence[Line], deductions: Sequence[Deduction], customer: TaxIdentity | None, catalog: Catalog, on: date, currency: str
) -> TaxQuestion | None:
    """What an engine is to be asked of a bill; None when there is nothing to ask."""
    table = catalog.tax
    if table is None or on < table.from_on or customer is None or customer.exempt is not None or not lines:
        return None
    return TaxQuestion(
        seller=table.seller,
        country=customer.country,
        kind=customer.kind,
        check=customer.check,
        currency=currency,
        on=on,
        nets=net_by_category(lines, deductions, catalog, on),
    )


def _fits(answer: TaxAnswer, customer: TaxIdentity, on: date, nets: dict[str, int]) -> bool:
    """Whether an answer is about this customer and day, and has a rate for all that is to be taxed."""
    return (answer.country, answer.on) == (customer.country, on) and nets.keys() <= {each.category for each in answer.rates}


def _rates(table: TaxTable, country: str, nets: dict[str, int], on: date) -> dict[str, tuple[int, dict[str, str]]] | None:
    found = {}
    for category in nets:
        rate = table.rate(country, category, on)
        if rate is None:
            return None
        found[category] = rate.percent, _with_percent(rate.names, rate.percent)
    return found


def _nothing(
    nets: dict[str, int], status: TaxStatus, currency: str, source: TaxSource, notes: tuple[TaxNote, ...] = ()
) -> tuple[TaxLine, ...]:
    """The one line that says why no tax is charged."""
    ground, names = _GROUNDS[status]
    return _lines(nets, dict.fromkeys(nets, (0, names)), currency, source, (ground, *notes))


def _lines(
    nets: dict[str, int],
    rates: dict[str, tuple[int, dict[str, str]]],
    currency: str,
    source: TaxSource,
    notes: tuple[TaxNote, ...] = (),
) -> tuple[TaxLine, ...]:
    """A line per rate; categories that share one are taxed together, under the name of the first."""
    bases: dict[int, int] = {}
    first: dict[int, str] = {}
    for category, net in nets.items():
        percent = rates[category][0]
        first.setdefault(percent, category)
        bases[percent] = bases.get(percent, 0) + net
    return tuple(
        TaxLine(
            category=first[percent],
            names=rates[first[percent]][1],
            percent=percent,
            base=Money(base, currency),
            amount=Money(divide_half_up(base * percent, 100 * PERCENT), currency),
            source=source,
            notes=notes,
        )
        for percent, base in bases.items()
    )


def _with_percent(names: dict[str, str], percent: int) -> dict[str, str]:
    """A tax's names with its rate: "VAT 25.5 %", "KDV %25,5"."""
    figure = percent_text(percent)
    return {
        language: f"{name} %{figure.replace('.', ',')}" if language == "tr" else f"{name} {figure} %" for language, name in names.items()
    }


def percent_text(percent: int) -> str:
    """Millionths of a percent as people write them: 25500000 is 25.5."""
    figure = f"{Decimal(percent).scaleb(-6):f}"
    return figure.rstrip("0").rstrip(".")
