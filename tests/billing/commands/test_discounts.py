"""Redeeming codes, granting discounts, taking them back: what is refused, and what is remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gateway.billing.catalog import Catalog
from gateway.billing.codec import canonical, pack, unpack
from gateway.billing.commands import AddPackage, ApplyDiscount, EndDiscount, GrantDiscount
from gateway.billing.discount import Duration, Promotion
from gateway.billing.errors import DiscountNotAvailable, InvalidInput, NotFound
from gateway.billing.term import Opening
from tests.billing.given import CATALOG, account, refused
from tests.billing.promotions import PROMOTIONS, shop, terms


@pytest.mark.parametrize("typed", ["THREE10", "three10", " Three10 "])
def test_a_code_may_be_typed_in_small_letters(typed: str) -> None:
    acme = shop().tell("2026-06-10T09:00", ApplyDiscount(code=typed))

    (held,) = acme.now("2026-06-10T09:00").discounts
    assert (held.redemption.code, held.redemption.terms) == ("THREE10", PROMOTIONS["THREE10"].terms)
    assert (held.redemption.redeemed_on, held.redemption.left, held.ends_on) == (date(2026, 6, 10), 3, date(2026, 9, 1))


def test_a_turkish_keyboard_types_the_same_letters() -> None:
    promotion = Promotion(code="INDIRIM", terms=terms("x", 5))
    catalog = Catalog({}, discounts={"INDIRIM": promotion})

    assert catalog.promotion("İndirim") is catalog.promotion("ındırım") is promotion


def test_an_unknown_code_is_not_found() -> None:
    refusal = refused(shop().now("2026-06-10T09:00"), ApplyDiscount(code="NOPE"))

    assert (type(refusal), refusal.field) == (NotFound, "code")


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("2026-06-09T23:59:59", "The code JUNE can be redeemed from 2026-06-10 on."),
        ("2026-06-10T00:00", None),
        ("2026-06-20T23:59:59", None),
        ("2026-06-21T00:00", "The code JUNE could be redeemed until 2026-06-20."),
    ],
)
def test_a_code_has_its_days_in_the_accounts_time_zone(when: str, says: str | None) -> None:
    books = shop().now(when)
    if says is None:
        assert len(ApplyDiscount(code="JUNE")(books).discounts) == 1
    else:
        refusal = refused(books, ApplyDiscount(code="JUNE"))
        assert (type(refusal), str(refusal)) == (DiscountNotAvailable, says)


def test_an_amount_without_the_accounts_currency_is_refused() -> None:
    refusal = refused(shop(currency="EUR").now("2026-06-10T09:00"), ApplyDiscount(code="EVER50OFF"))

    assert str(refusal) == "The code EVER50OFF is not for accounts in EUR."


def test_an_account_redeems_a_code_as_often_as_it_may_even_after_it_was_used_up_or_taken_back() -> None:
    acme = shop().tell("2026-06-01T09:00", AddPackage(plan="pro")).tell("2026-06-10T09:00", ApplyDiscount(code="ONCE20"))
    acme.cut()
    assert acme.books.standing.discounts == ()
    refusal = refused(acme.now("2026-07-10T09:00"), ApplyDiscount(code="once20"))
    assert (type(refusal), str(refusal)) == (DiscountNotAvailable, "This account has used the code ONCE20 already.")

    acme.tell("2026-07-10T09:00", ApplyDiscount(code="THREE10")).tell("2026-07-10T10:00", ApplyDiscount(code="THREE10"))
    acme.tell("2026-07-10T11:00", EndDiscount(redemption_id=acme.books.standing.discounts[0].id))
    assert isinstance(refused(acme.now("2026-07-10T12:00"), ApplyDiscount(code="THREE10")), DiscountNotAvailable)


def test_a_discount_on_what_the_account_does_not_have_warns() -> None:
    acme = shop().tell("2026-06-01T09:00", AddPackage(plan="basic"))

    warned = ApplyDiscount(code="PRO25")(acme.now("2026-06-10T09:00"))
    quiet = ApplyDiscount(code="ONCE20")(acme.now("2026-06-10T09:00"))

    assert [each.code for each in warned.warnings] == ["NOTHING_DISCOUNTED"]
    assert quiet.warnings == ()


def test_terms_are_copied_so_that_a_later_catalog_alters_nothing() -> None:
    acme = shop().tell("2026-06-01T09:00", AddPackage(plan="pro")).tell("2026-06-10T09:00", ApplyDiscount(code="THREE10"))
    acme.books = replace(acme.books, catalog=CATALOG)

    june, _ = acme.cut()

    assert june.deductions[0].percent == 10_000_000
    opening = acme.books.opening
    assert [each.left for each in opening.standing.discounts] == [2]
    assert unpack(Opening, json.loads(canonical(pack(opening)))) == opening


REFUSED: list[tuple[GrantDiscount, type, str | None]] = [
    (GrantDiscount(name="", percent=Decimal("5")), InvalidInput, "name"),
    (GrantDiscount(name="x" * 101, percent=Decimal("5")), InvalidInput, "name"),
    (GrantDiscount(name="a\nb", percent=Decimal("5")), InvalidInput, "name"),
    (GrantDiscount(name="x"), InvalidInput, None),
    (GrantDiscount(name="x", percent=Decimal("5"), amount=Decimal("5")), InvalidInput, None),
    (GrantDiscount(name="x", percent=Decimal("0")), InvalidInput, "percent"),
    (GrantDiscount(name="x", percent=Decimal("100.000001")), InvalidInput, "percent"),
    (GrantDiscount(name="x", percent=Decimal("0.0000001")), InvalidInput, "percent"),
    (GrantDiscount(name="x", percent=Decimal("-5")), InvalidInput, "percent"),
    (GrantDiscount(name="x", percent=Decimal("NaN")), InvalidInput, "percent"),
    (GrantDiscount(name="x", amount=Decimal("0")), InvalidInput, "amount"),
    (GrantDiscount(name="x", amount=Decimal("-1")), InvalidInput, "amount"),
    (GrantDiscount(name="x", amount=Decimal("1.005")), InvalidInput, "amount"),
    (GrantDiscount(name="x", amount=Decimal("10000000000000.01")), InvalidInput, "amount"),
    (GrantDiscount(name="x", percent=Decimal("5"), duration=Duration.PERIODS), InvalidInput, "periods"),
    (GrantDiscount(name="x", percent=Decimal("5"), periods=2), InvalidInput, "periods"),
    (GrantDiscount(name="x", percent=Decimal("5"), duration=Duration.PERIODS, periods=0), InvalidInput, "periods"),
    (GrantDiscount(name="x", percent=Decimal("5"), duration=Duration.PERIODS, periods=121), InvalidInput, "periods"),
    (GrantDiscount(name="x", percent=Decimal("5"), plans=("nope",)), NotFound, "plans"),
    (GrantDiscount(name="x", percent=Decimal("5"), plans=("pro",) * 51), InvalidInput, "plans"),
]


@pytest.mark.parametrize(("command", "kind", "field"), REFUSED)
def test_a_grant_beyond_reason_is_refused(command: GrantDiscount, kind: type, field: str | None) -> None:
    refusal = refused(account().now("2026-06-10T09:00"), command)

    assert (type(refusal), refusal.field) == (kind, field)


def test_a_grant_has_no_code_and_the_currency_of_the_account() -> None:
    acme = account(currency="JPY", zone="Asia/Tokyo").tell("2026-06-10T09:00", GrantDiscount(name=" Sorry ", amount=Decimal("500")))

    (held,) = acme.now("2026-06-10T09:00").discounts
    assert (held.redemption.code, held.redemption.terms.names) == (None, {"en": "Sorry"})
    assert (held.redemption.terms.amounts, held.ends_on) == ({"JPY": 500}, None)
    assert acme.books.standing.codes == ()


def test_what_the_account_does_not_have_cannot_be_taken_back() -> None:
    acme = shop().tell("2026-06-10T09:00", ApplyDiscount(code="ONCE20"))
    (only,) = acme.books.standing.discounts
    assert refused(acme.now("2026-06-11T09:00"), EndDiscount(redemption_id="dsc_none")).field == "redemptionId"

    acme.tell("2026-06-11T09:00", EndDiscount(redemption_id=only.id))

    assert acme.books.discounts == ()
    assert isinstance(refused(acme.now("2026-06-12T09:00"), EndDiscount(redemption_id=only.id)), NotFound)
