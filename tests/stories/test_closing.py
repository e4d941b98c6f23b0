"""Stories of closing an account: everything ends, and the last invoice is cut at once (rules §9)."""

from __future__ import annotations

import pytest

from gateway.billing.commands import AddAddOn, AddPackage, ChangePackage, CloseAccount, CutPeriod
from tests.billing.given import YEAR, account, on
from tests.stories.paper import assert_bill


def test_closing_in_mid_month_bills_the_days_used_and_nothing_more() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", representatives=6)).tell("2026-06-05T09:00", AddAddOn(plan="whatsapp"))
    acme.tell("2026-06-07T09:00", ChangePackage(package_id=acme.package.id, plan="basic"))
    acme.tell("2026-06-12T17:00", CloseAccount())

    last, draft = acme.cut("2026-06-12T17:01")

    # 12 days: 249.00 × 12/30 = 99.60, one further representative 49.00 × 12/30 = 19.60; 8 days of the add-on: 50.00 × 8/30 = 13.33
    assert_bill(
        last,
        ("pro", "2026-06-01 to 2026-06-12", "249.00 × 12/30", "99.60"),
        ("pro +1", "2026-06-01 to 2026-06-12", "49.00 × 12/30", "19.60"),
        ("whatsapp", "2026-06-05 to 2026-06-12", "50.00 × 8/30", "13.33"),
        total="132.53",
    )
    assert draft is not None and draft.bill == last


def test_closing_before_last_month_was_cut_bills_both() -> None:
    acme = account().tell("2026-06-16T09:00", AddPackage(plan="pro")).tell("2026-07-01T00:10", CloseAccount())

    june, _ = acme.cut("2026-07-01T00:11")
    july, _ = acme.cut("2026-07-01T00:12")

    assert_bill(june, ("pro", "2026-06-16 to 2026-06-30", "249.00 × 15/30", "124.50"), total="124.50")
    assert_bill(july, ("pro", "2026-07-01 to 2026-07-01", "249.00 × 1/31", "8.03"), total="8.03")


def test_closing_within_a_yearly_term_bills_the_days_used_of_it() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro", interval=YEAR))
    acme.cut()
    acme.tell("2026-07-04T09:00", CloseAccount())

    last, _ = acme.cut("2026-07-04T09:01")

    # 2490.00 × 34/365 = 231.95, of which June had 204.66. By the month: 249.00 for June and 249.00 × 4/31 = 32.13
    assert_bill(
        last,
        ("pro", "2026-07-01 to 2026-07-04", "2490.00 × 34/365 − 2490.00 × 30/365", "27.29"),
        ("pro early_end", "2026-06-01 to 2026-07-04", "281.13 − 231.95", "49.18"),
        total="76.47",
    )


def test_what_was_to_begin_never_begins() -> None:
    acme = account().tell("2026-06-05T09:00", AddPackage(plan="pro", effective=on("2026-06-20"))).tell("2026-06-12T17:00", CloseAccount())

    last, draft = acme.cut("2026-06-12T17:01")

    assert_bill(last, total="0.00")
    assert draft is None


def test_after_the_last_invoice_there_is_nothing_left_to_cut() -> None:
    acme = account().tell("2026-06-01T09:00", AddPackage(plan="pro")).tell("2026-06-12T17:00", CloseAccount())
    acme.cut("2026-06-12T17:01")

    with pytest.raises(ValueError, match="is not to be cut"):
        CutPeriod(start=acme.books.opening.on)(acme.now("2026-06-12T17:02"))
