"""Worked examples out of other billing systems' own tests and documents (`proration.json`), checked against ours.

A row marked `"matches": false` is a known defect of the other system: there our exact figure is asserted.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.billing.account import Account
from gateway.billing.catalog import Interval, Rate
from gateway.billing.convention import Visit
from gateway.billing.conventions import CONVENTIONS
from gateway.billing.dates import DAY, Calendar, Period
from gateway.billing.engine import walk
from gateway.billing.money import Money
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, State, timeline
from tests.billing.given import MONTH, catalog_of, offer, plan, price

Row = dict[str, Any]
VECTORS: list[Row] = json.loads(Path(__file__).with_name("proration.json").read_text())["vectors"]
ZONE = "Europe/Istanbul"
NOON = timedelta(hours=12)

# A rule in words, without a ratio of its own: a credit is a share of the full value, never of the last incremental charge.
IN_WORDS = {"G1"}
RATIOS = [row for row in VECTORS if row["numerator"] is not None]
# Rows whose dates stand in words: "plan 10.00, 28-day period ending 1489449600, change at 1488568488", "2023-05-23 -> 2023-06-15", …
IN_WORDS_ONLY = {
    "S1": (["2017-03-03T19:14:48Z", "2017-03-14T00:00:00Z"], ["2017-02-14T00:00:00Z", "2017-03-14T00:00:00Z"]),
    "K6a": (["2023-05-23", "2023-06-15"], ["2023-05-15", "2023-06-15"]),
    "K6b": (["2023-05-15", "2023-05-23"], ["2023-05-15", "2023-06-15"]),
}
for _row in VECTORS:
    if _row["id"] in IN_WORDS_ONLY:
        _row["segment"], _row["period"] = IN_WORDS_ONLY[_row["id"]]


def days_of(run: list[str]) -> Period:
    """The days of a segment or period; of instants the days in UTC."""
    return Period(date.fromisoformat(run[0][:10]), date.fromisoformat(run[1][:10]))


def interval_of(period: Period) -> Interval | None:
    """The interval whose term is exactly this run of billing months, on the anchor that its bounds tell."""
    calendar = Calendar(ZONE, anchor_of(period))
    return next((each for each in Interval if calendar.run(period.start, each.months) == period), None)


def anchor_of(period: Period) -> int:
    """The day of the month on which billing turns: the later one, where a short month clamps the other."""
    return max(period.start.day, period.end.day)


def in_dates(row: Row) -> bool:
    """Whether the row tells a run of time within a term that an account of ours can have."""
    return row["segment"] is not None and interval_of(days_of(row["period"])) is not None


def bounds(row: Row, calendar: Calendar) -> tuple[datetime, datetime]:
    """When the item entered the state and when it left it, at noon of the days that the convention gives to the segment."""
    if row["convention"] == "SECOND":
        return datetime.fromisoformat(row["segment"][0]), datetime.fromisoformat(row["segment"][1])
    segment = days_of(row["segment"])
    # The day of a change is the old state's: the segment's first day is that after the change, its last the day of the end.
    moved = DAY if row["convention"] == "OLD_STATE_DAY" else timedelta(0)
    return calendar.instant(segment.start - moved) + NOON, calendar.instant(segment.end - moved) + NOON


DATED = [row for row in RATIOS if in_dates(row)]


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
def test_the_units_and_the_term_come_out_of_the_dates(row: Row) -> None:
    """A package that enters the state at the segment's beginning and leaves it at its end, each in the middle of a day."""
    period = days_of(row["period"])
    interval, zone = interval_of(period), "UTC" if row["convention"] == "SECOND" else ZONE
    assert interval is not None
    calendar = Calendar(zone, anchor_of(period))
    began, left = bounds(row, calendar)

    assert billed(row, calendar, period, interval, began, left) == (row["numerator"], {row["denominator"]}, figure(row))


def billed(
    row: Row, calendar: Calendar, period: Period, interval: Interval, began: datetime, left: datetime
) -> tuple[int, set[int], Decimal]:
    """Units, length of the term and amount of all bills of the term."""
    at = calendar.instant(period.start)
    account = Account(
        id="acc_1", name="", currency="EUR", zone=calendar.zone, anchor=calendar.anchor, locale="en", opened_at=at, last_at=at
    )
    catalog = catalog_of(
        plan("old", offer("old", f"{interval.value} 0 EUR")), plan("theirs", offer("theirs", f"{interval.value} {row['price']} EUR"))
    )
    steps = timeline(
        (
            # On something that costs nothing since the term began: the segment is the new state's share of the term.
            Change(revision=1, item="pkg", at=at, state=State("old", 1, interval)),
            Change(revision=2, item="pkg", at=began, state=State("theirs", 1, interval)),
            Change(revision=3, item="pkg", at=left, state=None),
        ),
        {},
        calendar,
    )

    opening, units, whole, minor = Opening(period.start), 0, set(), 0
    while opening.on < period.end:
        walked = walk(opening, steps, account, replace(catalog, convention=row["convention"]))
        opening = walked.closing
        for line in walked.bill.lines:
            units += line.after - line.before
            whole.add(line.whole)
            minor += line.amount.minor
    return units, whole, Money(minor, "EUR").amount


def test_a_february_has_thirty_thirtieths_as_in_the_note_of_k6a() -> None:
    """23 February to 15 March are 22 of 30 as well, though they are 20 days."""
    (row,) = (row for row in VECTORS if row["id"] == "K6a")
    period, calendar = Period(date(2023, 2, 15), date(2023, 3, 15)), Calendar(ZONE, 15)

    found = billed(row, calendar, period, MONTH, calendar.instant(date(2023, 2, 23)) + NOON, calendar.instant(period.end) + NOON)

    assert found == (22, {30}, Decimal("14.63"))


@pytest.mark.parametrize("id", ["M1a", "M1b"])
def test_a_term_that_no_account_of_ours_has_is_measured_all_the_same(id: str) -> None:
    """1 to 30 January is no billing month, so the convention is asked itself."""
    (row,) = (row for row in VECTORS if row["id"] == id)
    segment, term = days_of(row["segment"]), days_of(row["period"])
    convention, calendar = CONVENTIONS[row["convention"]], Calendar("UTC", 1)
    since, until = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in (segment.start, segment.end))
    visit = Visit(since, until, State("theirs", 1, MONTH), price("theirs", MONTH, row["price"], "EUR"), term, 1)

    (span,) = convention.spans((visit,), calendar, term.end, until)

    assert convention.count(calendar, span.days, span.moments) == row["numerator"]
    assert convention.whole(calendar, term) == row["denominator"]


def test_every_row_is_accounted_for() -> None:
    """A row that is added, or a convention that is built, must be taken up here."""
    assert len(VECTORS) == 61
    assert {row["id"] for row in VECTORS} - set(ids(RATIOS)) == IN_WORDS
    assert set(CONVENTIONS) == {"USED_DAY", "NEW_STATE_DAY", "OLD_STATE_DAY", "SECOND", "FIXED_30"}
    assert Counter(row["convention"] for row in DATED) == {"NEW_STATE_DAY": 20, "OLD_STATE_DAY": 6, "SECOND": 24, "FIXED_30": 2}
    # No dates: a week, which no price of ours pays for; both ends included; fourteen days of a month that 30/360 counts as thirteen.
    assert {row["id"] for row in RATIOS if row not in DATED} == {"M1a", "M1b", "L11a", "L11b", "F1a", "F1b", "Z1", "Z2"}


def test_the_defects_of_others_are_not_copied() -> None:
    assert {row["id"]: (row["expected"], row["exact"]) for row in VECTORS if not row["matches"]} == {
        "L2": ("4.99", "5"),  # 9.99 × 15/30 = 4.995, lost in a float
        "K3b": ("322.58", "333.33"),  # 500.00 × 20/30, divided by 31 there
    }
