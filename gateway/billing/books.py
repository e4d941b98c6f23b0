"""Books: one account's facts in memory, and what a command adds to them.

Books are an immutable snapshot at one instant. A command is a function from Books to Books; the store saves
what was added, a preview forgets it. All that is shown of an account is computed here, by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from .account import Account
from .calendar_change import CalendarChanged
from .catalog import Catalog, Kind, Plan
from .conventions import CONVENTIONS
from .dates import Period
from .discount import HeldDiscount
from .engine import Walk, walk
from .era import Almanac, Era, almanac
from .errors import NotFound
from .facts import Fact
from .forecast import Forecast, Preview, Warning, Which
from .ids import new_id
from .in_use import newest
from .invoice import Draft
from .item import Item
from .money import Money
from .own_price import OwnPrice, PriceList
from .standing import Mark, Standing, stand
from .tax import TaxIds, no_forms
from .tax_engine import TaxAnswer
from .term import Held, Opening
from .texts import Param
from .timeline import Change, Move, Scheduled, Step, Unscheduled, pending, timeline
from .trial import Trial, ends_on


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal data that stands outside the chain: the chain holds the digest, and without the salt no link is left."""

    digest: str
    salt: str
    data: dict[str, str]


@dataclass(frozen=True)
class Books:
    """One account as of `now`: where its oldest unbilled period opens, the facts since, and what is being added.

    `seed` feeds the ids of what is added; `subject` is the item or account a command was about; `tax_ids` knows how tax ids
    are written.
    """

    account: Account
    catalog: Catalog
    now: datetime
    opening: Opening
    facts: tuple[Fact, ...] = ()
    seed: bytes = b""
    added: tuple[Fact, ...] = ()
    warnings: tuple[Warning, ...] = ()
    subject: str | None = None
    draft: Draft | None = None
    sealed: tuple[Sealed, ...] = ()
    tax_ids: TaxIds = no_forms

    # --- what a command does -------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """The revision the command being performed will have."""
        return self.account.revision + 1

    def add(self, fact: Fact) -> Books:
        """The books with one more fact."""
        subject = self.subject or getattr(fact, "item", None)
        return replace(self, facts=(*self.facts, fact), added=(*self.added, fact), subject=subject)

    def warn(self, code: str, template: str, /, **params: Param) -> Books:
        """The books with one more warning for whoever asked."""
        return replace(self, warnings=(*self.warnings, Warning(code, template, params)))

    def about(self, subject: str) -> Books:
        """The books, with what the command is about."""
        return replace(self, subject=subject)

    def new_id(self, prefix: str) -> str:
        """A fresh id; the next one differs once something was added."""
        return new_id(prefix, self.now, self.seed, len(self.added))

    def seal(self, data: dict[str, str]) -> tuple[str, Books]:
        """Keep personal data outside the chain; returns the digest that stands for it."""
        salt = sha256(self.seed + b"salt" + len(self.sealed).to_bytes(4, "big")).hexdigest()
        digest = salted(salt, data)
        return digest, replace(self, sealed=(*self.sealed, Sealed(digest, salt, data)))

    # --- what is so at this instant ------------------------------------------------------------------------

    @cached_property
    def today(self) -> date:
        """The account's local day."""
        return self.almanac.today(self.now)

    @cached_property
    def almanac(self) -> Almanac:
        """The account's days, from its oldest unbilled period on."""
        return almanac(Era.of(self.opening, self.account), self.marks)

    @property
    def calendar(self) -> Era:
        """The calendar in force."""
        return self.almanac.at(self.now)

    @property
    def upcoming(self) -> Era | None:
        """The calendar that comes into force at the next cut-off, when it is another one."""
        return self.almanac.after(self.now)

    @property
    def period(self) -> Period:
        """The running billing period."""
        return self.calendar.period(self.today)

    @property
    def uncut(self) -> Period:
        """The oldest billing period that was not cut yet."""
        return Era.of(self.opening, self.account).period(self.opening.on)

    @property
    def next_cut_off(self) -> datetime | None:
        """When the oldest period is to be cut; a closed account has no cut-off once its last period was cut."""
        closed = self.account.closed_at
        if closed is None:
            return self.almanac.instant(self.uncut.end)
        return closed if self.opening.on <= self.almanac.today(closed) else None

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The facts that move items."""
        return tuple(fact for fact in self.facts if isinstance(fact, Change | Scheduled | Unscheduled))

    @cached_property
    def steps(self) -> dict[str, list[Step]]:
        """The resolved timeline of each item since the opening."""
        items = self.opening.items
        ended = {held.item for held in items if held.state is None}
        return timeline(self.moves, {held.item: held.last for held in items}, self.almanac, ended)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The facts that alter the standing."""
        return tuple(fact for fact in self.facts if isinstance(fact, Mark))

    @cached_property
    def standing(self) -> Standing:
        """The account's standing at this instant, before the running period is settled."""
        return stand(self.running.standing, self.marks, self.almanac.instant(self.running.on), None)

    @property
    def discounts(self) -> tuple[HeldDiscount, ...]:
        """The discounts it has for the running period, in the order of their redemption."""
        start, calendar, currency = self.running.on, self.calendar, self.account.currency
        return tuple(HeldDiscount(each, start, calendar, currency) for each in self.standing.discounts)

    @property
    def prices(self) -> PriceList:
        """What things cost this account: its own prices before those of the catalog."""
        return PriceList(self.catalog, self.standing.prices)

    @property
    def own_prices(self) -> tuple[OwnPrice, ...]:
        """Its own prices that are in force or will be, in the order they were set."""
        return tuple(each for each in self.standing.prices if each.until_on is None or each.until_on > max(self.today, each.from_on))

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Its trials that are not over."""
        return tuple(each for each in self.so_far.closing.standing.trials if each.until_on > self.today)

    def walk(self, opening: Opening, at: datetime | None = None, answer: TaxAnswer | None = None) -> Walk:
        """Bill the period that opens here, to its end or to an instant; `answer` is what a tax engine said of it."""
        return walk(opening, self.steps, self.account, self.catalog, at, self.marks, answer)

    @cached_property
    def running(self) -> Opening:
        """Where the running period opens: past ones that are not cut yet are billed on the way."""
        return self.closing[-1].closing if self.closing else self.opening

    @cached_property
    def closing(self) -> tuple[Walk, ...]:
        """The periods that are over and not cut yet, oldest first."""
        walks: list[Walk] = []
        opening = self.opening
        while opening.on < self.period.start:
            walks.append(self.walk(opening))
            opening = walks[-1].closing
        return tuple(walks)

    @property
    def credit(self) -> Money:
        """The account's credit at this instant, without what bills of periods that are over and not cut yet claim of it."""
        return Money(self.standing.credit, self.account.currency)

    @cached_property
    def so_far(self) -> Walk:
        """The running period to this instant."""
        return self.walk(self.running, self.now)

    @cached_property
    def scheduled(self) -> tuple[Scheduled, ...]:
        """The scheduled changes still to come, by date."""
        coming = (move for move in pending(self.moves) if isinstance(move, Scheduled) and move.on > self.today)
        return tuple(sorted(coming, key=lambda change: (change.on, change.revision)))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every package and add-on, in the order they were first had; those yet to begin come last."""
        coming: dict[str, list[Scheduled]] = {}
        for change in self.scheduled:
            coming.setdefault(change.item, []).append(change)
        held = {each.item: each for each in self.so_far.closing.items if each.last is not None}
        items = []
        for item in dict.fromkeys((*held, *coming)):
            mine = held.get(item) or Held(item=item)
            last = mine.last or coming[item][0].apply(None)
            assert last is not None
            items.append(self._item(mine, self.catalog.plan(last.plan), tuple(coming.get(item, ()))))
        return tuple(items)

    def _item(self, held: Held, plan: Plan, scheduled: tuple[Scheduled, ...]) -> Item:
        running = held.state is not None
        report = newest(self.standing.in_use, held.item)
        commitments = [end for each in held.commitments if running and (end := each.until(self.calendar)) > self.today]
        trials = self.so_far.closing.standing.trials if running else ()
        return Item(
            held.item,
            plan,
            held,
            scheduled,
            self.today,
            self.account.currency,
            report.representatives if report else None,
            max(commitments, default=None),
            ends_on(trials, held.item, plan.code, self.today),
            self.account.id,
        )

    def of_kind(self, kind: Kind) -> tuple[Item, ...]:
        """The items of a kind."""
        return tuple(item for item in self.items if item.plan.kind is kind)

    @property
    def packages(self) -> tuple[Item, ...]:
        """The packages."""
        return self.of_kind(Kind.PACKAGE)

    @property
    def add_ons(self) -> tuple[Item, ...]:
        """The add-ons."""
        return self.of_kind(Kind.ADD_ON)

    def package(self, item: str, field: str = "packageId") -> Item:
        """The package of this id; refuses with NotFound when the account has none such."""
        for package in self.packages:
            if package.id == item:
                return package
        raise NotFound("There is no package {id}.", field, id=item)

    def add_on(self, plan: str) -> Item | None:
        """The add-on of this plan, if the account has or had it."""
        return next((item for item in self.add_ons if item.plan.code == plan), None)

    # --- what it will cost ---------------------------------------------------------------------------------

    @property
    def as_of(self) -> datetime:
        """The instant since which nothing has moved; by a convention that runs with the clock, and within a command, now."""
        if self.added or CONVENTIONS[self.catalog.convention].runs:
            return self.now
        return max(self.account.last_at, self.almanac.instant(self.today))

    @cached_property
    def expected(self) -> Walk:
        """The running period to its end."""
        return self.walk(self.running)

    @cached_property
    def current(self) -> Forecast:
        """The running period's forecast."""
        return self._forecast(self.so_far, self.expected)

    @cached_property
    def next(self) -> Forecast:
        """The next period's forecast."""
        opening = self.expected.closing
        return self._forecast(self.walk(opening, self.now), self.walk(opening))

    def forecast(self, period: Which = Which.CURRENT) -> Forecast:
        """The forecast of the running or the next period."""
        return self.current if period is Which.CURRENT else self.next

    def _forecast(self, so_far: Walk, expected: Walk) -> Forecast:
        closing, period = tuple(walk.bill for walk in self.closing), expected.bill.period
        return Forecast(period, self.almanac.instant(period.end), self.as_of, self.account.revision, so_far.bill, expected.bill, closing)

    def preview(self, after: Books) -> Preview:
        """What a command would do: these books, and the books it makes of them."""
        return Preview(self.current, after.current, after.effective_on, after.warnings)

    @property
    def effective_on(self) -> date:
        """The first local day on which what was added acts."""
        days = [fact.on if isinstance(fact, Scheduled) else self.today for fact in self.added if isinstance(fact, Change | Scheduled)]
        days += [day for fact in self.added if isinstance(fact, Mark) and (day := fact.acts_on) is not None]
        if self.upcoming is not None and any(isinstance(fact, CalendarChanged) for fact in self.added):
            days.append(self.upcoming.on)
        return min(days, default=self.today)

    def committed(self) -> Books:
        """These books after what was added has been written."""
        account = replace(self.account, revision=self.revision, last_at=self.now)
        return replace(self, account=account, added=(), warnings=(), subject=None, sealed=(), draft=None)


def salted(salt: str, data: dict[str, str]) -> str:
    """The digest that stands for personal data in the chain."""
    return sha256((salt + repr(sorted(data.items()))).encode()).hexdigest()
