"""Days and billing months: odd midnights, months counted from the anchor (rules §3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.dates import DAY, Calendar, Period, day_start, local_day

SAO_PAULO, GOOSE_BAY, APIA = "America/Sao_Paulo", "America/Goose_Bay", "Pacific/Apia"
MICROSECOND = timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Istanbul", date(2026, 6, 1), "2026-05-31T21:00"),
        ("UTC", date(2026, 6, 1), "2026-06-01T00:00"),
        ("Asia/Kathmandu", date(2026, 6, 1), "2026-05-31T18:15"),
        ("America/New_York", date(2026, 3, 8), "2026-03-08T05:00"),  # 23 hours long
        ("America/New_York", date(2026, 3, 9), "2026-03-09T04:00"),
        ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00"),  # 25 hours long
        ("America/New_York", date(2026, 11, 2), "2026-11-02T05:00"),
        (SAO_PAULO, date(2018, 11, 4), "2018-11-04T03:00"),  # 00:00 was leapt over: the day began at 01:00
        (SAO_PAULO, date(2018, 2, 18), "2018-02-18T03:00"),  # 24:00 became 23:00: the 17th had 25 hours
        (GOOSE_BAY, date(2006, 10, 29), "2006-10-29T03:00"),  # at 00:01 back to 23:01: midnight came twice, the first counts
        (GOOSE_BAY, date(2006, 10, 30), "2006-10-30T04:00"),
        (APIA, date(2011, 12, 30), "2011-12-30T10:00"),  # left out: begins, and is over, at the leap
        (APIA, date(2011, 12, 31), "2011-12-30T10:00"),
        (APIA, date(2012, 1, 1), "2011-12-31T10:00"),
    ],
)
def test_a_day_begins_at_the_first_instant_that_bears_its_date(zone: str, day: date, begins: str) -> None:
    assert day_start(day, zone) == utc(begins)


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        (SAO_PAULO, "2018-11-04T02:59:59.999999", date(2018, 11, 3)),
        (SAO_PAULO, "2018-11-04T03:00", date(2018, 11, 4)),
        (SAO_PAULO, "2018-02-18T02:30", date(2018, 2, 17)),  # the second 23:30
        (GOOSE_BAY, "2006-10-29T02:59:59.999999", date(2006, 10, 28)),
        (GOOSE_BAY, "2006-10-29T03:00", date(2006, 10, 29)),
        (GOOSE_BAY, "2006-10-29T03:30", date(2006, 10, 29)),  # clocks show 23:30 of the 28th, but the 29th has begun
        (GOOSE_BAY, "2006-10-29T04:00", date(2006, 10, 29)),  # the second midnight
        (APIA, "2011-12-30T09:59:59.999999", date(2011, 12, 29)),
        (APIA, "2011-12-30T10:00", date(2011, 12, 31)),
    ],
)
def test_an_instant_belongs_to_the_day_that_has_begun(zone: str, at: str, day: date) -> None:
    assert local_day(utc(at), zone) == day


@given(
    st.sampled_from([SAO_PAULO, "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu", "America/New_York", "UTC"]),
    st.dates(date(2005, 1, 1), date(2040, 1, 1)),
)
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    begins, ends = day_start(day, zone), day_start(day + DAY, zone)

    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)
    assert local_day(begins, zone) == local_day(ends - MICROSECOND, zone) == day
    assert local_day(begins - MICROSECOND, zone) == day - DAY


@pytest.mark.parametrize(
    ("anchor", "starts"),
    [
        (28, ["2023-12-28", "2024-01-28", "2024-02-28", "2024-03-28", "2024-04-28"]),
        (29, ["2023-12-29", "2024-01-29", "2024-02-29", "2024-03-29", "2024-04-29"]),
        (30, ["2023-12-30", "2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"]),
        (31, ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
    ],
)
def test_a_short_month_clamps_the_anchor_and_the_next_returns_to_it(anchor: int, starts: list[str]) -> None:
    calendar = Calendar("UTC", anchor)

    assert [str(calendar.start(2023 * 12 + 11 + n)) for n in range(5)] == starts


@pytest.mark.parametrize("anchor", [28, 29, 30, 31])
def test_over_sixty_months_no_anchor_ever_drifts(anchor: int) -> None:
    calendar, day = Calendar("UTC", anchor), date(2023, 1, 28)

    for _ in range(60):
        period = calendar.run(day)
        assert period.end.day == min(anchor, _days_in_month(period.end))
        day = period.end


def _days_in_month(day: date) -> int:
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (following - DAY).day


@pytest.mark.parametrize(
    ("anchor", "day", "period"),
    [
        (1, "2024-02-29", ("2024-02-01", "2024-03-01")),
        (31, "2024-02-28", ("2024-01-31", "2024-02-29")),
        (31, "2024-02-29", ("2024-02-29", "2024-03-31")),
        (31, "2023-02-28", ("2023-02-28", "2023-03-31")),
        (15, "2026-01-14", ("2025-12-15", "2026-01-15")),
        (15, "2026-01-15", ("2026-01-15", "2026-02-15")),
    ],
)
def test_a_day_lies_in_the_period_that_began_on_or_before_it(anchor: int, day: str, period: tuple[str, str]) -> None:
    run = Calendar("UTC", anchor).run(date.fromisoformat(day))

    assert (str(run.start), str(run.end)) == period


@pytest.mark.parametrize(
    ("day", "months", "days"),
    [("2024-01-01", 12, 366), ("2023-01-01", 12, 365), ("2024-01-01", 3, 91), ("2023-01-01", 3, 90), ("2024-02-10", 1, 29)],
)
def test_a_leap_day_makes_its_term_one_day_longer(day: str, months: int, days: int) -> None:
    assert len(Calendar("UTC", 1).run(date.fromisoformat(day), months)) == days


@given(st.integers(1, 31), st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_every_day_lies_in_exactly_one_period_and_periods_join(anchor: int, day: date) -> None:
    calendar = Calendar("UTC", anchor)
    period = calendar.run(day)

    assert day in period
    assert calendar.run(period.end - DAY) == period
    assert calendar.run(period.end).start == period.end
    assert calendar.run(day, 3).end == calendar.run(calendar.run(calendar.run(day).end).end).end


def test_the_end_of_a_period_is_out_of_it() -> None:
    june = Period(date(2026, 6, 1), date(2026, 7, 1))

    assert date(2026, 6, 1) in june and date(2026, 6, 30) in june
    assert date(2026, 7, 1) not in june and date(2026, 5, 31) not in june
    assert len(june) == 30
