"""The catalog a new database begins with."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import gateway
from gateway.billing.catalog import Catalog, Interval, Kind, Plan
from gateway.billing.catalog_file import read_catalog

SEED = Path(gateway.__file__).parent / "server" / "catalog.toml"
FILE = read_catalog(SEED.read_text(encoding="utf-8"), SEED.name)
CATALOG = Catalog({plan.code: plan for plan in FILE.plans}, convention=FILE.convention)
CURRENCIES = ("TRY", "USD", "EUR")


def plans(kind: Kind) -> list[Plan]:
    return [plan for plan in FILE.plans if plan.kind is kind]


def test_the_add_ons_are_the_eight_of_the_product() -> None:
    assert [plan.name("en") for plan in plans(Kind.ADD_ON)] == [
        "Artificial Intelligence Assistant",
        "Mail Integration",
        "Team Chat Integration",
        "Ticket System",
        "Telegram Integration",
        "Visitor Chat Start",
        "Webhook Integration",
        "Task Management",
    ]


def test_there_are_four_packages_with_what_each_includes() -> None:
    offers = [(plan.code, plan.offers[0]) for plan in plans(Kind.PACKAGE)]

    assert [(code, offer.included, offer.maximum, offer.chatbot_limit) for code, offer in offers] == [
        ("starter", 1, 3, 100),
        ("team", 3, 10, 500),
        ("business", 10, 50, 2500),
        ("enterprise", 25, None, 10000),
    ]


def test_there_are_three_session_packs_and_a_session_is_cheaper_in_a_larger_one() -> None:
    offers = [plan.offers[0] for plan in plans(Kind.SESSION_PACK)]

    assert [offer.sessions for offer in offers] == [1000, 5000, 20000]
    for currency in CURRENCIES:
        each = [price.base.amount / offer.sessions for offer in offers if (price := offer.price(currency, None))]
        assert len(each) == 3
        assert each == sorted(each, reverse=True)


def test_days_are_billed_by_the_convention_of_the_house() -> None:
    assert FILE.convention == "USED_DAY"


@pytest.mark.parametrize("kind", [Kind.PACKAGE, Kind.ADD_ON])
@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_year_costs_ten_months_in_every_currency(kind: Kind, currency: str) -> None:
    compared = 0
    for plan in plans(kind):
        for offer in plan.offers:
            month, year = offer.price(currency, Interval.MONTH), offer.price(currency, Interval.YEAR)
            assert month is not None and year is not None
            assert year.base.amount == 10 * month.base.amount > 0
            assert year.per_representative.amount == 10 * month.per_representative.amount
            compared += 1
    assert compared == {Kind.PACKAGE: 5, Kind.ADD_ON: 8}[kind]


def test_everything_can_be_had_from_the_first_day_of_2024_and_nothing_before() -> None:
    assert {plan.offers[0].from_on for plan in FILE.plans} == {date(2024, 1, 1)}
    assert {kind: len(CATALOG.on_sale(kind, date(2024, 1, 1))) for kind in Kind} == {Kind.PACKAGE: 4, Kind.ADD_ON: 8, Kind.SESSION_PACK: 3}


def test_the_price_of_team_rises_with_2027() -> None:
    prices = [CATALOG.price("team", Interval.MONTH, "TRY", on) for on in (date(2026, 12, 31), date(2027, 1, 1))]

    assert [(price.base.amount, price.per_representative.amount) for price in prices] == [
        (Decimal("1649.00"), Decimal("449.00")),
        (Decimal("1899.00"), Decimal("519.00")),
    ]


def test_every_plan_says_what_it_is_in_english_and_in_turkish() -> None:
    for plan in FILE.plans:
        assert set(plan.names) == set(plan.descriptions) == {"en", "tr"}
        assert plan.description("en").endswith(".") and plan.description("tr").endswith(".")
        assert plan.description("en") != plan.description("tr")
    assert [plan.name("tr") for plan in plans(Kind.PACKAGE)] == ["Başlangıç", "Ekip", "İşletme", "Kurumsal"]
