"""Stories of the day ledger: what a package went through on each day, what was billed of it, and why.

Accounts bill in Turkish lira, in Istanbul, from the 1st to the end of the month. Basic is 99.00 a month, Pro 249.00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gateway.billing.billed_day import BilledDay, Reason, billed_days, opening_on
from gateway.billing.catalog import Interval
from gateway.billing.commands import AddPackage, CancelPackage, ChangePackage, GrantTrial, ReactivatePackage
from gateway.billing.conventions import CONVENTIONS
from tests.billing.given import CATALOG, NOW, Told, account

ISTANBUL = ZoneInfo("Europe/Istanbul")


def ledger(told: Told, on: str, now: str | None = None) -> dict[date, BilledDay]:
    """The days of the only package in the period that holds a day."""
    books = told.books if now is None else told.now(now)
    opening = opening_on(books, date.fromisoformat(on))
    assert opening is not None
    return {day.on: day for day in billed_days(books, opening)[books.packages[0].id]}


def states(day: BilledDay) -> list[tuple[str, int, str, str, bool]]:
    """Plan, representatives, from, until (24:00 is the next midnight), and whether it is billed."""

    def clock(at: object, last: bool) -> str:
        text = at.astimezone(ISTANBUL).strftime("%H:%M")  # type: ignore[attr-defined]
        return "24:00" if last and text == "00:00" else text

    return [(each.plan, each.representatives, clock(each.since, False), clock(each.until, True), each.billed) for each in day.states]


def shares(day: BilledDay) -> list[tuple[str, str, str]]:
    """Formula, exact share, amount."""
    return [(each.formula, str(each.exact), str(each.amount.amount)) for each in day.shares]


def busy(convention: str = "USED_DAY") -> Told:
    """Basic from the 10th, Pro for four hours of the 20th, cancelled and back on the 22nd, and gone on the 25th."""
    acme = account(catalog=replace(CATALOG, convention=convention)).tell("2026-06-10T09:00", AddPackage(plan="basic"))
    package = acme.package.id
    acme.tell("2026-06-20T10:00", ChangePackage(package_id=package, plan="pro"))
    acme.tell("2026-06-20T14:00", ChangePackage(package_id=package, plan="basic", effective=NOW))
    acme.tell("2026-06-22T08:00", CancelPackage(package_id=package, effective=NOW))
    acme.tell("2026-06-22T16:00", ReactivatePackage(package_id=package))
    return acme.tell("2026-06-25T18:00", CancelPackage(package_id=package, effective=NOW))


def test_each_day_says_what_was_there_what_is_billed_and_why() -> None:
    days = ledger(busy(), "2026-06-15")

    assert len(days) == 30
    assert (days[date(2026, 6, 9)].reason, days[date(2026, 6, 9)].states) == (Reason.NOT_ACTIVE, ())
    first = days[date(2026, 6, 10)]
    assert (states(first), first.reason) == ([("basic", 5, "09:00", "24:00", True)], Reason.ONLY_STATE)
    assert shares(first) == [("99.00 × 1/30", "3.300000000000", "3.30")]
    tried = days[date(2026, 6, 20)]
    assert states(tried) == [
        ("basic", 5, "00:00", "10:00", False),
        ("pro", 5, "10:00", "14:00", True),
        ("basic", 5, "14:00", "24:00", False),
    ]
    assert (tried.reason, shares(tried)) == (Reason.DEAREST_STATE, [("249.00 × 1/30", "8.300000000000", "8.30")])
    back = days[date(2026, 6, 22)]
    assert states(back) == [("basic", 5, "00:00", "08:00", True), ("basic", 5, "16:00", "24:00", True)]
    assert back.reason is Reason.ONLY_STATE  # the same state before and after: there is nothing to choose
    last = days[date(2026, 6, 25)]
    assert (states(last), last.reason) == ([("basic", 5, "00:00", "18:00", True)], Reason.ONLY_STATE)
    assert days[date(2026, 6, 26)].reason is Reason.NOT_ACTIVE


@pytest.mark.parametrize(
    ("convention", "reason", "formulas", "left"),
    [
        ("USED_DAY", Reason.DEAREST_STATE, ["249.00 × 1/30"], Reason.ONLY_STATE),
        ("NEW_STATE_DAY", Reason.LAST_STATE, ["99.00 × 1/30"], Reason.NOT_COUNTED),
        ("OLD_STATE_DAY", Reason.FIRST_STATE, ["99.00 × 1/30"], Reason.ONLY_STATE),
        # ten hours of Basic, four of Pro, ten of Basic; a month of 30 days has 2,592,000 seconds
        ("SECOND", Reason.BY_THE_SECOND, ["99.00 × 36000/2592000", "249.00 × 14400/2592000", "99.00 × 36000/2592000"], Reason.ONLY_STATE),
        ("FIXED_30", Reason.LAST_STATE, ["99.00 × 1/30"], Reason.NOT_COUNTED),
    ],
)
def test_every_convention_has_its_reason(convention: str, reason: Reason, formulas: list[str], left: Reason) -> None:
    days = ledger(busy(convention), "2026-06-15")

    tried, last = days[date(2026, 6, 20)], days[date(2026, 6, 25)]
    assert (tried.reason, [each.formula for each in tried.shares], last.reason) == (reason, formulas, left)
    assert bool(last.shares) == (left is not Reason.NOT_COUNTED)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("plan", ["basic", "pro"])
def test_the_days_of_a_line_add_up_to_it_to_the_cent(convention: str, plan: str) -> None:
    """19.99 € or 49.99 € over 31 days, with two further representatives at times: nothing divides evenly."""
    acme = account("2026-07-01T08:00", currency="EUR", catalog=replace(CATALOG, convention=convention))
    acme.tell("2026-07-03T09:30:15", AddPackage(plan=plan))
    package = acme.package.id
    acme.tell("2026-07-11T11:11:11", ChangePackage(package_id=package, representatives=7))
    acme.tell("2026-07-19T23:59:30", ChangePackage(package_id=package, representatives=5, effective=NOW))
    acme.tell("2026-07-29T01:00", CancelPackage(package_id=package, effective=NOW))
    bill = acme.books.expected.bill

    days = ledger(acme, "2026-07-01")

    for line in bill.lines:
        mine = [share for day in days.values() for share in day.shares if share.line == line]
        assert sum(share.amount.minor for share in mine) == line.amount.minor
        assert [share.before for share in mine] == [line.before, *(share.after for share in mine[:-1])]
        assert mine[-1].after == line.after
    told = [share for day in days.values() for share in day.shares]
    assert sum(share.amount.minor for share in told) == bill.subtotal.minor
    assert abs(sum(share.exact for share in told) - bill.subtotal.amount) < Decimal("0.02")


def test_the_thirty_first_weighs_nothing_where_a_month_has_thirty_days() -> None:
    acme = account("2026-07-01T08:00", catalog=replace(CATALOG, convention="FIXED_30")).tell("2026-07-01T09:00", AddPackage(plan="pro"))

    days = ledger(acme, "2026-07-01")

    assert (days[date(2026, 7, 30)].reason, days[date(2026, 7, 31)].reason) == (Reason.ONLY_STATE, Reason.NOT_COUNTED)
    assert days[date(2026, 7, 31)].shares == ()
    assert sum(share.amount.minor for day in days.values() for share in day.shares) == 24900


def test_days_of_a_trial_are_free_and_the_day_after_is_billed() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-10T10:00", GrantTrial(item_id=acme.package.id, until_on=date(2026, 6, 15)))

    days = ledger(acme, "2026-06-10")

    assert [days[date(2026, 6, each)].reason for each in (10, 14, 15)] == [Reason.FREE, Reason.FREE, Reason.ONLY_STATE]
    assert (days[date(2026, 6, 14)].shares, shares(days[date(2026, 6, 15)])) == ((), [("249.00 × 1/30", "8.300000000000", "8.30")])


def test_days_to_come_are_expected_with_what_is_scheduled_also_in_the_next_period() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro"))
    acme.tell("2026-06-12T09:00", ChangePackage(package_id=acme.package.id, plan="basic"))  # cheaper: at renewal

    june, july = ledger(acme, "2026-06-30"), ledger(acme, "2026-07-01")

    assert [june[date(2026, 6, each)].expected for each in (12, 13)] == [False, True]
    assert [each.plan for each in june[date(2026, 6, 30)].states] == ["pro"]
    assert [each.plan for each in july[date(2026, 7, 1)].states] == ["basic"]
    assert shares(july[date(2026, 7, 2)]) == [("99.00 × 1/31", "3.193548387097", "3.20")]  # 2/31 are 6.39, 1/31 are 3.19
    assert opening_on(acme.books, date(2026, 8, 1)) is None
    assert opening_on(acme.books, date(2026, 5, 31)) is None


def test_a_period_that_is_over_and_not_cut_yet_has_its_days() -> None:
    days = ledger(busy(), "2026-06-15", now="2026-07-02T09:00")

    assert [day.on for day in days.values() if day.reason is Reason.DEAREST_STATE] == [date(2026, 6, 20)]
    assert not any(day.expected for day in days.values())


def test_a_day_of_a_year_is_billed_at_the_years_price() -> None:
    acme = account().tell("2026-06-10T09:00", AddPackage(plan="pro", interval=Interval.YEAR))

    days = ledger(acme, "2026-06-10")

    assert shares(days[date(2026, 6, 10)]) == [("2490.00 × 1/365", "6.821917808219", "6.82")]


def test_each_reason_is_said_in_both_languages() -> None:
    assert Reason.DEAREST_STATE.text("en") == "Billed once, as the dearest state of the day."
    assert Reason.DEAREST_STATE.text("tr-TR") == "Bir kez, günün en pahalı durumu üzerinden faturalanır."
    assert len({each.text(locale) for each in Reason for locale in ("en", "tr")}) == 2 * len(Reason)
