"""Cut a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ..books import Books
from ..errors import Refusal
from ..facts import Cut, Fact
from ..invoice import draft
from ..standing import Mark
from ..tax_engine import TaxAnswer
from ..tax_facts import TaxIdentified
from ..timeline import Change, pending
from .command import Right


@dataclass(frozen=True, kw_only=True)
class CutPeriod:
    """Bill the oldest period that is over, and open the next.

    What was billed is copied into a draft invoice, unless nothing is due. The books go on from where the
    period closed, by the calendar that is in force from there; changes dated after it, or scheduled, are carried over.
    `tax` is what a tax engine said of the period beforehand, None when there is none to ask.
    """

    start: date
    tax: TaxAnswer | None = None

    refusals: ClassVar[tuple[type[Refusal], ...]] = ()
    right: ClassVar = Right.OPERATE
    personal: ClassVar[tuple[str, ...]] = ()

    def __call__(self, books: Books) -> Books:
        """Cut the period; ValueError when it is not the oldest one, or not over yet."""
        days, due = books.almanac, books.next_cut_off
        if books.opening.on != self.start or due is None or books.now < due:
            raise ValueError(f"{books.account.id}: the period from {self.start} is not to be cut at {books.now}")
        walk = books.walk(books.opening, answer=self.tax)
        end = days.instant(walk.bill.period.end)
        # An identity given after the period's end is not this period's: its tax id has no place on this document.
        known = not any(isinstance(fact, TaxIdentified) and fact.at >= end for fact in books.facts)
        cut = draft(books.new_id("inv"), books.account, walk.bill, walk.closing.standing.tax, id_known=known) if walk.bill.lines else None
        moves = (move for move in pending(books.moves) if (move.at if isinstance(move, Change) else days.instant(move.on)) >= end)
        marks = (fact for fact in books.facts if isinstance(fact, Mark) and fact.at >= end)
        carried: tuple[Fact, ...] = (*moves, *marks)
        fact = Cut(
            revision=books.revision,
            period=walk.bill.period,
            total=walk.bill.due.minor,
            invoice=cut.id if cut else None,
            digest=cut.digest if cut else None,
            discount=walk.bill.discount.minor,
            tax=walk.bill.tax.minor,
            credit=walk.bill.credited,
        )
        account, calendar = books.account, walk.closing.calendar
        if calendar is not None:
            account = replace(account, zone=calendar.zone, anchor=calendar.anchor)
        return replace(books.about(account.id).add(fact), account=account, opening=walk.closing, facts=carried, draft=cut)
