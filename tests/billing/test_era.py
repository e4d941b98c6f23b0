"""Eras: every instant belongs to one day, and every day to one period, also where the calendar changes (rules §3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.dates import DAY, Calendar, Period
from gateway.billing.era import Almanac, Era, almanac
from gateway.billing.term import Opening
from tests.billing.given import account, local

ISTANBUL, NEW_YORK, AUCKLAND = "Europe/Istanbul", "America/New_York", "Pacific/Auckland"
WESTERNMOST, EASTERNMOST = "Etc/GMT+12", "Pacific/Kiritimati"
TICK = timedelta(microseconds=1)
ZONES = [ISTANBUL, NEW_YORK, AUCKLAND, WESTERNMOST, EASTERNMOST, "Pacific/Pago_Pago", "Europe/London", "America/Sao_Paulo", "Pacific/Apia"]


def began(day: date, zone: str, anchor: int = 1) -> Era:
    """An era that begins with a day of its own zone."""
    return Era(zone, anchor, day, Calendar(zone, anchor).instant(day))


def changed(at: datetime, zone: str, anchor: int = 1) -> CalendarChanged:
    return CalendarChanged(revision=9, at=at, zone=zone, anchor=anchor)


JUNE = began(date(2026, 6, 1), ISTANBUL)
SUMMER = local("2026-06-10T09:00", ISTANBUL)
CUT_OFF = datetime(2026, 6, 30, 21, tzinfo=UTC)  # 1 July in Istanbul


def test_going_west_the_hours_before_the_new_zones_midnight_belong_to_the_first_day() -> None:
    days = almanac(JUNE, [changed(SUMMER, NEW_YORK)])

    assert days.eras[1] == Era(NEW_YORK, 1, date(2026, 7, 1), CUT_OFF)
    assert days.today(CUT_OFF - TICK) == date(2026, 6, 30)
    assert days.today(CUT_OFF) == date(2026, 7, 1)  # 17:00 on 30 June in New York
    assert days.today(CUT_OFF + timedelta(hours=6)) == date(2026, 7, 1)  # 23:00
    assert days.today(datetime(2026, 7, 1, 4, tzinfo=UTC)) == date(2026, 7, 1)  # its midnight: the day goes on, 31 hours in all
    assert days.today(datetime(2026, 7, 2, 4, tzinfo=UTC) - TICK) == date(2026, 7, 1)
    assert days.today(datetime(2026, 7, 2, 4, tzinfo=UTC)) == date(2026, 7, 2)


def test_going_east_the_hours_of_the_first_day_before_the_cut_off_belong_to_the_old_period() -> None:
    days = almanac(JUNE, [changed(SUMMER, AUCKLAND)])

    assert days.eras[1].since == CUT_OFF
    assert days.today(CUT_OFF - TICK) == date(2026, 6, 30)  # almost 09:00 on 1 July in Auckland
    assert days.today(CUT_OFF) == date(2026, 7, 1)
    assert days.today(datetime(2026, 7, 1, 12, tzinfo=UTC)) == date(2026, 7, 2)  # 15 hours later its day is over
    assert days.instant(date(2026, 7, 2)) == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_clocks_that_go_back_on_the_first_day_change_its_end_only() -> None:
    """London to Auckland on 5 April 2026, when New Zealand's summer time ends."""
    days = almanac(began(date(2026, 3, 5), "Europe/London", 5), [changed(local("2026-03-20T09:00", "Europe/London"), AUCKLAND, 5)])

    assert days.eras[1] == Era(AUCKLAND, 5, date(2026, 4, 5), datetime(2026, 4, 4, 23, tzinfo=UTC))
    assert days.instant(date(2026, 4, 6)) == datetime(2026, 4, 5, 12, tzinfo=UTC)


def test_clocks_that_go_forward_on_the_day_of_the_cut_off_do_not_move_it() -> None:
    """New York to Istanbul on 8 March 2026, when New York's summer time begins at two: its midnight was before."""
    days = almanac(began(date(2026, 2, 8), NEW_YORK, 8), [changed(local("2026-02-20T09:00", NEW_YORK), ISTANBUL, 8)])

    assert days.eras[1].since == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert days.instant(date(2026, 3, 9)) == datetime(2026, 3, 8, 21, tzinfo=UTC)


def test_a_day_that_was_over_in_the_new_zone_at_the_cut_off_is_there_for_that_instant_alone() -> None:
    """From one side of the date line to the other: midnight of 1 July at −12 is two o'clock on 2 July at +14."""
    days = almanac(began(date(2026, 6, 1), WESTERNMOST), [changed(SUMMER, EASTERNMOST)])
    cut_off = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert days.today(cut_off - TICK) == date(2026, 6, 30)
    assert days.today(cut_off) == date(2026, 7, 1)
    assert days.today(cut_off + TICK) == date(2026, 7, 2)
    assert days.instant(date(2026, 7, 2)) == cut_off


@pytest.mark.parametrize(
    ("first", "old", "new", "stub", "month"),
    [
        (date(2026, 6, 1), 1, 15, ("2026-07-01", "2026-07-15"), ("2026-06-15", "2026-07-15")),
        (date(2026, 6, 15), 15, 1, ("2026-07-15", "2026-08-01"), ("2026-07-01", "2026-08-01")),
        (date(2026, 1, 31), 31, 1, ("2026-02-28", "2026-03-01"), ("2026-02-01", "2026-03-01")),
        (date(2028, 1, 31), 31, 1, ("2028-02-29", "2028-03-01"), ("2028-02-01", "2028-03-01")),
        (date(2026, 1, 15), 15, 31, ("2026-02-15", "2026-02-28"), ("2026-01-31", "2026-02-28")),
        (date(2028, 1, 15), 15, 31, ("2028-02-15", "2028-02-29"), ("2028-01-31", "2028-02-29")),
        (date(2026, 6, 1), 1, 1, ("2026-07-01", "2026-08-01"), ("2026-07-01", "2026-08-01")),
        (date(2026, 1, 31), 31, 28, ("2026-02-28", "2026-03-28"), ("2026-02-28", "2026-03-28")),
    ],
)
def test_the_first_period_ends_at_the_new_anchor_and_is_part_of_the_month_that_ends_there(
    first: date, old: int, new: int, stub: tuple[str, str], month: tuple[str, str]
) -> None:
    era = began(first, ISTANBUL, old).change(Calendar(ISTANBUL, new), local(f"{first}T09:00", ISTANBUL))

    assert era.period(era.on) == Period(*map(date.fromisoformat, stub))
    assert era.run(era.on) == Period(*map(date.fromisoformat, month))


def test_the_last_change_before_the_cut_off_counts_and_one_that_leads_back_undoes_it() -> None:
    hour = timedelta(hours=1)
    two = almanac(JUNE, [changed(SUMMER, NEW_YORK, 15), changed(SUMMER + hour, AUCKLAND, 20)])
    back = almanac(JUNE, [changed(SUMMER, NEW_YORK, 15), changed(SUMMER + hour, ISTANBUL, 1)])

    assert two.eras == (JUNE, Era(AUCKLAND, 20, date(2026, 7, 1), CUT_OFF))
    assert back.eras == (JUNE,)
    assert two.after(SUMMER) == two.eras[1] and two.after(CUT_OFF) is None
    assert back.after(SUMMER) is None


def test_changes_in_two_periods_each_act_at_the_cut_off_of_their_own() -> None:
    days = almanac(JUNE, [changed(SUMMER, ISTANBUL, 15), changed(local("2026-07-03T09:00", ISTANBUL), NEW_YORK, 15)])

    assert [(era.zone, era.anchor, era.on) for era in days.eras] == [
        (ISTANBUL, 1, date(2026, 6, 1)),
        (ISTANBUL, 15, date(2026, 7, 1)),
        (NEW_YORK, 15, date(2026, 7, 15)),
    ]
    assert days.eras[2].since == datetime(2026, 7, 14, 21, tzinfo=UTC)


def test_a_change_at_the_cut_off_itself_belongs_to_the_next_period() -> None:
    assert almanac(JUNE, [changed(CUT_OFF - TICK, NEW_YORK)]).eras[1].on == date(2026, 7, 1)
    assert almanac(JUNE, [changed(CUT_OFF, NEW_YORK)]).eras[1].on == date(2026, 8, 1)
    # also where an earlier change comes into force at that instant: it is not undone
    assert [era.zone for era in almanac(JUNE, [changed(SUMMER, NEW_YORK), changed(CUT_OFF, AUCKLAND)]).eras] == [
        ISTANBUL,
        NEW_YORK,
        AUCKLAND,
    ]


def test_changes_are_taken_in_the_order_of_their_instants() -> None:
    hour = timedelta(hours=1)
    marks = changed(SUMMER, NEW_YORK, 15), changed(SUMMER + hour, AUCKLAND, 20)

    assert almanac(JUNE, reversed(marks)) == almanac(JUNE, marks)
    assert almanac(JUNE, marks).eras[-1].zone == AUCKLAND


def test_a_day_before_the_first_era_is_told_by_its_calendar() -> None:
    days = almanac(JUNE, [changed(SUMMER, NEW_YORK)])

    assert days.on(date(2026, 5, 20)) == days.at(JUNE.since - TICK) == JUNE


def test_a_change_in_a_later_era_leads_on_from_that_era_and_not_from_the_first() -> None:
    second = changed(local("2026-07-20T09:00", ISTANBUL), NEW_YORK, 20)

    days = almanac(JUNE, [changed(SUMMER, ISTANBUL, 15), second])

    assert days.eras[2].on == date(2026, 8, 15)  # by the anchor of the second era


@pytest.mark.parametrize("other", [Calendar(NEW_YORK, 1), Calendar(ISTANBUL, 15)])
def test_a_change_is_one_against_the_era_it_is_made_in(other: Calendar) -> None:
    """There and back again a month later: the way back is a change, staying there is none."""
    there, later = changed(SUMMER, other.zone, other.anchor), local("2026-07-05T09:00", ISTANBUL)

    assert len(almanac(JUNE, [there, changed(later, ISTANBUL, 1)]).eras) == 3
    assert len(almanac(JUNE, [there, changed(later, other.zone, other.anchor)]).eras) == 2


def test_an_opening_of_an_older_checkpoint_has_the_accounts_calendar() -> None:
    owner = account("2026-06-01T08:00", zone=ISTANBUL, anchor=15).books.account

    assert Era.of(Opening(date(2026, 6, 15)), owner) == began(date(2026, 6, 15), ISTANBUL, 15)
    told = Opening(date(2026, 7, 15), calendar=Calendar(NEW_YORK, 3), since=CUT_OFF)
    assert Era.of(told, owner) == Era(NEW_YORK, 3, date(2026, 7, 15), CUT_OFF)


def test_before_an_era_its_days_are_those_of_its_zone_but_never_its_own() -> None:
    era = Era(AUCKLAND, 15, date(2026, 7, 1), CUT_OFF)

    assert era.today(CUT_OFF - TICK) == date(2026, 6, 30)
    assert era.instant(date(2026, 6, 30)) == datetime(2026, 6, 29, 12, tzinfo=UTC)
    assert era.period(date(2026, 6, 30)) == Period(date(2026, 6, 15), date(2026, 7, 1))
    assert era.period(date(2026, 6, 1)) == Period(date(2026, 5, 15), date(2026, 6, 15))


@st.composite
def almanacs(draw: st.DrawFn) -> Almanac:
    first = began(date(2026, 1, 5), draw(st.sampled_from(ZONES)), 5)
    at, changes = first.since, []
    for _ in range(draw(st.integers(1, 5))):
        at += timedelta(hours=draw(st.integers(1, 900)))
        changes.append(changed(at, draw(st.sampled_from(ZONES)), draw(st.sampled_from([1, 2, 5, 15, 28, 31]))))
    return almanac(first, changes)


@given(almanacs(), st.integers(0, 300 * 86_400))
def test_days_and_instants_agree_in_every_zone_on_either_side_of_every_change(days: Almanac, seconds: int) -> None:
    moments = [days.eras[0].since + timedelta(seconds=seconds), *(era.since + tick for era in days.eras for tick in (TICK, -TICK))]
    for at in moments:
        if at < days.eras[0].since:
            continue
        day = days.today(at)
        assert days.instant(day) <= at
        assert at <= days.instant(day + DAY)
        assert days.today(at + TICK) >= day


@given(almanacs())
def test_periods_follow_one_another_without_gap_or_overlap(days: Almanac) -> None:
    on = days.eras[0].on
    for _ in range(24):
        period = days.on(on).period(on)
        assert period.start == on < period.end
        assert days.instant(period.start) <= days.instant(period.end)
        on = period.end
