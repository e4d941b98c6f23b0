"""Reading a catalog file as it is written for this gateway: with the tax rates that are built in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from gateway.billing.catalog_file import CatalogFile, read_catalog
from gateway.billing.tax import TaxRate
from gateway.billing.tax_file import rates_of

_RATES: Final = Path(__file__).with_name("tax_rates.toml")


@cache
def builtin_rates() -> tuple[TaxRate, ...]:
    """What `rates = "builtin"` stands for."""
    return rates_of(_RATES.read_text(encoding="utf-8"), _RATES.name)


def read_file(text: str, name: str) -> CatalogFile:
    """Read a catalog file; raises CatalogProblem with everything that is wrong."""
    return read_catalog(text, name, builtin_rates())
