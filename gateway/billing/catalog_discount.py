"""The discounts of a catalog file.

[[discount]]
code = "WELCOME"
name = { en = "Welcome", tr = "Hoş geldiniz" }
percent = "20"                  # or: amount = { TRY = "100.00", USD = "5.00" }
duration = { periods = 3 }      # or: "once", "forever"
plans = ["team"]                # left out: the whole bill
from = 2026-01-01
until = 2026-12-31
limit = 1000
per_account = 1
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Final

from .catalog import FINENESS
from .catalog_entry import Entry
from .discount import PERCENT, WHOLE, Discount, Duration, Promotion, canonical_code

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}")
_MOST_PERIODS: Final = 120


def read_discounts(file: Entry, currencies: Collection[str], plans: Collection[str]) -> tuple[Promotion, ...]:
    """The discounts of a file that has these currencies and plans; what is wrong is noted."""
    found = tuple(_promotion(file, number, each, currencies, plans) for number, each in enumerate(file.tables("discount"), start=1))
    codes = [each.code for each in found if each.code]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        file.note(f'discount code "{code}" is used {codes.count(code)} times')
    return found


def _promotion(file: Entry, number: int, table: dict[str, object], currencies: Collection[str], plans: Collection[str]) -> Promotion:
    code = table.get("code")
    entry = file.inside(f'discount "{code}"' if type(code) is str else f"discount number {number}", table)
    entry.allow("code", "name", "percent", "amount", "duration", "plans", "from", "until", "limit", "per_account")
    if not _CODE.fullmatch(entry.take("code", str, "XX")):
        entry.note("code must be 2 to 40 letters of A to Z, digits, - and _, and begin with a letter or a digit")
    from_on = entry.take("from", date, date.min, optional=True) if "from" in table else None
    until_on = entry.take("until", date, date.max, optional=True) if "until" in table else None
    if from_on is not None and until_on is not None and until_on < from_on:
        entry.note(f"until must not be before {from_on}, and is {until_on}")
    if ("percent" in table) == ("amount" in table):
        entry.note("there must be either a percent or an amount")
    duration, periods = _duration(entry)
    terms = Discount(
        names=entry.texts("name"),
        percent=_percent(entry) if "percent" in table else None,
        amounts=_amounts(entry, currencies) if "amount" in table else {},
        duration=duration,
        periods=periods,
        plans=_plans(entry, plans),
    )
    return Promotion(
        code=canonical_code(code) if type(code) is str else "",
        terms=terms,
        from_on=from_on,
        until_on=until_on,
        limit=entry.count("limit", 0) if "limit" in table else None,
        per_account=entry.count("per_account", 1, optional=True),
    )


def _percent(entry: Entry) -> int:
    text = entry.take("percent", str, "1")
    millionths = Decimal(text) * PERCENT if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) else Decimal(0)
    if not 0 < millionths <= WHOLE:
        entry.note(f'percent must be more than 0 and at most 100, such as "20" or "7.5", and is "{text[:40]}"')
    return int(millionths)


def _amounts(entry: Entry, currencies: Collection[str]) -> dict[str, int]:
    """An amount by currency; in a currency that is left out, the discount cannot be had."""
    row = entry.take("amount", dict, {})
    amounts = {}
    for currency in row:
        if currencies and currency not in currencies:
            entry.note(f"{currency} amount: the currency is not among those of the file")
            continue
        noted = len(entry.problems)
        rate = entry.rate(row[currency], currency, f"{currency} amount")
        minor, finer = divmod(rate.millionths, 10**FINENESS)
        if finer:
            entry.note(f"{currency} amount has too many decimals: {row[currency]}")
        elif not minor and len(entry.problems) == noted:
            entry.note(f"{currency} amount must be above zero")
        amounts[currency] = minor
    if not row:
        entry.note("amount must name a currency")
    return amounts


def _duration(entry: Entry) -> tuple[Duration, int | None]:
    value = entry.table.get("duration")
    if value in ("once", "forever"):
        return Duration(str(value).upper()), None
    if not isinstance(value, dict):
        entry.note('duration must be "once", "forever" or { periods = 3 }')
        return Duration.ONCE, None
    within = entry.inside("duration", value)
    within.allow("periods")
    periods = within.count("periods", 1)
    if periods > _MOST_PERIODS:
        within.note(f"periods must not be above {_MOST_PERIODS}, and is {periods}")
    return Duration.PERIODS, periods


def _plans(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    plans = entry.take("plans", list, [], optional=True)
    if "plans" in entry.table and not plans:
        entry.note("plans must not be empty; leave it out for the whole bill")
    for plan in plans:
        if plan not in known:
            entry.note(f"there is no plan {plan}")
    return tuple(dict.fromkeys(each for each in plans if type(each) is str))
