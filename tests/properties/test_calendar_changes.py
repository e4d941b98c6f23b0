"""Random zones and anchor days, one after the other: periods tile time, and a slow count of days gives the same bills."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given, note
from hypothesis import strategies as st

from gateway.billing.account import Account
from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.engine import walk
from gateway.billing.era import Era, almanac
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, State, timeline
from tests.billing.given import CATALOG, MONTH

ZONES = ["Europe/Istanbul", "America/New_York", "Pacific/Auckland", "Europe/London", "America/Sao_Paulo", "Asia/Kathmandu"]
DAY = timedelta(days=1)
OPENED = datetime(2027, 9, 10, 9, tzinfo=UTC)  # half a year before a leap day, with clocks changing on the way
BEYOND = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Month:
    """A period as it follows from the wishes alone: its days, the instants they begin at, and the month it is part of."""

    days: tuple[date, ...]
    begins: tuple[datetime, ...]
    whole: int


def midnight(day: date, zone: str) -> datetime:
    """Good for zones whose clocks never jump over a midnight in these years."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def anchored(year: int, month: int, anchor: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(anchor, monthrange(year, month)[1]))


def months(zone: str, anchor: int, wishes: list[tuple[datetime, str, int]], count: int) -> list[Month]:
    """Period by period: the last wish before its end decides on the next one's calendar."""
    on = max(day for n in (-1, 0) if (day := anchored(2027, 9 + n, anchor)) <= OPENED.astimezone(ZoneInfo(zone)).date())
    since, found = midnight(on, zone), []
    for _ in range(count):
        end = min(day for n in (0, 1) if (day := anchored(on.year, on.month + n, anchor)) > on)
        before = anchored(end.year, end.month - 1, anchor)
        days = tuple(on + n * DAY for n in range((end - on).days))
        until = midnight(end, zone)
        found.append(Month(days, (since, *(midnight(day, zone) for day in days[1:]), until), (end - before).days))
        for at, *calendar in wishes:
            if since <= at < until:
                zone, anchor = calendar[0], calendar[1]
        on, since = end, until
    return found


instants = st.integers(0, 200 * 86_400).map(lambda seconds: OPENED + timedelta(seconds=seconds))
calendars = st.tuples(st.sampled_from(ZONES), st.sampled_from([1, 2, 14, 15, 28, 29, 30, 31]))


@given(calendars, st.lists(st.tuples(instants, calendars), max_size=6), st.lists(instants, min_size=1, max_size=12, unique=True))
def test_each_period_is_billed_as_a_slow_count_of_its_days_says(
    first: tuple[str, int], changes: list[tuple[datetime, tuple[str, int]]], toggles: list[datetime]
) -> None:
    wishes = sorted((at, zone, anchor) for at, (zone, anchor) in changes)
    account = Account(id="acc_1", name="", currency="TRY", zone=first[0], anchor=first[1], locale="en", opened_at=OPENED, last_at=OPENED)
    expected = months(*first, wishes, 14)
    marks = [CalendarChanged(revision=n, at=at, zone=zone, anchor=anchor) for n, (at, zone, anchor) in enumerate(wishes, 1)]
    moves = [Change(revision=n, item="x", at=at, state=None if n % 2 else State("solo", 1, MONTH)) for n, at in enumerate(sorted(toggles))]
    ends = [*sorted(toggles), BEYOND]
    active = [(ends[n], ends[n + 1]) for n in range(0, len(toggles), 2)]
    note(f"{wishes}\n{active}")
    opening = Opening(expected[0].days[0])
    steps = timeline(moves, {}, almanac(Era.of(opening, account), marks))
    for month in expected:
        walked = walk(opening, steps, account, CATALOG, None, marks)
        spans = list(zip(month.days, month.begins, month.begins[1:], strict=False))
        billed = [day for day, start, end in spans if any(on < end and off > start for on, off in active)]
        share = Fraction(4000 * len(billed), month.whole)  # Solo is 40.00 a month
        lines = walked.bill.lines
        assert (walked.bill.period.start, walked.bill.period.end) == (month.days[0], month.days[-1] + DAY)
        assert [line.days.start + n * DAY for line in lines for n in range(len(line.days))] == billed
        assert walked.bill.due.minor == int(share + Fraction(1, 2))
        opening = walked.closing
