"""The built-in rates beside a published list of the current ones, and the dates at which some of them changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import eu_vat_rates_data
import pytest
from babel import Locale

from gateway.billing.catalog_file import CatalogProblem
from gateway.billing.countries import COUNTRIES, EU
from gateway.billing.tax import PERCENT, TaxTable
from gateway.server.catalog_reading import builtin_rates, read_file

TABLE = TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=builtin_rates())
PUBLISHED = date.fromisoformat(eu_vat_rates_data.data_version)
SEED = Path(__file__).parents[2] / "gateway/server/catalog.toml"


def percent(country: str, on: date, category: str = "standard") -> Decimal:
    rate = TABLE.rate(country, category, on)
    assert rate is not None
    return Decimal(rate.percent) / PERCENT


@pytest.mark.parametrize("country", sorted({*EU, "TR"}))
def test_the_current_rates_are_the_published_ones(country: str) -> None:
    published = eu_vat_rates_data.get_rate(country)
    assert published is not None

    assert percent(country, PUBLISHED) == Decimal(str(published["standard"]))
    if any((rate.country, rate.category) == (country, "reduced") for rate in TABLE.rates):
        assert percent(country, PUBLISHED, "reduced") in {Decimal(str(each)) for each in published["reduced"]}


@pytest.mark.parametrize(
    ("country", "on", "before", "after"),
    [
        ("TR", date(2023, 7, 10), "18", "20"),
        ("EE", date(2024, 1, 1), "20", "22"),
        ("EE", date(2025, 7, 1), "22", "24"),
        ("FI", date(2024, 9, 1), "24", "25.5"),
        ("SK", date(2025, 1, 1), "20", "23"),
        ("RO", date(2025, 8, 1), "19", "21"),
        ("LU", date(2023, 1, 1), "17", "16"),
        ("DE", date(2020, 7, 1), "19", "16"),
        ("DE", date(2021, 1, 1), "16", "19"),
    ],
)
def test_a_rate_changes_on_its_day(country: str, on: date, before: str, after: str) -> None:
    assert (percent(country, date.fromordinal(on.toordinal() - 1)), percent(country, on)) == (Decimal(before), Decimal(after))


def test_every_member_state_has_a_standard_rate_as_far_back_as_prices_go() -> None:
    assert {country for country in EU if TABLE.rate(country, "standard", date(2017, 1, 1)) is None} == set()


def test_the_example_catalog_charges_turkish_tax() -> None:
    file = read_file(SEED.read_text(encoding="utf-8"), SEED.name)

    assert file.tax is not None
    assert (file.tax.seller, file.tax.from_on, len(file.tax.rates)) == ("TR", date(2024, 1, 1), len(builtin_rates()))


def test_a_vendor_anywhere_in_the_union_can_use_the_builtin_rates() -> None:
    text = SEED.read_text(encoding="utf-8")

    assert all(read_file(text.replace('seller = "TR"', f'seller = "{country}"'), "mine.toml").tax for country in EU)
    with pytest.raises(CatalogProblem, match="there is no standard rate of US on 2024-01-01"):
        read_file(text.replace('seller = "TR"', 'seller = "US"'), "mine.toml")


def test_every_country_has_a_name() -> None:
    assert COUNTRIES - set(Locale("en").territories) == set()
