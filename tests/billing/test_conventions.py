"""The conventions beside USED_DAY: which days, seconds and thirtieths are billed, and that so far never runs ahead (rules §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.convention import Visit
from gateway.billing.conventions import CONVENTIONS
from gateway.billing.dates import Calendar, Period
from gateway.billing.engine import walk
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, Move, Scheduled, State, timeline
from tests.billing.given import CATALOG, MONTH, local, price
from tests.billing.given import account as an_account

ISTANBUL = "Europe/Istanbul"
CALENDAR = Calendar(ISTANBUL, 1)
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
PRICES = {"low": price("low", MONTH, "10", "TRY"), "high": price("high", MONTH, "20", "TRY")}

Told = tuple[str, str, str | None]


def visits(*told: Told) -> list[Visit]:
    """Runs of June time on a plan, told in local "day hour:minute:second"."""

    def at(text: str | None) -> str:
        return f"2026-06-{(text or '').replace(' ', 'T')}"

    return [
        Visit(
            local(at(since), ISTANBUL),
            None if until is None else local(at(until), ISTANBUL),
            State(plan, 1, MONTH),
            PRICES[plan],
            JUNE,
            number,
        )
        for number, (plan, since, until) in enumerate(told, start=1)
    ]


def days(name: str, *told: Told, upto: int = 30) -> list[tuple[str, int, int]]:
    """Plan, first and last day of June of each billed span, up to the beginning of a day."""
    spans = CONVENTIONS[name].spans(visits(*told), CALENDAR, date(2026, 6, upto), local(f"2026-06-{upto}", ISTANBUL))
    return [(span.visit.state.plan, span.days.start.day, span.days.end.day - 1) for span in spans]


@pytest.mark.parametrize(
    ("told", "new", "old"),
    [
        # an end at noon of the 12th: its day is not billed, or still is
        ([("low", "10 09:00", "12 12:00")], [("low", 10, 11)], [("low", 10, 12)]),
        # an end at midnight does not touch the new day under either
        ([("low", "10 09:00", "12 00:00")], [("low", 10, 11)], [("low", 10, 11)]),
        # a change at noon of the 12th
        (
            [("low", "10 09:00", "12 12:00"), ("high", "12 12:00", "14 12:00")],
            [("low", 10, 11), ("high", 12, 13)],
            [("low", 10, 12), ("high", 13, 14)],
        ),
        # a change as the 12th begins leaves nothing to argue over
        (
            [("low", "10 09:00", "12 00:00"), ("high", "12 00:00", None)],
            [("low", 10, 11), ("high", 12, 29)],
            [("low", 10, 11), ("high", 12, 29)],
        ),
        # begun and ended within a day: nothing, or the day, for there is no older state to give it to
        ([("low", "10 09:00", "10 12:00")], [], [("low", 10, 10)]),
        # three states within a day: the last, or the first
        (
            [("low", "10 09:00", "12 08:00"), ("high", "12 08:00", "12 09:00"), ("low", "12 09:00", None)],
            [("low", 10, 29)],
            [("low", 10, 29)],
        ),
        # what did not change is joined, also where something came before
        (
            [("low", "10 00:00", "12 00:00"), ("high", "12 00:00", "14 00:00"), ("high", "14 00:00", None)],
            [("low", 10, 11), ("high", 12, 29)],
            [("low", 10, 11), ("high", 12, 29)],
        ),
        # off and on again within a day: nothing has happened
        ([("low", "10 09:00", "12 08:00"), ("low", "12 18:00", None)], [("low", 10, 29)], [("low", 10, 29)]),
        (
            [("low", "10 09:00", "11 08:00"), ("low", "13 18:00", None)],
            [("low", 10, 10), ("low", 13, 29)],
            [("low", 10, 11), ("low", 13, 29)],
        ),
    ],
)  # fmt: skip
def test_the_day_of_a_change_goes_to_the_new_or_to_the_old_state(
    told: list[Told], new: list[tuple[str, int, int]], old: list[tuple[str, int, int]]
) -> None:
    assert days("NEW_STATE_DAY", *told) == new
    assert days("OLD_STATE_DAY", *told) == old


@pytest.mark.parametrize("name", ["NEW_STATE_DAY", "OLD_STATE_DAY", "SECOND", "FIXED_30"])
def test_nothing_is_billed_from_the_horizon_on(name: str) -> None:
    assert days(name, ("low", "10 09:00", None), upto=15) == [("low", 10, 14)]
    assert days(name, ("low", "10 09:00", None), upto=10) == []


def seconds(*told: Told) -> list[tuple[str, int]]:
    """Plan and seconds of each span, to the end of June."""
    convention = CONVENTIONS["SECOND"]
    spans = convention.spans(visits(*told), CALENDAR, JUNE.end, CALENDAR.instant(JUNE.end))
    return [(span.visit.state.plan, convention.count(CALENDAR, span.days, span.moments)) for span in spans]


def test_seconds_are_counted_from_whole_second_to_whole_second() -> None:
    assert seconds(("low", "10 09:00:00", "10 09:01:40")) == [("low", 100)]
    # 0.9 s, cut down at both ends: the second that was begun is not over
    assert seconds(("low", "10 09:00:00.050000", "10 09:00:00.950000")) == []
    # 0.2 s over the turn of a second count as one, and what follows lacks that one: no second is lost or billed twice
    assert seconds(("low", "10 09:00:00.900000", "10 09:00:01.100000"), ("high", "10 09:00:01.100000", "10 09:00:03")) == [
        ("low", 1),
        ("high", 2),
    ]
    # off and on again: two spans, and nothing between them
    assert seconds(("low", "10 09:00:00", "10 09:00:10"), ("low", "10 09:00:20", "10 09:00:30")) == [("low", 10), ("low", 10)]
    # a stretch that was split is one span again
    assert seconds(("low", "10 09:00:00", "10 09:00:10.5"), ("low", "10 09:00:10.5", "10 09:00:20")) == [("low", 20)]


def test_a_second_is_counted_on_the_days_it_touches() -> None:
    assert days("SECOND", ("low", "10 23:59:59", "12 00:00:00")) == [("low", 10, 11)]
    assert days("SECOND", ("low", "10 23:59:59", "12 00:00:01")) == [("low", 10, 12)]


@pytest.mark.parametrize(
    ("zone", "term", "hours"),
    [
        (ISTANBUL, JUNE, 30 * 24),
        ("Europe/Berlin", Period(date(2026, 3, 1), date(2026, 4, 1)), 31 * 24 - 1),  # clocks go forward
        ("Europe/Berlin", Period(date(2026, 10, 1), date(2026, 11, 1)), 31 * 24 + 1),  # and back
        ("Europe/Berlin", Period(date(2026, 1, 1), date(2027, 1, 1)), 365 * 24),
    ],
)
def test_a_term_has_the_seconds_it_really_has(zone: str, term: Period, hours: int) -> None:
    assert CONVENTIONS["SECOND"].whole(Calendar(zone, 1), term) == hours * 3600


@pytest.mark.parametrize(
    ("anchor", "first", "end", "thirtieths"),
    [
        (1, date(2026, 8, 18), date(2026, 9, 1), 13),  # 18 to 31 August: the 31st weighs nothing
        (1, date(2026, 8, 31), date(2026, 9, 1), 0),
        (1, date(2026, 8, 30), date(2026, 8, 31), 1),
        (1, date(2026, 2, 1), date(2026, 3, 1), 30),  # February ends at 30, so its last day weighs three
        (1, date(2026, 2, 28), date(2026, 3, 1), 3),
        (15, date(2026, 2, 20), date(2026, 3, 1), 11),  # 5 are over on the 20th, 16 on 1 March
        (31, date(2026, 1, 31), date(2026, 2, 1), 0),  # also as the first day of a month
        (31, date(2026, 2, 28), date(2026, 3, 1), 1),  # the month that begins on 28 February, for want of a 30th
        (31, date(2026, 2, 28), date(2026, 3, 31), 30),
        (29, date(2026, 2, 28), date(2026, 3, 1), 1),
        (28, date(2026, 2, 28), date(2026, 3, 1), 3),  # from the 28th to the 31st: it is the anchor day itself
        (28, date(2026, 2, 28), date(2026, 3, 10), 12),
        (29, date(2028, 2, 29), date(2028, 3, 1), 2),
        (31, date(2026, 3, 30), date(2026, 3, 31), 0),  # which makes the 30th of March its thirty-first day
        (1, date(2026, 6, 11), date(2027, 6, 1), 350),  # over months: 20 of June and eleven whole ones
    ],
)
def test_thirtieths_are_counted_30_360_within_the_billing_month(anchor: int, first: date, end: date, thirtieths: int) -> None:
    assert CONVENTIONS["FIXED_30"].count(Calendar(ISTANBUL, anchor), Period(first, end), None) == thirtieths


@given(st.integers(1, 31), st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.sampled_from([1, 3, 12]))
def test_the_thirtieths_of_a_term_are_thirty_a_month_and_no_day_weighs_less_than_nothing(anchor: int, day: date, months: int) -> None:
    calendar, fixed = Calendar("UTC", anchor), CONVENTIONS["FIXED_30"]
    term = calendar.run(day, months)
    weights = [fixed.count(calendar, Period(each, each + timedelta(days=1)), None) for each in _each(term)]

    assert fixed.whole(calendar, term) == 30 * months == sum(weights)
    assert min(weights) >= 0


def _each(period: Period) -> list[date]:
    return [period.start + timedelta(days=n) for n in range(len(period))]


@st.composite
def junes(draw: st.DrawFn) -> list[Move]:
    """What happens to one package in June 2026, at its oddest moments, the last of it by schedule."""
    begins = local("2026-06-01", ISTANBUL)
    offsets = draw(st.lists(st.integers(0, 30 * 86_400 - 2), min_size=1, max_size=6, unique=True).map(sorted))
    moves: list[Move] = []
    for revision, offset in enumerate(offsets, start=1):
        micro = draw(st.sampled_from([0, 1, 500_000, 999_999]))
        state = State(draw(st.sampled_from(["pro", "basic"])), draw(st.integers(1, 9)), MONTH)
        ends = revision > 1 and draw(st.integers(0, 3)) == 0
        at = begins + timedelta(seconds=offset, microseconds=micro)
        moves.append(Change(revision=revision, item="pkg", at=at, state=None if ends else state))
    on = date(2026, 6, 2) + timedelta(days=draw(st.integers(0, 28)))
    moves.append(Scheduled(revision=99, id="sch", item="pkg", on=on, ends=draw(st.booleans()), plan="pro", quantity=7, interval=MONTH))
    return moves


@given(st.sampled_from(list(CONVENTIONS)), junes(), st.lists(st.integers(0, 30 * 86_400 - 1), min_size=2, max_size=5).map(sorted))
def test_while_only_time_passes_so_far_never_falls_nor_runs_ahead(name: str, moves: list[Move], looks: list[int]) -> None:
    books = an_account("2026-06-01T00:00").books
    catalog, begins = replace(CATALOG, convention=name), local("2026-06-01", ISTANBUL)
    instants = [begins + timedelta(seconds=look) for look in looks]
    known = [move for move in moves if not isinstance(move, Change) or move.at <= instants[0]]
    opening, steps = Opening(JUNE.start), timeline(known, {}, books.calendar)

    so_far = [walk(opening, steps, books.account, catalog, at).bill.due.minor for at in instants]
    expected = walk(opening, steps, books.account, catalog).bill.due.minor

    assert [*so_far, expected] == sorted([*so_far, expected])


@given(st.sampled_from(list(CONVENTIONS)), st.lists(st.integers(1, 31 * 86_400 - 1), max_size=6, unique=True))
def test_a_full_month_costs_its_price_however_it_is_split(name: str, splits: list[int]) -> None:
    books, begins = an_account("2026-07-01T00:00").books, local("2026-07-01", ISTANBUL)
    moves = [Change(revision=1, item="pkg", at=begins, state=State("pro", 1, MONTH))]
    for revision, split in enumerate(sorted(splits), start=2):
        state = State("pro", revision % 5 + 1, MONTH)  # up to five are included
        moves.append(Change(revision=revision, item="pkg", at=begins + timedelta(seconds=split), state=state))

    bill = walk(Opening(date(2026, 7, 1)), timeline(moves, {}, books.calendar), books.account, replace(CATALOG, convention=name)).bill

    assert str(bill.due.amount) == "249.00"
