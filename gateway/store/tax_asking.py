"""Asking a tax engine before periods are cut: outside the transaction, and never in its way.

What it answers goes into the command that cuts the period. Without an answer the table decides, and the bill says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from gateway.billing.assessment import question
from gateway.billing.books import Books
from gateway.billing.dates import DAY
from gateway.billing.era import Era
from gateway.billing.tax_engine import UNANSWERED, TaxAnswer, TaxQuestion
from gateway.billing.term import Opening

Answers = Mapping[date, TaxAnswer | None]
"""What was answered of each period by its first day; None where there was nothing to ask."""


class TaxEngine(Protocol):
    """Somebody else who knows rates."""

    async def quote(self, question: TaxQuestion) -> TaxAnswer | None:
        """What it says of a bill, or None when it cannot be reached, fails, or takes too long. Never raises."""
        ...


async def ask(engine: TaxEngine, books: Books, ended_by: date | None = None) -> Answers:
    """Ask about every period of these books that is to be cut: those that are over, of a closed account the running one too."""
    answers: dict[date, TaxAnswer | None] = {}
    opening = books.opening
    while _is_over(books, opening, ended_by):
        walk = books.walk(opening)
        bill, identity = walk.bill, walk.closing.standing.tax
        asked = question(bill.lines, bill.deductions, identity, books.catalog, bill.period.end - DAY, bill.currency)
        answers[opening.on] = (await engine.quote(asked) or UNANSWERED) if asked else None
        opening = books.walk(opening, answer=answers[opening.on]).closing
    return answers


def _is_over(books: Books, opening: Opening, ended_by: date | None) -> bool:
    end, closed = Era.of(opening, books.account).period(opening.on).end, books.account.closed_at
    if ended_by is not None and end > ended_by:
        return False
    return end <= books.today if closed is None else opening.on <= books.almanac.today(closed)


def answer_of(answers: Answers | None, start: date) -> TaxAnswer | None:
    """What was answered of a period. One that nobody thought of before the transaction goes without an answer."""
    return None if answers is None else answers.get(start, UNANSWERED)
