"""Worked examples out of other billing systems' own tests and documents (`proration.json`), checked against ours.

A row marked `"matches": false` is a known defect of the other system: there our exact figure is asserted.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.billing.account import Account
from gateway.billing.catalog import Interval, Rate
from gateway.billing.convention import CONVENTIONS
from gateway.billing.dates import Calendar, Period
from gateway.billing.engine import walk
from gateway.billing.money import Money
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, State, timeline
from tests.billing.given import catalog_of, offer, plan

Row = dict[str, Any]
VECTORS: list[Row] = json.loads(Path(__file__).with_name("proration.json").read_text())["vectors"]
ZONE = "Europe/Istanbul"

# A rule in words, without a ratio of its own: a credit is a share of the full value, never of the last incremental charge.
IN_WORDS = {"G1"}
RATIOS = [row for row in VECTORS if row["numerator"] is not None]


def days_of(run: list[str]) -> Period | None:
    """The local days of a segment or period; None when it is told in instants."""
    return None if "T" in run[0] else Period(date.fromisoformat(run[0]), date.fromisoformat(run[1]))


def interval_of(period: Period) -> Interval | None:
    """The interval whose term is exactly this run of billing months, on the anchor that its bounds tell."""
    calendar = Calendar(ZONE, anchor_of(period))
    return next((each for each in Interval if calendar.run(period.start, each.months) == period), None)


def anchor_of(period: Period) -> int:
    """The day of the month on which billing turns: the later one, where a short month clamps the other."""
    return max(period.start.day, period.end.day)


def in_dates(row: Row) -> bool:
    """Whether the row is a run of days within a term that an account of ours can have."""
    if row["segment"] is None or row["convention"] not in ("NEW_STATE_DAY", "OLD_STATE_DAY"):
        return False
    period = days_of(row["period"])
    return period is not None and interval_of(period) is not None


DATED = [row for row in RATIOS if in_dates(row)]
# What no test here derives from dates yet, and why.
LEFT_BY_CONVENTION = Counter(row["convention"] for row in VECTORS if row not in DATED)


def figure(row: Row) -> Decimal:
    """What we must come to, without the sign."""
    return abs(Decimal(row["expected"] if row["matches"] else row["exact"]))


def ids(rows: list[Row]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize("row", RATIOS, ids=ids(RATIOS))
def test_price_times_ratio_is_what_the_example_says(row: Row) -> None:
    share = Rate.of(Decimal(row["price"]), "EUR").share(row["sign"] * row["numerator"], row["denominator"])

    assert Money(share, "EUR").amount == row["sign"] * figure(row)


@pytest.mark.parametrize("row", DATED, ids=ids(DATED))
def test_the_days_and_the_term_come_out_of_the_dates(row: Row) -> None:
    """A package that is active from the segment's first midnight to the midnight after its last day."""
    segment, period = days_of(row["segment"]), days_of(row["period"])
    assert segment is not None and period is not None
    interval, calendar = interval_of(period), Calendar(ZONE, anchor_of(period))
    assert interval is not None
    at = calendar.instant(period.start)
    account = Account(id="acc_1", name="", currency="EUR", zone=ZONE, anchor=calendar.anchor, locale="en", opened_at=at, last_at=at)
    catalog = catalog_of(
        plan("old", offer("old", f"{interval.value} 0 EUR")), plan("theirs", offer("theirs", f"{interval.value} {row['price']} EUR"))
    )
    steps = timeline(
        (
            # On something that costs nothing since the term began: the segment is the new state's share of the term.
            Change(revision=1, item="pkg", at=at, state=State("old", 1, interval)),
            Change(revision=2, item="pkg", at=calendar.instant(segment.start), state=State("theirs", 1, interval)),
            Change(revision=3, item="pkg", at=calendar.instant(segment.end), state=None),
        ),
        {},
        calendar,
    )

    opening, units, whole, minor = Opening(period.start), 0, set(), 0
    while opening.on < period.end:
        walked = walk(opening, steps, account, catalog)
        opening = walked.closing
        for line in walked.bill.lines:
            units += line.after - line.before
            whole.add(line.whole)
            minor += line.amount.minor

    assert (units, whole) == (row["numerator"], {row["denominator"]})
    assert Money(minor, "EUR").amount == figure(row)


def test_every_row_is_accounted_for() -> None:
    """A row that is added, or a convention that is built, must be taken up here."""
    assert len(VECTORS) == 61
    assert {row["id"] for row in VECTORS} - set(ids(RATIOS)) == IN_WORDS
    assert len(DATED) == 26
    assert set(CONVENTIONS) == {"USED_DAY"}
    # 24 rows wait for the convention SECOND and 3 for FIXED_30; 6 tell no dates; M1a and M1b have a period of 30 days in January.
    assert LEFT_BY_CONVENTION == {"SECOND": 24, "FIXED_30": 3, "RATIO": 6, "NEW_STATE_DAY": 2}
    assert {row["id"] for row in VECTORS if row not in DATED and row["convention"] == "NEW_STATE_DAY"} == {"M1a", "M1b"}


def test_the_defects_of_others_are_not_copied() -> None:
    assert {row["id"]: (row["expected"], row["exact"]) for row in VECTORS if not row["matches"]} == {
        "L2": ("4.99", "5"),  # 9.99 × 15/30 = 4.995, lost in a float
        "K3b": ("322.58", "333.33"),  # 500.00 × 20/30, divided by 31 there
    }
