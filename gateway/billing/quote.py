"""Quotes: a preview that can be held to (rules §6).

A quote fixes the instant at which a command takes effect, and what is owed by contract: recurring charges, purchases,
discounts and the tax on them. Use to come is a forecast and the credit balance belongs to the account: neither is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from .bill import Bill
from .codec import Json, canonical, pack
from .dates import TICK
from .errors import InvalidQuote, QuoteChanged, QuoteExpired, Refusal
from .journal import verb_of

if TYPE_CHECKING:
    from .books import Books
    from .commands.command import Command

LIFE: Final = timedelta(minutes=10)
"""How long a quote holds; it ends with the running period at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is remembered of a quote, outside the gateway: for which account and request, at which instant, which figures, until when.

    `request` and `figures` are digests. There is nothing personal in it.
    """

    account_id: str
    request: str
    effective_at: datetime
    expires_at: datetime
    figures: str

    def check(self, account_id: str, command: Command, now: datetime) -> None:
        """Refuse another account's or another request's quote with InvalidQuote, one whose time is over with QuoteExpired."""
        if (self.account_id, self.request) != (account_id, asked(command)):
            raise InvalidQuote("This quote was given for another request; take a new one.", "quote")
        if now >= self.expires_at:
            raise QuoteExpired("This quote has expired; take a new one.", "quote")


@dataclass(frozen=True)
class Quote:
    """What a command leads to by contract: `books` are those after it, pencilled at its instant; `now` is when it was asked."""

    books: Books
    command: Command
    now: datetime

    @property
    def effective_at(self) -> datetime:
        """The instant at which the command is performed if the quote is taken up."""
        return self.books.now

    @property
    def expires_at(self) -> datetime:
        """When it ends, in whole seconds: ten minutes on, or at the running period's cut-off if that is earlier."""
        cut_off = self.books.almanac.instant(self.books.period.end)
        return min(self.now + LIFE, cut_off).replace(microsecond=0)

    @property
    def current(self) -> Bill:
        """The running period's expected bill."""
        return self.books.current.expected

    @property
    def next(self) -> Bill:
        """The next period's expected bill."""
        return self.books.next.expected

    @cached_property
    def promise(self) -> Promise:
        """What is to be remembered of it."""
        figures = canonical([contractual(self.current), contractual(self.next)])
        return Promise(
            account_id=self.books.account.id,
            request=asked(self.command),
            effective_at=self.effective_at,
            expires_at=self.expires_at,
            figures=sha256(figures).hexdigest(),
        )


def as_quoted(command: Command, books: Books, promise: Promise | Refusal, now: datetime) -> Books:
    """The books a command makes at the instant it was quoted for, or just after the newest fact if that is later.

    `books` are those it would be performed on now. Raises what stands in place of a promise that could not be read, the refusals of
    `Promise.check`, and QuoteChanged when other figures come of it, with the quote for what it would cost now.
    """
    from .commands.command import apply

    if isinstance(promise, Refusal):
        raise promise
    promise.check(books.account.id, command, now)
    after = apply(command, replace(books, now=max(promise.effective_at, books.account.last_at + TICK)))
    if Quote(after, command, now).promise.figures == promise.figures:
        return after
    changed = QuoteChanged("The figures of this quote no longer hold; look at the new one.", "quote")
    raise changed.to(Quote(apply(command, books), command, now))


def asked(command: Command) -> str:
    """The digest of what is asked. Personal fields are left out: a digest of little can be guessed, and none of them has a price."""
    packed = {name: value for name, value in pack(command).items() if name not in command.personal}
    return sha256(canonical([verb_of(command), packed])).hexdigest()


def contractual(bill: Bill) -> Json:
    """The figures of a bill that are promised: what each part of each plan costs, what is taken off, the tax on the rest.

    Neither ids nor days are among them: what is new gets another id each time, and which days are billed does not matter,
    only what they cost.
    """
    parts: dict[str, int] = {}
    for line in bill.lines:
        part = f"{line.plan} {line.interval} {line.part}"
        parts[part] = parts.get(part, 0) + line.amount.minor
    return {
        "period": [bill.period.start.isoformat(), bill.period.end.isoformat()],
        "currency": bill.currency,
        "parts": {part: minor for part, minor in parts.items() if minor},
        "discounts": [[each.code, each.amount.minor] for each in bill.deductions if each.amount.minor],
        "taxes": [[each.category, each.percent, each.base.minor, each.amount.minor] for each in bill.taxes],
        "tax_status": bill.tax_status.value,
    }
