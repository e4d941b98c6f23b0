"""What billing tests start from: a small catalog, and an account that is told dated commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gateway.billing.account import Account
from gateway.billing.bill import Bill, Line
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog, Interval, Kind, Offer, Plan, Price, Rate
from gateway.billing.commands import Command, CutPeriod, OpenAccount
from gateway.billing.dates import DAY
from gateway.billing.effective import Effective, When
from gateway.billing.errors import CommitmentRuns, PlanConflict, Refusal, RequirementMissing, ScheduledConflict
from gateway.billing.forecast import Preview
from gateway.billing.invoice import Draft
from gateway.billing.item import Item
from gateway.billing.term import Opening

LONG_AGO = date(2010, 1, 1)
MONTH, QUARTER, YEAR = Interval.MONTH, Interval.QUARTER, Interval.YEAR
# Refusals that come of what stands beside an item; tests/billing/test_limits.py tries them.
LIMITS = {RequirementMissing, PlanConflict, CommitmentRuns}
BESIDE = {*LIMITS, ScheduledConflict}
NOW, AT_RENEWAL = Effective(when=When.NOW), Effective(when=When.AT_RENEWAL)


def price(plan: str, interval: Interval | None, base: str, currency: str, included: int = 1, extra: str = "0") -> Price:
    """A price in units of the currency: `base` for those included, `extra` for each further representative."""
    return Price(plan, interval, Rate.of(Decimal(base), currency), included, Rate.of(Decimal(extra), currency))


def offer(code: str, prices: str, from_on: date = LONG_AGO, included: int = 1, maximum: int | None = 1, on_sale: bool = True) -> Offer:
    """An offer from lines such as "MONTH 249 TRY +49": interval, base, currency, and the price of a further representative."""
    parsed = []
    for row in filter(None, map(str.strip, prices.split(","))):
        interval, base, currency, *extra = row.split()
        kind = None if interval == "ONCE" else Interval(interval)
        parsed.append(price(code, kind, base, currency, included, extra[0].lstrip("+") if extra else "0"))
    return Offer(from_on, on_sale, included, maximum, prices=tuple(parsed))


def plan(code: str, *offers: Offer, kind: Kind = Kind.PACKAGE) -> Plan:
    """A plan whose names are its code."""
    return Plan(code, kind, {"en": code.title(), "tr": f"{code.title()} (tr)"}, {"en": f"The plan {code}."}, offers)


def catalog_of(*plans: Plan) -> Catalog:
    """A catalog of these plans."""
    return Catalog({each.code: each for each in plans})


BASIC = plan(
    "basic",
    offer(
        "basic",
        "MONTH 99 TRY +20, QUARTER 280 TRY +55, YEAR 990 TRY +200, MONTH 19.99 EUR +3.50, MONTH 1500 JPY +300, MONTH 4.500 KWD +0.750",
        included=5,
        maximum=50,
    ),
)
PRO = plan(
    "pro",
    offer(
        "pro",
        "MONTH 249 TRY +49, QUARTER 690 TRY +140, YEAR 2490 TRY +490, MONTH 49.99 EUR +7, MONTH 3900 JPY +700, MONTH 12.345 KWD +1.500",
        included=5,
        maximum=50,
    ),
)
SOLO = plan("solo", offer("solo", "MONTH 40 TRY, YEAR 400 TRY"))
FOREIGN = plan("foreign", offer("foreign", "MONTH 10 EUR"))
RETIRED = plan(
    "retired",
    offer("retired", "MONTH 120 TRY", maximum=5),
    offer("retired", "MONTH 120 TRY", date(2026, 6, 15), maximum=5, on_sale=False),
)
COMING = plan("coming", offer("coming", "MONTH 300 TRY", date(2026, 9, 1)))
WHATSAPP = plan("whatsapp", offer("whatsapp", "MONTH 50 TRY, YEAR 500 TRY, MONTH 9.90 EUR"), kind=Kind.ADD_ON)
ARCHIVE = plan(
    "archive",
    offer("archive", "MONTH 15 TRY"),
    offer("archive", "MONTH 15 TRY", date(2026, 6, 15), on_sale=False),
    kind=Kind.ADD_ON,
)
SESSIONS = plan("sessions_100", offer("sessions_100", "ONCE 75 TRY"), kind=Kind.SESSION_PACK)

CATALOG = catalog_of(BASIC, PRO, SOLO, FOREIGN, RETIRED, COMING, WHATSAPP, ARCHIVE, SESSIONS)


def blank(now: datetime, catalog: Catalog = CATALOG, seed: bytes = b"0") -> Books:
    """Books of an account that is about to be opened."""
    account = Account(id="acc_1", name="", currency="", zone="UTC", anchor=1, locale="en", opened_at=now, last_at=now)
    return Books(account, catalog, now, Opening(now.date()), seed=seed)


def local(when: str, zone: str) -> datetime:
    """An instant from local time ("2026-06-10T09:00"); a bare date is its first instant, "…Z" or an offset is kept."""
    moment = datetime.fromisoformat(when)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


@dataclass
class Told:
    """An account that is told commands, each at a local time; `books` stand as after the last one."""

    books: Books
    count: int = 0

    @property
    def zone(self) -> str:
        return self.books.calendar.zone

    def now(self, when: str) -> Books:
        """The books as seen at a local time not before the last command."""
        moment = local(when, self.zone)
        assert moment >= self.books.now, f"{when} lies before {self.books.now}"
        seed = str(self.count).encode()
        return replace(self.books, now=moment, seed=seed)

    def tell(self, when: str, command: Command) -> Told:
        """Perform a command."""
        before = self.now(when)
        assert before.now > self.books.now or self.count == 0, "instants ascend"
        self.books = command(before).committed()
        self.count += 1
        return self

    def preview(self, when: str, command: Command) -> Preview:
        """What a command would do."""
        before = self.now(when)
        return before.preview(command(before))

    def cut(self, when: str | None = None) -> tuple[Bill, Draft | None]:
        """Cut the oldest period, an hour after it ended unless told otherwise; the bill, and the draft if anything is due."""
        before = self.now(when or f"{self.books.uncut.end}T01:00")
        after = CutPeriod(start=self.books.opening.on)(before)
        bill = before.walk(before.opening).bill
        self.books = after.committed()
        self.count += 1
        return bill, after.draft

    @property
    def package(self) -> Item:
        """The only package."""
        (only,) = self.books.packages
        return only

    @property
    def scheduled_id(self) -> str:
        """The only scheduled change."""
        (only,) = self.books.scheduled
        return only.id


def account(
    opened: str = "2026-06-01T08:00", currency: str = "TRY", zone: str = "Europe/Istanbul", anchor: int = 1, catalog: Catalog = CATALOG
) -> Told:
    """An account that has just been opened."""
    books = blank(local(opened, zone), catalog)
    return Told(OpenAccount(name="Acme", currency=currency, time_zone=zone, anchor_day=anchor)(books).committed())


def row(line: Line) -> tuple[str, str, str, str]:
    """A line as finance people read it: what, from the first to the last day, the arithmetic, the amount."""
    what = {"base": line.plan, "representatives": f"{line.plan} +{line.quantity}"}.get(line.part, f"{line.plan} {line.part}")
    days = f"{line.days.start} to {line.days.end - DAY}"
    return what, days, line.formula, str(line.amount.amount)


def rows(bill: Bill) -> list[tuple[str, str, str, str]]:
    """A bill's lines."""
    return [row(line) for line in bill.lines]


def on(day: str) -> Effective:
    """From a local day on."""
    return Effective(on=date.fromisoformat(day))


def refused(books: Books, command: Command) -> Refusal:
    """The refusal a command answers with: one it declares, and the books are as they were."""
    before = replace(books)
    with pytest.raises(Refusal) as refusal:
        command(books)
    assert type(refusal.value) in command.refusals
    assert books == before
    return refusal.value
