"""Reading the discounts of a catalog file, and saying all that is wrong with one."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.catalog_file import CatalogProblem, read_catalog
from gateway.billing.discount import Discount, Duration, Promotion

PLANS = """
currencies = ["TRY", "JPY"]
[[add_on]]
code = "tickets"
name = { en = "Tickets", tr = "Talepler" }
description = { en = "One.", tr = "Bir." }
[[add_on.offer]]
from = 2026-01-01
price.month = { TRY = "99.90", JPY = "0" }
"""
GOOD = """
[[discount]]
code = "Welcome-1"
name = { en = "Welcome", tr = "Hoş geldiniz" }
percent = "7.5"
duration = { periods = 3 }
plans = ["tickets"]
from = 2026-02-01
until = 2026-12-31
limit = 100
per_account = 2

[[discount]]
code = "OFF"
name = { en = "Off", tr = "İndirim" }
amount = { TRY = "50.00", JPY = "300" }
duration = "forever"
"""
WELCOME, OFF = 'catalog.toml, discount "Welcome-1"', 'catalog.toml, discount "OFF"'
CODE = "code must be 2 to 40 letters of A to Z, digits, - and _, and begin with a letter or a digit"
PERCENT = 'percent must be more than 0 and at most 100, such as "20" or "7.5", and is'
KEYS = "code, name, percent, amount, duration, plans, from, until, limit, per_account"
DURATION = 'duration must be "once", "forever" or { periods = 3 }'


def test_a_good_file_says_its_discounts() -> None:
    assert read_catalog(PLANS + GOOD, "catalog.toml").discounts == (
        Promotion(
            code="WELCOME-1",
            terms=Discount(
                names={"en": "Welcome", "tr": "Hoş geldiniz"},
                percent=7_500_000,
                duration=Duration.PERIODS,
                periods=3,
                plans=("tickets",),
            ),
            from_on=date(2026, 2, 1),
            until_on=date(2026, 12, 31),
            limit=100,
            per_account=2,
        ),
        Promotion(
            code="OFF",
            terms=Discount(names={"en": "Off", "tr": "İndirim"}, amounts={"TRY": 5000, "JPY": 300}, duration=Duration.FOREVER),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('code = "Welcome-1"', 'code = "İNDİRİM"', f'catalog.toml, discount "İNDİRİM": {CODE}'),
        ('code = "Welcome-1"', 'code = "X"', f'catalog.toml, discount "X": {CODE}'),
        ('code = "Welcome-1"\n', "", "catalog.toml, discount number 1: code is missing"),
        ('code = "Welcome-1"', 'code = "off"', 'catalog.toml: discount code "OFF" is used 2 times'),
        ('tr = "Hoş geldiniz"', 'de = "Willkommen"', f"{WELCOME}: Turkish name is missing"),
        ('"7.5"', '"0"', f'{WELCOME}: {PERCENT} "0"'),
        ('"7.5"', '"100.1"', f'{WELCOME}: {PERCENT} "100.1"'),
        ('"7.5"', '"%20"', f'{WELCOME}: {PERCENT} "%20"'),
        ('"7.5"', "7.5", f"{WELCOME}: percent must be a text in quotes"),
        ('percent = "7.5"\n', "", f"{WELCOME}: there must be either a percent or an amount"),
        ('percent = "7.5"', 'percent = "7.5"\namount = { TRY = "1" }', f"{WELCOME}: there must be either a percent or an amount"),
        ("{ periods = 3 }", '"twice"', f"{WELCOME}: {DURATION}"),
        ("duration = { periods = 3 }\n", "", f"{WELCOME}: {DURATION}"),
        ("{ periods = 3 }", "{ periods = 0 }", f"{WELCOME}, duration: periods must lie between 1 and 1000000000, and is 0"),
        ("{ periods = 3 }", "{ periods = 121 }", f"{WELCOME}, duration: periods must not be above 120, and is 121"),
        ("{ periods = 3 }", "{ months = 3, periods = 3 }", f"{WELCOME}, duration: months is not known here; known are periods"),
        ('["tickets"]', '["mail"]', f"{WELCOME}: there is no plan mail"),
        ('["tickets"]', "[]", f"{WELCOME}: plans must not be empty; leave it out for the whole bill"),
        ("until = 2026-12-31", "until = 2026-01-31", f"{WELCOME}: until must not be before 2026-02-01, and is 2026-01-31"),
        ("until = 2026-12-31", 'until = "2026"', f"{WELCOME}: until must be a date such as 2026-01-01"),
        ("limit = 100", "limit = -1", f"{WELCOME}: limit must lie between 0 and 1000000000, and is -1"),
        ("per_account = 2", "per_account = 0", f"{WELCOME}: per_account must lie between 1 and 1000000000, and is 0"),
        ("limit = 100", "most = 100", f"{WELCOME}: most is not known here; known are {KEYS}"),
        ('"50.00"', '"50.001"', f"{OFF}: TRY amount has too many decimals: 50.001"),
        ('"50.00"', '"0"', f"{OFF}: TRY amount must be above zero"),
        ('"50.00"', '"-1"', f"{OFF}: TRY amount must not be negative, and is -1"),
        ('"50.00"', "50", f'{OFF}: TRY amount must stand in quotes, such as "249.00", so that it stays exact'),
        ("TRY =", "USD =", f"{OFF}: USD amount: the currency is not among those of the file"),
        ('{ TRY = "50.00", JPY = "300" }', "{}", f"{OFF}: amount must name a currency"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_entry_and_reason(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogProblem) as caught:
        read_catalog(PLANS + GOOD.replace(old, new, 1), "catalog.toml")

    assert caught.value.problems == (expected,)
