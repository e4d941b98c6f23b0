"""Own prices: what an account is offered, where it has some. What they cost stands in the stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gateway.billing.catalog import Listing, Rate
from gateway.billing.own_price import OwnListing, OwnPrice
from tests.billing.given import BASIC, LONG_AGO, MONTH, SESSIONS

TODAY = date(2026, 6, 10)
OWN = OwnPrice(id="own_1", plan="basic", interval=MONTH, base=Rate.of(Decimal("79"), "TRY"), per_representative=None, from_on=LONG_AGO)


def test_a_listing_shows_an_own_price_in_the_accounts_currency_and_every_other_as_listed() -> None:
    listed = Listing(BASIC, TODAY, "TRY").prices
    shown = OwnListing(BASIC, TODAY, "TRY", (OWN,)).prices

    assert shown == (replace(listed[0], base=OWN.base), *listed[1:])
    assert OwnListing(BASIC, TODAY, "EUR", ()).prices == Listing(BASIC, TODAY, "EUR").prices


def test_without_a_currency_prices_are_as_listed() -> None:
    assert OwnListing(BASIC, TODAY, None, (OWN,)).prices == Listing(BASIC, TODAY, None).prices


def test_what_is_bought_once_is_listed_as_it_is() -> None:
    assert OwnListing(SESSIONS, TODAY, "TRY", (OWN,)).prices == Listing(SESSIONS, TODAY, "TRY").prices
