"""Catalogs are compared section by section, whatever they are made of."""

from dataclasses import fields, replace
from datetime import date

import pytest

from gateway.billing.catalog import Catalog, Kind
from gateway.billing.catalog_difference import Difference, Reach, differences, reach
from gateway.billing.tax import TaxRate, TaxTable
from tests.billing.given import BASIC, CATALOG, LONG_AGO, SOLO, catalog_of, offer, plan
from tests.billing.promotions import WITH_CODES


def test_the_same_catalog_has_no_differences() -> None:
    assert differences(WITH_CODES, replace(WITH_CODES, revision=7)) == ()
    assert reach(WITH_CODES, replace(WITH_CODES, revision=7)) == Reach(frozenset(), date.max)


def test_a_new_offer_is_compared_with_the_one_it_follows() -> None:
    after = catalog_of(plan("solo", *SOLO.offers, offer("solo", "MONTH 44 TRY, YEAR 400 TRY", date(2027, 1, 1), on_sale=False)))

    found = differences(catalog_of(SOLO), after)

    place = ("plans", "solo", "offers", "2027-01-01")
    assert found == (
        Difference((*place, "on_sale"), "yes", "no"),
        Difference((*place, "prices", "MONTH TRY", "base"), "40.00 TRY", "44.00 TRY"),
    )
    assert reach(catalog_of(SOLO), after) == Reach(frozenset({"solo"}), date(2027, 1, 1))


def test_a_new_plan_is_told_leaf_by_leaf() -> None:
    after = catalog_of(SOLO, plan("chat", offer("chat", "MONTH 5 TRY"), kind=Kind.ADD_ON))

    found = {each.where[1:]: (each.before, each.after) for each in differences(catalog_of(SOLO), after)}

    assert found["chat", "kind"] == (None, "ADD_ON")
    assert found["chat", "names", "tr"] == (None, "Chat (tr)")
    assert found["chat", "offers", str(LONG_AGO), "prices", "MONTH TRY", "base"] == (None, "5.00 TRY")
    assert {name[0] for name in found} == {"chat"}


def test_a_new_name_moves_no_bill() -> None:
    after = catalog_of(replace(SOLO, names={"en": "Alone", "tr": "Solo (tr)"}))

    assert differences(catalog_of(SOLO), after) == (Difference(("plans", "solo", "names", "en"), "Solo", "Alone"),)
    assert reach(catalog_of(SOLO), after) == Reach(frozenset(), date.max)


def test_tax_reaches_every_account_from_the_first_day() -> None:
    rate = TaxRate(country="TR", category="standard", from_on=date(2024, 1, 1), percent=20_000_000, names={"en": "VAT", "tr": "KDV"})
    before = replace(CATALOG, tax=TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=(rate,)))
    later = replace(rate, from_on=date(2027, 1, 1), percent=25_000_000)
    after = replace(CATALOG, tax=TaxTable(seller="TR", from_on=date(2024, 1, 1), rates=(rate, later)))

    assert Difference(("tax", "rates", "TR standard 2027-01-01", "percent"), None, "25 %") in differences(before, after)
    assert reach(before, after) == Reach(None, date.min)


@pytest.mark.parametrize("section", sorted({field.name for field in fields(Catalog)} - {"revision"}))
def test_no_section_of_a_catalog_goes_unseen(section: str) -> None:
    """A section that is added to the catalog is compared, too."""
    whole = replace(WITH_CODES, plans={"basic": BASIC}, tax=TaxTable(seller="TR", from_on=date(2024, 1, 1)), convention="USED_DAY")
    empty = {"plans": {}, "discounts": {}, "tax": None, "convention": "SECOND"}

    found = differences(whole, replace(whole, **{section: empty.get(section)}))

    assert found
    assert {each.where[0] for each in found} == {section}
