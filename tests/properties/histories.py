"""Random price lists and random histories, told to the engine and to the oracle alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from gateway.billing.account import Account
from gateway.billing.catalog import Interval
from gateway.billing.dates import DAY, Calendar
from gateway.billing.timeline import Change, Move, Scheduled, State
from tests import oracle
from tests.properties.market import DECIMALS, Listed, Market

ZONES = ["Europe/Istanbul", "America/Sao_Paulo", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu", "UTC"]
ANCHORS = [1, 15, 28, 29, 30, 31]
# Days near which clocks change, leap days fall, or nothing at all happens.
BEGINNINGS = [date(2018, 2, 10), date(2018, 10, 20), date(2019, 12, 31), date(2024, 1, 31), date(2026, 3, 20), date(2026, 6, 5)]
INTERVALS = st.sampled_from(Interval)
# Mostly moments within one day, some that pass days, months or most of a year.
GAPS = st.sampled_from([0, 1, 3600, 40_000, 86_400, 3 * 86_400, 20 * 86_400, 45 * 86_400, 200 * 86_400])


@st.composite
def markets(draw: st.DrawFn, around: date, plans: Iterable[str] = "abc", currency: str | None = None) -> Market:
    """Plans with prices for every interval, some of which change within two years."""
    listed = []
    for plan in plans:
        included = draw(st.integers(0, 5))
        rises = draw(st.lists(st.integers(0, 500), max_size=2, unique=True))
        for from_on in (date(2010, 1, 1), *(around + timedelta(days=rise) for rise in rises)):
            costs = {interval: (draw(st.integers(0, 100_000)), draw(st.integers(0, 9_999))) for interval in Interval}
            listed.append(Listed(plan, from_on, included, costs))
    return Market(currency or draw(st.sampled_from(list(DECIMALS))), tuple(listed), {})


@dataclass(frozen=True)
class History:
    """What happened to an account, told twice, and where."""

    account: Account
    market: Market
    first: date
    moves: tuple[Move, ...]
    events: tuple[oracle.Event, ...]

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.account.zone, self.account.anchor)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to fifteen moves of up to three items."""
    zone, anchor, around = draw(st.sampled_from(ZONES)), draw(st.sampled_from(ANCHORS)), draw(st.sampled_from(BEGINNINGS))
    market, calendar = draw(markets(around)), Calendar(zone, anchor)
    first = calendar.run(around).start
    at = calendar.instant(around) + timedelta(seconds=draw(st.integers(0, 86_399)))
    account = Account(id="acc_1", name="", currency=market.currency, zone=zone, anchor=anchor, locale="en", opened_at=at, last_at=at)
    moves: list[Move] = []
    events: list[oracle.Event] = []
    begun: set[str] = set()
    for seq in range(1, draw(st.integers(1, 15)) + 1):
        at += timedelta(seconds=draw(GAPS))
        if draw(st.integers(0, 5)) == 0:
            at = calendar.instant(calendar.today(at) + DAY)  # just at midnight
        item = draw(st.sampled_from("xyz"))
        kind = draw(st.sampled_from(["state", "end", "scheduled", "state"])) if item in begun else "state"
        begun.add(item)
        if kind == "state":
            state = State(draw(st.sampled_from("abc")), draw(st.integers(1, 9)), draw(INTERVALS))
            moves.append(Change(revision=seq, item=item, at=at, state=state))
            events.append(oracle.Event(item, seq, at, None, False, state.plan, state.quantity, state.interval.value))
        elif kind == "end":
            moves.append(Change(revision=seq, item=item, at=at, state=None))
            events.append(oracle.Event(item, seq, at, None, ends=True))
        else:
            on = calendar.today(at) + timedelta(days=draw(st.integers(1, 60)))
            on = calendar.run(on).end if draw(st.booleans()) else on
            ends = draw(st.booleans())
            plan = None if ends else draw(st.sampled_from([None, "a", "b"]))
            quantity = None if ends else draw(st.sampled_from([None, 2, 7]))
            interval = None if ends else draw(st.none() | INTERVALS)
            moves.append(Scheduled(revision=seq, id=str(seq), item=item, on=on, ends=ends, plan=plan, quantity=quantity, interval=interval))
            events.append(oracle.Event(item, seq, None, on, ends, plan, quantity, interval.value if interval else None))
    return History(account, market, first, tuple(moves), tuple(events))
