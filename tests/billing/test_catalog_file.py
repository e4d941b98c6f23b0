"""Reading a catalog file, and saying all that is wrong with one."""

from datetime import date
from decimal import Decimal

import pytest

from gateway.billing.catalog import EarlyEnd, Interval, Kind, Offer, Plan, Price, Rate
from gateway.billing.catalog_file import CatalogFile, CatalogProblem, read_catalog
from gateway.billing.conventions import CONVENTIONS

GOOD = """
currencies = ["TRY", "JPY"]
convention = "USED_DAY"

[[package]]
code = "pro"
name = { en = "Pro", tr = "Pro" }
description = { en = "For many.", tr = "Çoklar için." }
[[package.offer]]
from = 2026-01-01
included = 5
maximum = 20
chatbot_limit = 300
price.month.TRY = { base = "249.00", representative = "49.00" }
price.month.JPY = { base = "1000", representative = "0.25" }
price.year.TRY = { base = "2490", representative = "490" }
price.year.JPY = { base = "10000", representative = "2.5" }
[[package.offer]]
from = 2027-01-01
on_sale = false
included = 5
maximum = 5
price.month = { TRY = "259.00", JPY = "1100" }
price.year = { TRY = "2590.00", JPY = "11000" }

[[session_pack]]
code = "pack_1"
name = { en = "A pack", tr = "Bir paket" }
description = { en = "Once.", tr = "Bir kez." }
[[session_pack.offer]]
from = 2026-01-01
sessions = 1000
price.once = { TRY = "290.00", JPY = "1500" }

[[add_on]]
code = "tickets"
name = { en = "Tickets", tr = "Talepler", de = "Tickets" }
description = { en = " One. ", tr = "Bir." }
[[add_on.offer]]
from = 2026-01-01
price.month = { TRY = "99.90", JPY = "0" }
"""
PRO = 'catalog.toml, package "pro"'
FIRST, SECOND = f"{PRO}, offer from 2026-01-01", f"{PRO}, offer from 2027-01-01"
TICKETS = 'catalog.toml, add-on "tickets"'
PACK = 'catalog.toml, session pack "pack_1", offer from 2026-01-01'
TOP_KEYS = "currencies, convention, tax, package, add_on, session_pack, discount"
PACKAGE_KEYS = "from, on_sale, tax, included, maximum, chatbot_limit, requires, excludes, trial_days, minimum_months, price"
CURRENCIES = 'catalog.toml: currencies must be a list of different codes such as ["TRY", "USD"]'
CODE = "code must be small letters, digits and _, and begin with a letter"
ORDER = "offers must be in the order of their dates"
BOTH = '{ base = "249.00", representative = "49.00" }'
FOREIGN = "the currency is not among those of the file"
UNKNOWN = "not known here; known are"
LONG = "1." + 34 * "0" + "1"
STRANGER = "representative is not known here"
EARLY = "must be one of NONE, REPRICE, REST_OF_TERM"
ONLY_LONGER = "only a quarter or a year can end early"
AMOUNT = f'{FIRST}: monthly TRY price must be an amount such as "249.00", and is'


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogProblem) as caught:
        read_catalog(text, "catalog.toml")
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


def altered(old: str, new: str, times: int = 1) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, times)


def price(plan: str, interval: Interval | None, currency: str, base: str, included: int = 1, representative: str = "0") -> Price:
    return Price(plan, interval, Rate.of(Decimal(base), currency), included, Rate.of(Decimal(representative), currency))


def test_a_good_file_says_plans_with_their_offers_by_kind_in_its_order() -> None:
    month, year = Interval.MONTH, Interval.YEAR

    assert read_catalog(GOOD, "catalog.toml") == CatalogFile(
        plans=(
            Plan(
                "pro",
                Kind.PACKAGE,
                {"en": "Pro", "tr": "Pro"},
                {"en": "For many.", "tr": "Çoklar için."},
                (
                    Offer(
                        date(2026, 1, 1),
                        on_sale=True,
                        included=5,
                        maximum=20,
                        chatbot_limit=300,
                        prices=(
                            price("pro", month, "TRY", "249", 5, "49"),
                            price("pro", month, "JPY", "1000", 5, "0.25"),
                            price("pro", year, "TRY", "2490", 5, "490"),
                            price("pro", year, "JPY", "10000", 5, "2.5"),
                        ),
                    ),
                    Offer(
                        date(2027, 1, 1),
                        on_sale=False,
                        included=5,
                        maximum=5,
                        prices=(
                            price("pro", month, "TRY", "259", 5),
                            price("pro", month, "JPY", "1100", 5),
                            price("pro", year, "TRY", "2590", 5),
                            price("pro", year, "JPY", "11000", 5),
                        ),
                    ),
                ),
            ),
            Plan(
                "tickets",
                Kind.ADD_ON,
                {"en": "Tickets", "tr": "Talepler", "de": "Tickets"},
                {"en": "One.", "tr": "Bir."},
                (Offer(date(2026, 1, 1), prices=(price("tickets", month, "TRY", "99.90"), price("tickets", month, "JPY", "0"))),),
            ),
            Plan(
                "pack_1",
                Kind.SESSION_PACK,
                {"en": "A pack", "tr": "Bir paket"},
                {"en": "Once.", "tr": "Bir kez."},
                (
                    Offer(
                        date(2026, 1, 1),
                        sessions=1000,
                        prices=(price("pack_1", None, "TRY", "290"), price("pack_1", None, "JPY", "1500")),
                    ),
                ),
            ),
        ),
        convention="USED_DAY",
    )


def test_the_convention_may_be_left_out() -> None:
    assert read_catalog(altered('convention = "USED_DAY"', ""), "catalog.toml").convention == "USED_DAY"


def test_a_package_without_a_maximum_has_none() -> None:
    (pro, *_) = read_catalog(altered("maximum = 20\n", ""), "catalog.toml").plans

    assert pro.offers[0].maximum is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("currencies =", "monies = 1\ncurrencies =", f"catalog.toml: monies is not known here; known are {TOP_KEYS}"),
        ('"USED_DAY"', '"SECONDS"', f"catalog.toml: convention SECONDS is not known; known are {', '.join(CONVENTIONS)}"),
        ('"USED_DAY"', "1", "catalog.toml: convention must be a text in quotes"),
        ('["TRY", "JPY"]', '["TRY", "JPY", "yen"]', CURRENCIES),
        ('["TRY", "JPY"]', '["TRY", "JPY", "JPY"]', CURRENCIES),
        ('code = "tickets"', 'code = "pro"', 'catalog.toml: code "pro" is used 2 times'),
        ('code = "tickets"', 'code = "Tickets-1"', f'catalog.toml, add-on "Tickets-1": {CODE}'),
        ('code = "tickets"\n', "", "catalog.toml, add-on number 1: code is missing"),
        ('code = "tickets"', "code = 7", "catalog.toml, add-on number 1: code must be a text in quotes"),
        ('name = { en = "Tickets", tr = "Talepler", de = "Tickets" }\n', "", f"{TICKETS}: name is missing"),
        ('tr = "Talepler", ', "", f"{TICKETS}: Turkish name is missing"),
        ('en = " One. ", ', "", f"{TICKETS}: English description is missing"),
        ('" One. "', '" "', f"{TICKETS}, description: en is empty"),
        ('" One. "', "1", f"{TICKETS}, description: en must be a text in quotes"),
        ('de = "Tickets"', 'german = "Tickets"', f"{TICKETS}, name: german is not a language such as en or tr"),
        ('description = { en = " One. ", tr = "Bir." }', 'description = "One."', f"{TICKETS}: description must be a table"),
        ("from = 2027-01-01\n", "", f"{PRO}, offer without a date: from is missing"),
        ("from = 2027-01-01", 'from = "2027-01-01"', f"{PRO}, offer without a date: from must be a date such as 2026-01-01"),
        ("from = 2027-01-01", "from = 2027-01-01T00:00:00Z", f"{PRO}, offer without a date: from must be a date such as 2026-01-01"),
        ("from = 2027-01-01", "from = 2026-01-01", f"{PRO}: two offers are from 2026-01-01"),
        ("from = 2027-01-01", "from = 2025-01-01", f"{PRO}: {ORDER}, but 2025-01-01 stands after 2026-01-01"),
        ("on_sale = false", "on_sale = 0", f"{SECOND}: on_sale must be true or false"),
        ("included = 5\nmaximum = 20\n", "maximum = 20\n", f"{FIRST}: included is missing"),
        ("included = 5\nmaximum = 20\n", "included = 0\nmaximum = 20\n", f"{FIRST}: included must lie between 1 and 1000000000, and is 0"),
        ("included = 5\nmaximum = 20\n", "included = true\nmaximum = 20\n", f"{FIRST}: included must be a whole number"),
        ("maximum = 20", "maximum = 4", f"{FIRST}: maximum must not be below the 5 included, and is 4"),
        ("chatbot_limit = 300", "chatbot_limit = -1", f"{FIRST}: chatbot_limit must lie between 0 and 1000000000, and is -1"),
        ("chatbot_limit = 300", "chatbots = 300", f"{FIRST}: chatbots is not known here; known are {PACKAGE_KEYS}"),
        ("sessions = 1000", "sessions = 0", f"{PACK}: sessions must lie between 1 and 1000000000, and is 0"),
        ("sessions = 1000", "sessions = 9\nincluded = 2", f"{PACK}: included is {UNKNOWN} from, on_sale, tax, sessions, price"),
        ('"249.00"', "249.00", f'{FIRST}: monthly TRY price must stand in quotes, such as "249.00", so that it stays exact'),
        ('"249.00"', "249", f'{FIRST}: monthly TRY price must stand in quotes, such as "249.00", so that it stays exact'),
        ('"249.00"', "true", f"{FIRST}: monthly TRY price must be a text in quotes"),
        ('"249.00"', '"249,00"', f'{AMOUNT} "249,00"'),
        ('"249.00"', '"1e3"', f'{AMOUNT} "1e3"'),
        ('"249.00"', '"NaN"', f'{AMOUNT} "NaN"'),
        ('"249.00"', '"١٢"', f'{AMOUNT} "١٢"'),
        ('"249.00"', '"1234567890123"', f'{AMOUNT} "1234567890123"'),
        ('"249.00"', '"-249.00"', f"{FIRST}: monthly TRY price must not be negative, and is -249.00"),
        ('"249.00"', '"0.000000001"', f"{FIRST}: monthly TRY price has too many decimals: 0.000000001"),
        ('"249.00"', f'"{LONG}"', f"{FIRST}: monthly TRY price has too many decimals: {LONG}"),
        ('"0.25"', '"0.0000001"', f"{FIRST}: monthly JPY price per further representative has too many decimals: 0.0000001"),
        (BOTH, '"249.00"', f"{FIRST}: monthly TRY price per further representative is missing"),
        (BOTH, '{ representative = "49.00" }', f"{FIRST}: monthly TRY price is missing"),
        ('representative = "49.00"', 'representative = "49.00", chatbot = "1"', f"{FIRST}: monthly TRY price: chatbot is not known here"),
        (f"price.month.TRY = {BOTH}\n", "", f"{FIRST}: monthly TRY price is missing"),
        ("price.month.JPY", "price.month.USD = '1'\nprice.month.JPY", f"{FIRST}: monthly USD price: {FOREIGN}"),
        ("price.month.TRY", "price.once.TRY = '1'\nprice.month.TRY", f"{FIRST}, price: once is {UNKNOWN} month, year, quarter"),
        ("price.year = ", "price.quarter = { TRY = '1' }\nprice.year = ", f"{SECOND}: quarterly JPY price is missing"),
        ('"99.90"', '{ base = "9", representative = "1" }', f"{TICKETS}, offer from 2026-01-01: monthly TRY price: {STRANGER}"),
        ('TRY = "290.00", ', "", f"{PACK}: one-off TRY price is missing"),
        ("price.year.TRY", "price.year.early_end = 'OFTEN'\nprice.year.TRY", f"{FIRST}: yearly early_end {EARLY}, and is OFTEN"),
        ("price.year.TRY", "price.year.early_end = 1\nprice.year.TRY", f"{FIRST}: yearly early_end {EARLY}, and is 1"),
        ("price.month.TRY", "price.month.early_end = 'NONE'\nprice.month.TRY", f"{FIRST}: monthly early_end: {ONLY_LONGER}"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_entry_and_reason(old: str, new: str, expected: str) -> None:
    assert problems(altered(old, new)) == [expected]


TERMS_OF_USE = """included = 5
requires = ["tickets"]
excludes = []
trial_days = 14
minimum_months = { month = 12 }
maximum = 20"""


def with_terms(old: str = "", new: str = "") -> str:
    return altered("included = 5\nmaximum = 20", TERMS_OF_USE.replace(old, new) if old else TERMS_OF_USE)


def test_an_offer_says_what_it_needs_and_excludes_how_long_it_is_free_and_to_what_it_commits() -> None:
    offer = read_catalog(with_terms(), "catalog.toml").plans[0].offers[0]

    assert (offer.requires, offer.excludes, offer.trial_days) == (("tickets",), (), 14)
    assert {(each.interval, each.minimum_months) for each in offer.prices} == {(Interval.MONTH, 12), (Interval.YEAR, 0)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["tickets"]', '"tickets"', f"{FIRST}: requires must be a list"),
        ('["tickets"]', "[1]", f'{FIRST}: requires must be a list of different codes such as ["team", "business"]'),
        ("[]", '["tickets", "tickets"]', f'{FIRST}: excludes must be a list of different codes such as ["team", "business"]'),
        ("14", "-1", f"{FIRST}: trial_days must lie between 0 and 366, and is -1"),
        ("14", "367", f"{FIRST}: trial_days must lie between 0 and 366, and is 367"),
        ("= 12", "= 121", f"{FIRST}, minimum_months: month must lie between 0 and 120, and is 121"),
        ("month = 12", "week = 12", f"{FIRST}, minimum_months: week is not known here; known are month, year"),
        ("month = 12", "month = '12'", f"{FIRST}, minimum_months: month must be a whole number"),
    ],
)
def test_a_mistake_in_the_terms_of_use_is_named(old: str, new: str, expected: str) -> None:
    assert expected in problems(with_terms(old, new))


@pytest.mark.parametrize("code", ["pro", "pack_1", "ticket"])
def test_what_is_required_or_excluded_must_be_another_plan_that_can_be_held(code: str) -> None:
    reason = f'catalog.toml: "pro", offer from 2026-01-01: requires names "{code}", which is no other package or add-on'

    assert problems(with_terms("tickets", code)) == [reason]


def test_a_maximum_as_large_as_what_is_included_needs_no_further_representatives() -> None:
    (pro, *_) = read_catalog(GOOD, "catalog.toml").plans

    assert {each.per_representative.millionths for each in pro.offers[1].prices} == {0}
    assert problems(altered("maximum = 5", "maximum = 6")) == [
        f"{SECOND}: {price} per further representative is missing"
        for price in ("monthly TRY price", "monthly JPY price", "yearly TRY price", "yearly JPY price")
    ]


def test_what_leaving_a_longer_term_costs_is_said_by_term_for_every_currency() -> None:
    text = altered("price.year.TRY", 'price.year.early_end = "REST_OF_TERM"\nprice.year.TRY')
    first, second = read_catalog(text, "catalog.toml").plans[0].offers

    assert [(each.interval, each.leaving) for each in first.prices] == [
        (Interval.MONTH, EarlyEnd.NONE),
        (Interval.MONTH, EarlyEnd.NONE),
        (Interval.YEAR, EarlyEnd.REST_OF_TERM),
        (Interval.YEAR, EarlyEnd.REST_OF_TERM),
    ]
    assert {each.leaving for each in second.prices if each.interval is Interval.YEAR} == {EarlyEnd.REPRICE}  # nothing said


def test_a_year_cannot_be_had_without_a_monthly_price_to_re_rate_it_by() -> None:
    assert problems(altered('price.month = { TRY = "259.00", JPY = "1100" }', 'price.month = { TRY = "259.00" }')) == [
        f"{SECOND}: monthly JPY price is missing"
    ]


def test_a_term_that_people_pay_by_may_not_vanish() -> None:
    yearly = "price.month = { TRY = '99.90', JPY = '0' }\nprice.year = { TRY = '999', JPY = '0' }"
    monthly = "[[add_on.offer]]\nfrom = 2027-01-01\nprice.month = { TRY = '99.90', JPY = '0' }"
    file = altered('price.month = { TRY = "99.90", JPY = "0" }', f"{yearly}\n{monthly}")

    assert problems(file) == [f"{TICKETS}: the offer from 2027-01-01 lacks the yearly price that the one before it has"]


def test_an_offer_without_prices_lacks_each_of_those_it_needs() -> None:
    file = altered('price.month = { TRY = "99.90", JPY = "0" }\n', "")

    assert problems(file) == [f"{TICKETS}, offer from 2026-01-01: monthly {currency} price is missing" for currency in ("TRY", "JPY")]


def test_a_plan_needs_an_offer_and_a_file_a_plan() -> None:
    assert problems(GOOD[: GOOD.index("[[add_on.offer]]")]) == [f"{TICKETS}: there is no offer"]
    assert problems('currencies = ["TRY"]') == ["catalog.toml: there is no plan"]
    assert problems("") == ["catalog.toml: currencies is missing", "catalog.toml: there is no plan"]


def test_a_table_where_a_list_belongs_is_named() -> None:
    file = GOOD[: GOOD.index("[[add_on]]")] + '[add_on]\ncode = "tickets"\n'

    assert problems(file) == ["catalog.toml: add_on must be a list"]
    assert problems('add_on = [1]\ncurrencies = ["TRY"]') == [
        "catalog.toml: add_on must be a list of tables",
        "catalog.toml: there is no plan",
    ]


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    file = altered('"249.00"', "249.00").replace("maximum = 20", "maximum = 4")
    file = file.replace("sessions = 1000", "").replace('tr = "Talepler", ', "")

    assert problems(file) == [
        f"{FIRST}: maximum must not be below the 5 included, and is 4",
        f'{FIRST}: monthly TRY price must stand in quotes, such as "249.00", so that it stays exact',
        f"{TICKETS}: Turkish name is missing",
        f"{PACK}: sessions is missing",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("currencies = [", "Invalid value (at end of document)"),
        ("a = 1\na = 2\n", "Cannot overwrite a value (at line 2, column 6)"),
    ],
)
def test_what_is_not_toml_is_named_with_its_place(text: str, reason: str) -> None:
    assert problems(text) == [f"catalog.toml: this is not TOML: {reason}"]


def test_a_problem_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"catalog\.toml: there is no plan"):
        read_catalog('currencies = ["TRY"]', "catalog.toml")
