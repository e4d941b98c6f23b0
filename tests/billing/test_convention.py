"""USED_DAY: from visits to billed days (rules §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.billing.convention import Span, Visit, append, within
from gateway.billing.conventions import used_days
from gateway.billing.dates import Calendar, Period
from gateway.billing.timeline import State
from tests.billing.given import MONTH, local, price

ISTANBUL = "Europe/Istanbul"
CALENDAR = Calendar(ISTANBUL, 1)
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
PRICES = {"low": price("low", MONTH, "10", "TRY"), "same": price("same", MONTH, "10", "TRY"), "high": price("high", MONTH, "20", "TRY")}


def visit(plan: str, since: str, until: str | None, revision: int = 1) -> Visit:
    """A run of June time on a plan, told in local "day hour:minute"."""

    def at(text: str) -> str:
        return f"2026-06-{text.replace(' ', 'T')}"

    end = None if until is None else local(at(until), ISTANBUL)
    return Visit(local(at(since), ISTANBUL), end, State(plan, 1, MONTH), PRICES[plan], JUNE, revision)


def spans(*visits: Visit, upto: int = 30) -> list[tuple[str, int, int]]:
    """Plan, first and last day of June of each billed span."""
    billed = used_days(visits, CALENDAR, date(2026, 6, upto), local(f"2026-06-{upto}", ISTANBUL))
    return [(span.visit.state.plan, span.days.start.day, span.days.end.day - 1) for span in billed]


@pytest.mark.parametrize(
    ("visits", "billed"),
    [
        ([("low", "10 09:00", "12 09:00")], [("low", 10, 12)]),
        ([("low", "10 09:00", "12 00:00")], [("low", 10, 11)]),  # an end at midnight does not touch the day
        ([("low", "10 00:00", "10 00:01")], [("low", 10, 10)]),
        ([("low", "10 23:59", None)], [("low", 10, 29)]),
        # the day of a change goes to the dearer state, whichever came first
        ([("low", "10 09:00", "12 09:00"), ("high", "12 09:00", "14 09:00")], [("low", 10, 11), ("high", 12, 14)]),
        ([("high", "10 09:00", "12 09:00"), ("low", "12 09:00", "14 09:00")], [("high", 10, 12), ("low", 13, 14)]),
        # a tie goes to the later one
        ([("low", "10 09:00", "12 09:00"), ("same", "12 09:00", "14 09:00")], [("low", 10, 11), ("same", 12, 14)]),
        # a cheaper state that saw only a day which is billed already is not billed at all
        ([("high", "10 09:00", "10 12:00"), ("low", "10 12:00", "10 18:00")], [("high", 10, 10)]),
        ([("low", "10 09:00", "10 12:00"), ("high", "10 12:00", "10 18:00")], [("high", 10, 10)]),
        # three states in a day: the dearest of all three
        (
            [("low", "10 09:00", "12 08:00"), ("high", "12 08:00", "12 09:00"), ("low", "12 09:00", None)],
            [("low", 10, 11), ("high", 12, 12), ("low", 13, 29)],
        ),
        ([("low", "10 09:00", "12 08:00"), ("low", "12 18:00", None)], [("low", 10, 29)]),  # off and on again: once, and joined
        ([("low", "10 09:00", "11 08:00"), ("low", "13 18:00", None)], [("low", 10, 11), ("low", 13, 29)]),
    ],
)
def test_a_day_is_billed_once_at_the_dearest_state_it_saw(
    visits: list[tuple[str, str, str | None]], billed: list[tuple[str, int, int]]
) -> None:
    assert spans(*(visit(*each) for each in visits)) == billed


def test_no_day_is_billed_from_the_horizon_on() -> None:
    assert spans(visit("low", "10 09:00", None), upto=15) == [("low", 10, 14)]
    assert spans(visit("low", "10 09:00", None), upto=10) == []


def test_a_joined_span_remembers_every_entry_that_led_to_it() -> None:
    (span,) = used_days(
        [visit("low", "10 09:00", "12 08:00", 3), visit("low", "12 18:00", None, 5)],
        CALENDAR,
        date(2026, 6, 30),
        local("2026-06-30", ISTANBUL),
    )

    assert set(span.because) >= {3, 5}


def test_daily_prices_are_compared_exactly_over_terms_of_different_length() -> None:
    """10.00 in 30 days is dearer by the day than 10.00 in 31, and 10.33 in 31 is still cheaper, by a third of a kuruş."""
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    at = local("2026-06-10", ISTANBUL)

    def over(base: str, term: Period) -> Visit:
        return Visit(at, None, State("x", 1, MONTH), price("x", MONTH, base, "TRY"), term, 1)

    assert over("10", JUNE).dearer_or_equal(over("10", july))
    assert not over("10.33", july).dearer_or_equal(over("10", JUNE))
    assert over("10.34", july).dearer_or_equal(over("10", JUNE))
    assert over("31", july).dearer_or_equal(over("30", JUNE)) and over("30", JUNE).dearer_or_equal(over("31", july))


def test_spans_are_joined_by_what_their_terms_and_prices_say_not_by_which_objects_they_are() -> None:
    one = visit("low", "10 00:00", "12 00:00", 3)
    other = visit("low", "12 00:00", None, 5)._replace(term=Period(JUNE.start, JUNE.end), price=replace(PRICES["low"]))
    dearer = other._replace(price=replace(PRICES["low"], base=PRICES["high"].base))
    longer = other._replace(term=Period(JUNE.start, date(2026, 9, 1)))
    begun = [Span(Period(date(2026, 6, 10), date(2026, 6, 12)), one, (3,))]

    for following, joined in ((other, True), (dearer, False), (longer, False)):
        spans = list(begun)
        append(spans, Span(Period(date(2026, 6, 12), JUNE.end), following, (5,)))
        assert (len(spans) == 1) == joined
        assert spans[-1].because == ((3, 5) if joined else (5,))


def test_only_what_lies_within_its_term_is_measured() -> None:
    start, end, hour = CALENDAR.instant(JUNE.start), CALENDAR.instant(JUNE.end), timedelta(hours=1)

    assert within(None, JUNE, CALENDAR) is None
    assert within((start + hour, end - hour), JUNE, CALENDAR) == (start + hour, end - hour)
    assert within((start - hour, end + hour), JUNE, CALENDAR) == (start, end)
    # wholly before or after it nothing is left
    for since, until in ((start - 2 * hour, start - hour), (end + hour, end + 2 * hour)):
        clipped = within((since, until), JUNE, CALENDAR)
        assert clipped is not None and clipped[0] == clipped[1]
