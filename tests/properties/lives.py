"""Random lives of accounts, told to the engine and to the oracle alike: any convention, any early end, calendars that change.

They are drawn from a `Random`, so that thousands can be looked at in seconds; Hypothesis lends one where a life is to be made small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from gateway.billing.account import Account
from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.catalog import Catalog, EarlyEnd, Interval
from gateway.billing.dates import DAY, Calendar
from gateway.billing.engine import Walk, walk
from gateway.billing.era import Era, almanac
from gateway.billing.standing import Mark
from gateway.billing.term import Opening
from gateway.billing.timeline import Change, Move, Scheduled, State, Step, timeline
from tests import oracle
from tests.properties.histories import ANCHORS, BEGINNINGS, ZONES
from tests.properties.market import DECIMALS, Listed, Market

PLANS = ("a", "b", "c")
LONGER = (Interval.QUARTER, Interval.YEAR)
GAPS = (0, 1, 3600, 40_000, 86_400, 3 * 86_400, 20 * 86_400, 45 * 86_400, 100 * 86_400)


@dataclass(frozen=True)
class Life:
    """What happened to an account, told twice, and where."""

    account: Account
    market: Market
    first: date
    moves: tuple[Move, ...]
    made: tuple[datetime, ...]  # when each of the moves was made
    events: tuple[oracle.Event, ...]
    marks: tuple[Mark, ...] = ()
    wishes: tuple[oracle.Wish, ...] = ()

    def __str__(self) -> str:
        listed = "\n".join(map(str, self.market.listed))
        told = "\n".join(map(str, (*self.events, *self.wishes, *self.marks)))
        return f"{self.account.zone} {self.account.anchor} {self.market.convention} from {self.first}\n{listed}\n{told}"

    @cached_property
    def catalog(self) -> Catalog:
        """The price list as the product has it."""
        return self.market.catalog

    def known(self, at: datetime) -> Life:
        """What was known of it at an instant: what was scheduled by then, but nothing done later."""
        count = sum(made <= at for made in self.made)
        return replace(self, moves=self.moves[:count], made=self.made[:count], events=self.events[:count])

    @cached_property
    def steps(self) -> dict[str, list[Step]]:
        """The moves as the engine takes them."""
        return timeline(self.moves, {}, almanac(Era.of(Opening(self.first), self.account), self.marks))

    def walk(self, opening: Opening, at: datetime | None = None) -> Walk:
        """The engine's walk over one period."""
        return walk(opening, self.steps, self.account, self.catalog, at, self.marks)

    def openings(self, periods: int) -> list[Opening]:
        """Where the first so many periods open, by the engine."""
        opened = [Opening(self.first)]
        for _ in range(periods - 1):
            opened.append(self.walk(opened[-1]).closing)
        return opened

    @cached_property
    def told(self) -> oracle.Told:
        """All of it as the oracle hears it."""
        return oracle.tell(
            self.events,
            self.market.prices,
            zone=self.account.zone,
            anchor=self.account.anchor,
            exponent=DECIMALS[self.account.currency],
            convention=self.market.convention,
            first=self.first,
            wishes=self.wishes,
        )


def life(random: Random, *, conventions: Sequence[str] = oracle.CONVENTIONS, early: bool = True, moving: bool = True) -> Life:
    """Up to ten moves of up to three items; with `moving`, some change the account's zone or anchor day on the way."""
    zone, around = random.choice(ZONES), random.choice(BEGINNINGS)
    convention = random.choice(conventions)
    anchor = random.choice(ANCHORS)
    market, calendar = replace(_market(random, around, early), convention=convention), Calendar(zone, anchor)
    at = calendar.instant(around) + timedelta(seconds=random.randint(0, 86_399))
    account = Account(id="acc_1", name="", currency=market.currency, zone=zone, anchor=anchor, locale="en", opened_at=at, last_at=at)
    moves, made, events = list[Move](), list[datetime](), list[oracle.Event]()
    marks, wishes = list[Mark](), list[oracle.Wish]()
    begun: set[str] = set()
    for seq in range(1, random.randint(1, 10) + 1):
        at += timedelta(seconds=random.choice(GAPS))
        if random.randint(0, 5) == 0:
            at = calendar.instant(calendar.today(at) + DAY)  # just at midnight
        elif random.randint(0, 7) == 0:
            at += timedelta(microseconds=random.randint(1, 999_999))
        if moving and random.randint(0, 4) == 0:
            calendar = Calendar(random.choice((zone, random.choice(ZONES))), random.choice((anchor, random.choice(ANCHORS))))
            marks.append(CalendarChanged(revision=seq, at=at, zone=calendar.zone, anchor=calendar.anchor))
            wishes.append(oracle.Wish(at, calendar.zone, calendar.anchor))
            continue
        item = random.choice("xyz" if random.randint(0, 2) == 0 else "x")
        move, event = _move(random, seq, item, at, calendar, item in begun)
        begun.add(item)
        moves.append(move)
        made.append(at)
        events.append(event)
    first = Calendar(account.zone, account.anchor).run(around).start
    return Life(account, market, first, tuple(moves), tuple(made), tuple(events), tuple(marks), tuple(wishes))


def _move(random: Random, seq: int, item: str, at: datetime, calendar: Calendar, begun: bool) -> tuple[Move, oracle.Event]:
    kind = random.choice(("state", "end", "scheduled", "state")) if begun else "state"
    if kind == "end":
        return Change(revision=seq, item=item, at=at, state=None), oracle.Event(item, seq, at, None, ends=True)
    if kind == "state":
        interval = random.choice((*Interval, Interval.YEAR))
        state = State(random.choice(PLANS), random.randint(1, 9), interval)
        event = oracle.Event(item, seq, at, None, False, state.plan, state.quantity, interval.value)
        return Change(revision=seq, item=item, at=at, state=state), event
    on = calendar.today(at) + timedelta(days=random.randint(2, 60))
    on = calendar.run(on).end if random.randint(0, 1) else on
    ends = random.randint(0, 1) == 1
    plan = None if ends else random.choice((None, "a", "b"))
    quantity = None if ends else random.choice((None, 2, 7))
    meant = None if ends else random.choice((None, *Interval))
    move = Scheduled(revision=seq, id=str(seq), item=item, on=on, ends=ends, plan=plan, quantity=quantity, interval=meant)
    return move, oracle.Event(item, seq, None, on, ends, plan, quantity, meant.value if meant else None)


def _market(random: Random, around: date, early: bool) -> Market:
    """Plans with prices for every interval, some of which change within two years."""
    listed = []
    for plan in PLANS:
        kinds = {interval: random.choice(tuple(EarlyEnd)) for interval in LONGER} if early else {}
        included = random.randint(0, 5)
        for from_on in (date(2010, 1, 1), *(around + timedelta(days=random.randint(0, 500)) for _ in range(random.randint(0, 2)))):
            costs = {interval: (_cost(random, 100_000, interval), _cost(random, 9_999, interval)) for interval in Interval}
            listed.append(Listed(plan, from_on, included, costs, kinds))
    once = {(each.plan, each.from_on): each for each in listed}
    return Market(random.choice(tuple(DECIMALS)), tuple(once.values()), {})


def _cost(random: Random, most: int, interval: Interval) -> int:
    """Something, or now and then nothing; most often about so much a month."""
    return random.choice((random.randint(0, most) * interval.months, random.randint(0, most), 0 if random.randint(0, 3) == 0 else most))
