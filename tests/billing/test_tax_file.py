"""The tax part of a catalog file: what it says, and every mistake by its place."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.catalog_file import CatalogProblem, read_catalog
from gateway.billing.tax import TaxTable
from gateway.billing.tax_file import rates_of
from tests.billing.taxed import KDV, VAT, rate

PLANS = """
currencies = ["TRY"]
[[add_on]]
code = "books"
name = { en = "Books", tr = "Kitap" }
description = { en = "Books.", tr = "Kitap." }
tax = "books"
[[add_on.offer]]
from = 2026-01-01
price.month.TRY = "10.00"
[[add_on.offer]]
from = 2026-07-01
tax = "reduced"
price.month.TRY = "10.00"
[[add_on]]
code = "chat"
name = { en = "Chat", tr = "Sohbet" }
description = { en = "Chat.", tr = "Sohbet." }
[[add_on.offer]]
from = 2026-01-01
price.month.TRY = "10.00"
"""
TAX = """
[tax]
seller = "TR"
from = 2024-01-01
rates = "builtin"
"""
OWN = """
[tax.rate.TR]
name = { en = "KDV", tr = "KDV" }
standard = { 2001-05-15 = "18", 2023-07-10 = "20" }
"""
RATE = "mine.toml, tax, rate, TR"
FIGURE = 'must be a percentage from 0 to 100 such as "20" or "25.5", and is'
BUILTIN = (rate("TR", "10", date(2020, 1, 1)), rate("TR", "1", category="books"), rate("DE", "19"))


def read(text: str) -> TaxTable | None:
    return read_catalog(PLANS + text, "mine.toml", BUILTIN).tax


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogProblem) as problem:
        read(text)
    return list(problem.value.problems)


def test_without_a_tax_part_no_tax_is_charged() -> None:
    assert read("") is None


def test_the_builtin_rates_are_taken_by_name() -> None:
    found = read(TAX)

    assert found is not None
    assert (found.seller, found.from_on) == ("TR", date(2024, 1, 1))
    assert sorted(found.rates, key=str) == sorted(BUILTIN, key=str)


def test_a_category_in_the_file_takes_the_place_of_the_builtin_one_with_all_its_dates() -> None:
    found = read(TAX + OWN)

    mine = (rate("TR", "18", date(2001, 5, 15), names=KDV), rate("TR", "20", date(2023, 7, 10), names=KDV))
    assert found is not None
    assert found.rates == (rate("DE", "19"), rate("TR", "1", category="books"), *mine)


def test_rates_may_all_stand_in_the_file_and_are_called_vat_when_nothing_is_said() -> None:
    found = read(TAX.replace('rates = "builtin"', "") + '[tax.rate.TR]\nstandard = { 2020-01-01 = "25.5" }')

    assert found == TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=(rate("TR", "25.5", date(2020, 1, 1), names=VAT),))


def test_a_plan_says_its_category_and_an_offer_another_one() -> None:
    books, chat = read_catalog(PLANS, "mine.toml").plans

    assert [each.tax for each in books.offers] == ["books", "reduced"]
    assert [each.tax for each in chat.offers] == ["standard"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tax = 1", ["mine.toml: tax must be a table"]),
        (TAX.replace('"TR"', '"XX"'), ['mine.toml, tax: seller must be an ISO 3166 code such as "TR", and is "XX"']),
        (TAX.replace("from = 2024-01-01", ""), ["mine.toml, tax: from is missing"]),
        (
            TAX.replace('"builtin"', '"mine"'),
            ['mine.toml, tax: rates must be "builtin", or left out where every rate stands in the file, and is "mine"'],
        ),
        (TAX + "sellers = 1", ["mine.toml, tax: sellers is not known here; known are seller, from, rates, rate"]),
        (TAX.replace("2024-01-01", "2019-12-31"), ["mine.toml, tax: there is no standard rate of TR on 2019-12-31"]),
        (TAX + '[tax.rate.XX]\nstandard = { 2020-01-01 = "20" }', ["mine.toml, tax, rate: XX is not an ISO 3166 code such as TR"]),
        (
            TAX + '[tax.rate.TR]\nBooks = { 2020-01-01 = "1" }',
            [f"{RATE}: tax category Books must be small letters, digits and _, and begin with a letter"],
        ),
        (TAX + '[tax.rate.TR]\nbooks = { 2020-13-01 = "1" }', [f"{RATE}, books: 2020-13-01 must be a date such as 2026-01-01"]),
        (TAX + "[tax.rate.TR]\nbooks = {}", [f"{RATE}, books: there is no rate"]),
        (TAX + "[tax.rate.TR]\nbooks = { 2020-01-01 = 1 }", [f"{RATE}, books: 2020-01-01 must be a text in quotes"]),
        (TAX + '[tax.rate.TR]\nbooks = { 2020-01-01 = "-1" }', [f'{RATE}, books: 2020-01-01 {FIGURE} "-1"']),
        (TAX + '[tax.rate.TR]\nbooks = { 2020-01-01 = "101" }', [f'{RATE}, books: 2020-01-01 {FIGURE} "101"']),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(text: str, expected: list[str]) -> None:
    if text == "tax = 1":
        with pytest.raises(CatalogProblem) as problem:
            read_catalog(f"{text}\n{PLANS}", "mine.toml", BUILTIN)
        assert expected[0] in problem.value.problems
        return
    assert problems(text) == expected


def test_a_vendor_in_the_union_needs_the_rate_of_every_member_state() -> None:
    found = problems(TAX.replace('"TR"', '"DE"'))

    assert len(found) == 26
    assert found[0] == "mine.toml, tax: there is no standard rate of AT on 2024-01-01"


def test_a_file_of_rates_with_a_mistake_is_not_used() -> None:
    with pytest.raises(ValueError, match="is not an ISO 3166 code"):
        rates_of('[XX]\nstandard = { 2020-01-01 = "1" }', "rates.toml")
