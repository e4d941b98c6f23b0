"""The engine where periods and terms do not begin or end together, as after another anchor day."""

from __future__ import annotations

from datetime import date, timedelta

from gateway.billing.catalog import Catalog
from gateway.billing.dates import Period
from gateway.billing.engine import Walk, walk
from gateway.billing.term import Held, Opening
from gateway.billing.timeline import Change, State, timeline
from tests.billing.given import MONTH, YEAR, Told, account, catalog_of, offer, plan, rows

RISING = catalog_of(
    plan("pro", offer("pro", "MONTH 249 TRY, YEAR 3650 TRY"), offer("pro", "MONTH 249 TRY, YEAR 7300 TRY", date(2027, 1, 10)))
)
OLD_YEAR = Period(date(2026, 1, 15), date(2027, 1, 15))
NEW_YEAR = Period(date(2027, 1, 1), date(2028, 1, 1))
JANUARY = Period(date(2027, 1, 1), date(2027, 2, 1))
YEARLY = State("pro", 1, YEAR)


def january(*ends: str, at: str | None = None, catalog: Catalog = RISING, hours: int = 9) -> Walk:
    """January 2027, billed on the 1st, of a year that was begun when billing still turned on the 15th."""
    told: Told = account("2026-01-01T00:00", catalog=catalog)
    books = told.books
    calendar = books.calendar
    begun = Change(revision=1, item="pkg", at=calendar.instant(OLD_YEAR.start), state=YEARLY)
    held = Held(item="pkg", state=YEARLY, last=YEARLY, started_on=OLD_YEAR.start, term=OLD_YEAR, revision=begun.revision)
    _, held = held.lock(OLD_YEAR.start, catalog, "TRY")
    moves = [Change(revision=9, item="pkg", at=calendar.instant(date.fromisoformat(end)), state=None) for end in ends]
    instant = calendar.instant(date.fromisoformat(at)) + timedelta(hours=hours) if at else None
    return walk(Opening(JANUARY.start, (held,)), timeline(moves, {"pkg": YEARLY}, calendar), books.account, catalog, instant)


def test_a_term_that_is_over_within_a_period_is_followed_by_one_counted_from_that_period() -> None:
    walked = january()

    # 14 days of the old year at 3650.00, then 17 of the new one at the price of its first day, 15 January
    assert rows(walked.bill) == [
        ("pro", "2027-01-01 to 2027-01-14", "3650.00 × 14/365", "140.00"),
        ("pro", "2027-01-15 to 2027-01-31", "7300.00 × 17/365", "340.00"),
    ]
    (held,) = walked.closing.items
    assert held.term == NEW_YEAR
    assert [count.term for count in held.counts] == [NEW_YEAR]


def test_the_new_term_has_not_begun_before_its_day() -> None:
    before, after = january(at="2027-01-14"), january(at="2027-01-15")

    assert (before.closing.items[0].term, after.closing.items[0].term) == (OLD_YEAR, NEW_YEAR)
    assert [str(each.bill.due.amount) for each in (before, after)] == ["140.00", "160.00"]


def test_ended_as_the_term_is_over_within_the_period_nothing_begins_and_nothing_is_early() -> None:
    walked = january("2027-01-15")

    assert rows(walked.bill) == [("pro", "2027-01-01 to 2027-01-14", "3650.00 × 14/365", "140.00")]


def test_the_new_term_has_begun_at_its_very_first_instant() -> None:
    walked = january(at="2027-01-15", hours=0)

    assert walked.closing.items[0].term == NEW_YEAR
    assert str(walked.bill.due.amount) == "160.00"  # its first day at the new price


def test_each_term_is_re_rated_by_the_monthly_price_of_its_own_beginning() -> None:
    """The year costs 6.00 a day in either; a month 249.00, and 300.00 as the second year begins."""
    catalog = catalog_of(
        plan("pro", offer("pro", "MONTH 249 TRY, YEAR 2190 TRY"), offer("pro", "MONTH 300 TRY, YEAR 2190 TRY", date(2027, 1, 10)))
    )

    # 15 to 24 January: 300.00 × 10/31 = 96.77
    assert rows(january("2027-01-25", catalog=catalog).bill)[-1] == ("pro early_end", "2027-01-15 to 2027-01-24", "96.77 − 60.00", "36.77")


def test_ended_before_the_term_is_over_nothing_is_billed_after_the_end_and_no_term_follows() -> None:
    walked = january("2027-01-10")

    assert [line.days.end for line in walked.bill.lines if line.part == "base"] == [date(2027, 1, 10)]
    assert walked.closing.items[0].term == OLD_YEAR


def test_ended_as_the_term_is_over_no_price_of_the_next_is_found() -> None:
    (held,) = january("2027-01-15", at="2027-01-20").closing.items

    assert held.term == OLD_YEAR
    assert [lock.term for lock in held.locks] == [OLD_YEAR]


def test_ended_within_the_new_term_is_early_by_the_new_term_alone() -> None:
    walked = january("2027-01-25")

    # the year is dearer than months here, so that nothing is owed beside the days
    assert [line.days for line in walked.bill.lines] == [
        Period(JANUARY.start, date(2027, 1, 15)),
        Period(date(2027, 1, 15), date(2027, 1, 25)),
    ]
    assert walked.closing.items[0].term == NEW_YEAR


def test_a_period_that_opens_within_a_billing_month_is_charged_as_a_part_of_that_month() -> None:
    books = account("2026-01-01T00:00").books
    calendar = books.calendar
    begun = Change(revision=1, item="pkg", at=calendar.instant(date(2026, 6, 20)), state=State("pro", 5, MONTH))

    walked = walk(Opening(date(2026, 6, 16)), timeline([begun], {}, calendar), books.account, books.catalog)

    assert walked.bill.period == Period(date(2026, 6, 16), date(2026, 7, 1))
    assert rows(walked.bill) == [("pro", "2026-06-20 to 2026-06-30", "249.00 × 11/30", "91.30")]
