"""Terms: the run of days a price pays for, and what is carried along it (rules §3, §5).

What an item carries from one day to the next is a `Held`: all that the engine needs to go on from there
without looking back. The `Held`s of all items at a cut are the account's `Opening` of the next period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from .catalog import Catalog, EarlyEnd, Interval, Price, Rate
from .dates import Begun, Calendar, Period
from .early_end import Rest, Used, paid, pay
from .own_price import PriceList
from .standing import NOTHING, Standing
from .timeline import State


@dataclass(frozen=True, slots=True)
class Lock:
    """The price found when an item first entered a plan within a term; it holds until the term is over.

    `monthly` is the plan's monthly price of the same day, where leaving the term early is re-rated by it. `calendar` is the
    one the term began by, None as long as that is in force: a term's bounds keep their zone (rules §3). `since` is the
    instant the term began at where that is not the start of its first day: at the cut-off of a period in another zone.
    """

    term: Period
    price: Price
    monthly: Price | None = None
    calendar: Calendar | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Units billed of one part at one unit price since its term began: U of rules §5."""

    part: str
    rate: Rate
    term: Period
    units: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """The state in which an item entered a price with a minimum commitment: so many billing months from a day on."""

    state: State
    since: date
    months: int

    def until(self, calendar: Calendar) -> date:
        """The first day on which it is over."""
        return calendar.run(self.since, self.months).end


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One package or add-on as it stands at some moment.

    `state` is None when it has ended or has not begun; `last` is the state it is in, or ended in. `term` is the
    run of days its price pays for, or paid for when it ended. `revision` is the entry that brought it here. `used` is
    what was used of terms that cost something to leave, `rests` are those that were left and paid to their end.
    """

    item: str
    state: State | None = None
    last: State | None = None
    started_on: date | None = None
    ended_on: date | None = None
    term: Period | None = None
    revision: int = 0
    locks: tuple[Lock, ...] = ()
    counts: tuple[Count, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    used: tuple[Used, ...] = ()
    rests: tuple[Rest, ...] = ()

    def enter(self, state: State, day: date, revision: int, calendar: Calendar) -> Held:
        """Enter a state on a day: a new interval, or a return after its term was over, begins a new term."""
        kept = self.last is not None and self.last.interval is state.interval and self.term is not None and day < self.term.end
        term = self.term if kept else self._left(state.interval, day) or calendar.run(day, state.interval.months)
        started = self.started_on or day
        return Held(
            item=self.item,
            state=state,
            last=state,
            started_on=started,
            term=term,
            revision=revision,
            locks=self.locks,
            counts=self.counts,
            commitments=self.commitments if kept or self.state is not None else (),
            used=self.used,
            rests=self.rests,
        )

    def _left(self, interval: Interval, day: date) -> Period | None:
        """The term of an interval that was left for another one in this very period, or paid to its end: a return finds it again."""
        return next((lock.term for lock in reversed(self.locks) if lock.price.interval is interval and day in lock.term), None)

    def end(self, day: date, revision: int) -> Held:
        """End on a day, keeping the term, so that a return within it finds the same price."""
        return replace(self, state=None, ended_on=day, revision=revision)

    def leave(self, record: Used) -> Held:
        """Let go of a term that was left, once that was billed.

        A record below zero stays, so that the term is one sum whoever comes and goes; a rest that was paid is remembered.
        """
        rest = record.price.leaving is EarlyEnd.REST_OF_TERM
        settled = rest or record.monthly >= record.billed
        used = tuple(each for each in self.used if each is not record or not settled)
        return replace(self, used=used, rests=pay(self.rests, record) if rest else self.rests)

    def renew(self, calendar: Calendar, on: date) -> Held:
        """Go on at the first day of a period: a term that is over is followed by the next."""
        if self.state is None or self.term is None or self.term.end > on:
            return self
        return replace(self, term=calendar.run(on, self.state.interval.months))

    def measure(self, term: Period, present: Calendar) -> Calendar:
        """The calendar a longer term is measured by: the one it began by, from the instant on at which it did."""
        kept = self._calendar(term, present)
        since = next((lock.since for lock in self.locks if lock.term == term and lock.since is not None), None)
        return kept if since is None else Begun(kept.zone, kept.anchor, term.start, since)

    def _calendar(self, term: Period, present: Calendar) -> Calendar:
        kept = next((lock.calendar for lock in self.locks if lock.term == term and lock.calendar is not None), None)
        return kept or Calendar(present.zone, present.anchor)

    def keep(self, present: Calendar) -> Held:
        """Keep the calendar that running terms began by, as another one comes into force."""
        return replace(self, locks=tuple(replace(lock, calendar=self._calendar(lock.term, present)) for lock in self.locks))

    def begun(self, on: date, since: datetime) -> Held:
        """Keep the instant at which terms began that begin on a day."""
        return replace(self, locks=tuple(replace(lock, since=since) if lock.term.start == on else lock for lock in self.locks))

    def forget(self, on: date, counts: Sequence[Count] | None = None) -> Held:
        """Let go of what belongs to terms that are over on a day, and of the prices of an interval that was left for another.

        `counts` take the place of its own, where they are given.
        """
        interval = self.last.interval if self.last else None
        rests = tuple(rest for rest in self.rests if rest.term.end > on)
        locks = tuple(
            lock for lock in self.locks if lock.term.end > on and (lock.price.interval is interval or paid(rests, lock.term) is not None)
        )
        used = tuple(each for each in self.used if each.term.end > on)
        counts = tuple(count for count in (self.counts if counts is None else counts) if count.term.end > on)
        return self._carrying(locks, counts, self.commitments, used, rests)

    def _carrying(
        self,
        locks: tuple[Lock, ...],
        counts: tuple[Count, ...],
        commitments: tuple[Commitment, ...],
        used: tuple[Used, ...],
        rests: tuple[Rest, ...],
    ) -> Held:
        """The item as it stands, with all else that it carries along; written out, for `replace` takes thrice the time."""
        return Held(
            item=self.item,
            state=self.state,
            last=self.last,
            started_on=self.started_on,
            ended_on=self.ended_on,
            term=self.term,
            revision=self.revision,
            locks=locks,
            counts=counts,
            commitments=commitments,
            used=used,
            rests=rests,
        )

    @property
    def price(self) -> Price | None:
        """The price locked for the state it is in; None before there is one."""
        state = self.state
        if state is None:
            return None
        for lock in self.locks:
            if lock.term == self.term and lock.price.plan == state.plan and lock.price.interval is state.interval:
                return lock.price
        return None

    def lock(self, day: date, catalog: Catalog | PriceList, currency: str) -> tuple[Price, Held]:
        """The price of the state it is in: the one locked in this term, else the one in force on the day."""
        assert self.state is not None and self.term is not None
        if (locked := self.price) is not None:
            return locked, self
        state, on = self.state, max(day, self.term.start)
        price, monthly = catalog.price(state.plan, state.interval, currency, on), None
        offer = catalog.plan(state.plan).offer(on) if price.leaving is EarlyEnd.REPRICE else None
        if offer is not None and offer.price(currency, Interval.MONTH) is not None:
            monthly = catalog.price(state.plan, Interval.MONTH, currency, on)
        locks = (*self.locks, Lock(self.term, price, monthly))
        return price, self._carrying(locks, self.counts, self._committed(price.minimum_months), self.used, self.rests)

    def _committed(self, months: int) -> tuple[Commitment, ...]:
        """The commitments from the term on in which it enters such a price; renewing it commits no further."""
        assert self.state is not None and self.term is not None
        if not months:
            return self.commitments
        for present in self.commitments:
            if present.state.plan == self.state.plan and present.state.interval is self.state.interval:
                return self.commitments
        return (*self.commitments, Commitment(self.state, self.term.start, months))


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a period begins: its first day, every item as it stands then, and the account's standing.

    `calendar` is the one in force from it, None where it has been the account's ever since it was opened. `since` is the
    instant it begins at where that is not the start of the day in its zone: at the cut-off of a period in another zone.
    """

    on: date
    items: tuple[Held, ...] = ()
    standing: Standing = NOTHING
    calendar: Calendar | None = None
    since: datetime | None = None
