"""How tax ids are written, country by country: their form and check digits. Whether a register knows them is not asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError
from stdnum.tr import tckimlik, vkn

from gateway.billing.countries import EU
from gateway.billing.tax import CustomerKind, TaxIdForm

_VAT: Final = {
    "AT": "ATU13585627",
    "BE": "BE0428759497",
    "BG": "BG175074752",
    "CH": "CHE107787577MWST",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100594102",
    "ES": "ESB64717838",
    "FI": "FI20774740",
    "FR": "FR23334175221",
    "GB": "GB980780684",
    "GR": "EL094259216",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL004495445B01",
    "NO": "NO995525828MVA",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
}
"""The VAT numbers of businesses that can be checked, by an example of each."""

_SELF_PREFIXED: Final = ("CH",)  # CHE is part of the number, not a prefix
_PREFIXES: Final = frozenset((EU - {"GR"}) | {"EL"})


def tax_id_form(country: str, kind: CustomerKind) -> TaxIdForm | None:
    """How the tax ids of a country's businesses or consumers are written; None where that cannot be checked here."""
    if country == "TR":
        # A sole trader is a business under the number of its identity card.
        if kind is CustomerKind.BUSINESS:
            return TaxIdForm("4540536920", lambda text: _bare(vkn, text) or _bare(tckimlik, text))
        return TaxIdForm("17291716060", partial(_bare, tckimlik))
    if kind is CustomerKind.BUSINESS and country in _VAT:
        return TaxIdForm(_VAT[country], _vat(country))
    return None


def _vat(country: str) -> Callable[[str], str | None]:
    """A reader of VAT numbers, with or without the country's prefix; the bare form has it."""
    module = get_cc_module(country.lower(), "vat")
    prefix = "" if country in _SELF_PREFIXED else {"GR": "EL"}.get(country, country)

    def read(text: str) -> str | None:
        shown = _plain(text)
        if shown[:2] in _PREFIXES and not shown.startswith((prefix, country)):
            return None  # that of another country, which could be right without its prefix
        bare = _bare(module, shown)
        return bare if bare is None or bare.startswith(prefix) else prefix + bare

    return read


def _plain(text: str) -> str:
    """An id without what people put between its digits."""
    return "".join(each for each in text.upper() if each not in " .-/")


def _bare(module: object, text: str) -> str | None:
    try:
        found: str = module.validate(_plain(text))  # type: ignore[attr-defined]
    except ValidationError:
        return None
    return found
