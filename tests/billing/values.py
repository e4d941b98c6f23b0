"""Random facts and openings, for whatever must hold of every value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.catalog import EarlyEnd, Interval, Price, Rate
from gateway.billing.dates import Calendar, Period
from gateway.billing.early_end import Rest, Used
from gateway.billing.facts import Closed, Cut, Fact, Issued, Opened
from gateway.billing.standing import NOTHING
from gateway.billing.term import Count, Held, Lock, Opening
from gateway.billing.timeline import Change, Fate, Scheduled, State, Unscheduled

instants = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
words = st.text(max_size=12)
revisions = st.integers(1, 10**6)
intervals = st.sampled_from(Interval)
periods = st.builds(lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(0, 366))
states = st.builds(State, words, st.integers(1, 999), intervals)
rates = st.builds(Rate, st.integers(0, 10**15), st.sampled_from(["TRY", "JPY", "KWD"]))
prices = st.builds(Price, words, st.none() | intervals, rates, st.integers(0, 99), rates, st.none() | st.sampled_from(EarlyEnd))

FACTS_OF: dict[str, st.SearchStrategy[Fact]] = {
    "Opened": st.builds(
        Opened,
        revision=revisions,
        at=instants,
        currency=words,
        zone=words,
        anchor=st.integers(1, 31),
        locale=words,
        profile=words,
    ),
    "Closed": st.builds(Closed, revision=revisions, at=instants),
    "Change": st.builds(Change, revision=revisions, item=words, at=instants, state=st.none() | states),
    "Scheduled": st.builds(
        Scheduled,
        revision=revisions,
        id=words,
        item=words,
        on=days,
        ends=st.booleans(),
        plan=st.none() | words,
        quantity=st.none() | st.integers(1, 99),
        interval=st.none() | intervals,
    ),
    "Unscheduled": st.builds(Unscheduled, revision=revisions, id=words, fate=st.sampled_from(Fate)),
    "Cut": st.builds(
        Cut, revision=revisions, period=periods, total=st.integers(0, 10**12), invoice=st.none() | words, digest=st.none() | words
    ),
    "Issued": st.builds(Issued, revision=revisions, invoice=words, number=words, at=instants),
    "CalendarChanged": st.builds(CalendarChanged, revision=revisions, at=instants, zone=words, anchor=st.integers(1, 31)),
}
facts = st.one_of(*FACTS_OF.values())
calendars = st.builds(Calendar, words, st.integers(1, 31))
helds = st.builds(
    Held,
    item=words,
    state=st.none() | states,
    last=st.none() | states,
    started_on=st.none() | days,
    ended_on=st.none() | days,
    term=st.none() | periods,
    revision=revisions,
    locks=st.lists(st.builds(Lock, periods, prices, st.none() | prices, st.none() | calendars), max_size=2).map(tuple),
    used=st.lists(st.builds(Used, periods, periods, instants, states, prices, st.integers(0), st.integers(0)), max_size=1).map(tuple),
    rests=st.lists(st.builds(Rest, periods, prices, st.integers(1, 99)), max_size=1).map(tuple),
    counts=st.lists(st.builds(Count, words, rates, periods, st.integers(0, 10**6)), max_size=2).map(tuple),
)
openings = st.builds(
    Opening,
    days,
    st.lists(helds, max_size=3).map(tuple),
    st.just(NOTHING),
    st.none() | calendars,
    st.none() | instants,
)
