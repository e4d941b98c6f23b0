"""What if: several changes made one after the other on pencilled books, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from .bill import Bill
from .books import Books
from .catalog import Kind, Listing
from .dates import TICK
from .era import Era
from .errors import ChangeRefused, InvalidInput, Refusal
from .forecast import Forecast, Warning
from .money import Money
from .term import Opening

if TYPE_CHECKING:
    from .commands.command import Command

MOST: Final = 20
"""How many changes can be tried at once."""

AHEAD: Final = 24
"""How many periods ahead is looked for the one in which all has acted."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be used: representatives and chatbot sessions per period of all packages together, and the add-ons."""

    representatives: int
    chatbot_sessions: int
    add_ons: tuple[Listing, ...]

    def beyond(self, other: Allowance) -> Allowance:
        """What this has and the other has not."""
        theirs = {each.code for each in other.add_ons}
        return Allowance(
            max(0, self.representatives - other.representatives),
            max(0, self.chatbot_sessions - other.chatbot_sessions),
            tuple(each for each in self.add_ons if each.code not in theirs),
        )


@dataclass(frozen=True)
class Outlook:
    """What books come to: this period, the next, and from the first period on that begins when all up to `settled` has acted."""

    books: Books
    settled: date

    @property
    def current(self) -> Forecast:
        """The running period."""
        return self.books.current

    @property
    def next(self) -> Forecast:
        """The next period."""
        return self.books.next

    @cached_property
    def opening(self) -> Opening:
        """Where the first such period opens: the next one at the earliest, the 24th ahead at the latest."""
        opening = self.books.expected.closing
        for _ in range(AHEAD - 1):
            if opening.on >= self.settled:
                break
            opening = self.books.walk(opening).closing
        return opening

    @cached_property
    def from_then_on(self) -> Bill:
        """That period's expected bill."""
        return self.books.walk(self.opening).bill

    @cached_property
    def allowance(self) -> Allowance:
        """What may be used when that period begins."""
        account, catalog, on = self.books.account, self.books.catalog, self.opening.on
        held = self.books.walk(self.opening, Era.of(self.opening, account).instant(on)).closing.items
        states = [(catalog.plan(each.state.plan), each.state.quantity) for each in held if each.state is not None]
        packages = [(plan, quantity) for plan, quantity in states if plan.kind is Kind.PACKAGE]
        offers = [plan.offer(on) for plan, _ in packages]
        return Allowance(
            sum(quantity for _, quantity in packages),
            sum(offer.chatbot_limit for offer in offers if offer),
            tuple(Listing(plan, on, account.currency) for plan, _ in states if plan.kind is Kind.ADD_ON),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the expected invoices move, and what it costs with tax from then on: credit is left out there, for it runs out."""

    current: Money
    next: Money
    from_then_on: Money


@dataclass(frozen=True)
class WhatIf:
    """An account without changes and with them."""

    before: Outlook
    after: Outlook
    warnings: tuple[Warning, ...]

    @property
    def difference(self) -> Difference:
        """With the changes less without them."""
        before, after = self.before, self.after
        return Difference(
            after.current.expected.due - before.current.expected.due,
            after.next.expected.due - before.next.expected.due,
            after.from_then_on.gross - before.from_then_on.gross,
        )

    @property
    def gained(self) -> Allowance:
        """What may be used only with them, once all has acted."""
        return self.after.allowance.beyond(self.before.allowance)

    @property
    def lost(self) -> Allowance:
        """What may be used only without them, once all has acted."""
        return self.before.allowance.beyond(self.after.allowance)


def what_if(books: Books, commands: Sequence[Command]) -> WhatIf:
    """Try commands in order; refuses with InvalidInput for none or too many, with ChangeRefused for the first that is refused."""
    if not 1 <= len(commands) <= MOST:
        raise InvalidInput("Try at least one change, and at most {most} at once.", "changes", most=MOST)
    before = replace(books, now=max(books.now, books.account.last_at + TICK), seed=b"pencil")
    after = pencil(before, commands)
    settled = max((change.on for change in (*before.scheduled, *after.scheduled)), default=before.today)
    return WhatIf(Outlook(before, settled), Outlook(after, settled), after.warnings)


def pencil(books: Books, commands: Sequence[Command]) -> Books:
    """The books after several commands, each a tick after the one before; all they added is still to be written, and never will be."""
    from .commands.command import apply

    present, added, warnings = books, books.added, books.warnings
    for index, command in enumerate(commands):
        try:
            after = apply(command, present)
        except Refusal as refusal:
            field = f"changes.{index}" + (f".{refusal.field}" if refusal.field else "")
            refused = ChangeRefused("Change {index} is refused: {reason}", field, index=index, reason=refusal.sentence)
            raise refused.because(refusal) from refusal
        added, warnings = (*added, *after.added), (*warnings, *after.warnings)
        present = replace(after.committed(), now=after.now + TICK, seed=sha256(after.seed + b"next").digest())
    account = replace(present.account, revision=books.account.revision, last_at=books.account.last_at)
    return replace(present, account=account, added=added, warnings=warnings)
