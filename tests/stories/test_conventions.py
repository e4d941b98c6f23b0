"""Stories of conventions: the same June under each of the five (rules §4).

Pro is 249.00 a month, Basic 99.00, each with 5 representatives. Basic is taken on 10 June at 09:00, changed to Pro on the 20th at
15:00 and cancelled on the 25th at 18:00.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage
from tests.billing.given import CATALOG, NOW, Told, account
from tests.stories.paper import Row, assert_bill


def told(convention: str, day: str = "20") -> Told:
    acme = account(catalog=replace(CATALOG, convention=convention)).tell("2026-06-10T09:00", AddPackage(plan="basic"))
    package = acme.package.id
    acme.tell(f"2026-06-{day}T15:00", ChangePackage(package_id=package, plan="pro"))
    return acme.tell("2026-06-25T18:00", CancelPackage(package_id=package, effective=NOW))


@pytest.mark.parametrize(
    ("convention", "rows", "total"),
    [
        # the 20th is Pro's, the dearer; the 25th was used
        (
            "USED_DAY",
            [
                ("basic", "2026-06-10 to 2026-06-19", "99.00 × 10/30", "33.00"),
                ("pro", "2026-06-20 to 2026-06-25", "249.00 × 6/30", "49.80"),
            ],
            "82.80",
        ),
        # the 20th is Pro's, the new state; the 25th ended without any
        (
            "NEW_STATE_DAY",
            [
                ("basic", "2026-06-10 to 2026-06-19", "99.00 × 10/30", "33.00"),
                ("pro", "2026-06-20 to 2026-06-24", "249.00 × 5/30", "41.50"),
            ],
            "74.50",
        ),
        # the 20th is still Basic's, the 25th still Pro's
        (
            "OLD_STATE_DAY",
            [
                ("basic", "2026-06-10 to 2026-06-20", "99.00 × 11/30", "36.30"),
                ("pro", "2026-06-21 to 2026-06-25", "249.00 × 5/30", "41.50"),
            ],
            "77.80",
        ),
        # 10 days and 6 hours are 885,600 s, 5 days and 3 hours 442,800 s, of 2,592,000 s: 33.825 and 42.5375
        (
            "SECOND",
            [
                ("basic", "2026-06-10 to 2026-06-20", "99.00 × 885600/2592000 s", "33.83"),
                ("pro", "2026-06-20 to 2026-06-25", "249.00 × 442800/2592000 s", "42.54"),
            ],
            "76.37",
        ),
        # as the new state's days, which in June are thirtieths
        (
            "FIXED_30",
            [
                ("basic", "2026-06-10 to 2026-06-19", "99.00 × 10/30", "33.00"),
                ("pro", "2026-06-20 to 2026-06-24", "249.00 × 5/30", "41.50"),
            ],
            "74.50",
        ),
    ],
)
def test_the_same_june_under_each_convention(convention: str, rows: list[Row], total: str) -> None:
    bill, _ = told(convention).cut()

    assert_bill(bill, *rows, total=total)
    assert {line.convention for line in bill.lines} == {convention}


def test_the_31st_costs_nothing_where_a_month_has_thirty_days() -> None:
    acme = account("2026-07-01T08:00", catalog=replace(CATALOG, convention="FIXED_30"))
    acme.tell("2026-07-16T09:00", AddPackage(plan="pro"))
    looks = [str(acme.now(f"2026-07-{day}T12:00").so_far.bill.due.amount) for day in (16, 29, 30, 31)]

    bill, _ = acme.cut()

    # 16 to 31 July: 15 are over on the 16th, 30 at the end; 249.00 × 15/30 = 124.50
    assert looks == ["8.30", "116.20", "124.50", "124.50"]
    assert_bill(bill, ("pro", "2026-07-16 to 2026-07-31", "249.00 × 15/30", "124.50"), total="124.50")


def test_by_the_second_the_amount_so_far_runs_with_the_clock() -> None:
    acme = account(catalog=replace(CATALOG, convention="SECOND")).tell("2026-06-16T12:00", AddPackage(plan="pro"))

    # 249.00 × 1/720 an hour = 0.3458…
    looks = [str(acme.now(f"2026-06-16T{hour}").so_far.bill.due.amount) for hour in ("12:00", "13:00", "22:00")]
    assert looks == ["0.00", "0.35", "3.46"]
    # 14.5 of 30 days: 120.35
    assert str(acme.books.expected.bill.due.amount) == "120.35"
    assert str(acme.cut()[0].due.amount) == "120.35"
