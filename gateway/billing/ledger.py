"""The ledger: what each fact moves from one book to another, by double entry (rules §10, 5).

A posting above zero is a debit, one below zero a credit. The postings of a fact sum to zero, so no money appears or is
lost: what a bill claims as revenue and tax is what is owed, discounted, or paid by credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .credit import Credited
from .facts import Cut, Fact


class Book(StrEnum):
    """The chart of accounts; beside each book what its balance says."""

    RECEIVABLE = "RECEIVABLE"
    """Asset: what customers were billed and is due."""
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT"
    """Liability: what customers have with the vendor; below zero as long as they have any."""
    REVENUE = "REVENUE"
    """Income: the lines of all bills, before discounts; below zero."""
    DISCOUNT = "DISCOUNT"
    """Lessens income: what discounts took off."""
    TAX_PAYABLE = "TAX_PAYABLE"
    """Liability: tax that was billed and is owed to the state; below zero."""
    GOODWILL = "GOODWILL"
    """Expense: credit that was given without payment, less what was taken back."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount in one book, in minor units of the account's currency."""

    book: Book
    amount: int


def postings(fact: Fact) -> tuple[Posting, ...]:
    """What a fact moves, in the order of the bill; nothing for one that moves no money. They sum to zero."""
    moved: tuple[Posting, ...] = ()
    match fact:
        case Cut():
            moved = (
                Posting(Book.RECEIVABLE, fact.total),
                Posting(Book.CUSTOMER_CREDIT, fact.credit),
                Posting(Book.DISCOUNT, fact.discount),
                Posting(Book.REVENUE, -fact.subtotal),
                Posting(Book.TAX_PAYABLE, -fact.tax),
            )
        case Credited():
            moved = Posting(Book.GOODWILL, fact.amount), Posting(Book.CUSTOMER_CREDIT, -fact.amount)
    return tuple(posting for posting in moved if posting.amount)


def posted(facts: Iterable[Fact]) -> tuple[tuple[Fact, Posting], ...]:
    """All postings of an entry, each with its fact; ValueError when those of a fact do not sum to zero."""
    found: list[tuple[Fact, Posting]] = []
    for fact in facts:
        moved = postings(fact)
        if sum(posting.amount for posting in moved):
            raise ValueError(f"the postings of {type(fact).__name__} at revision {fact.revision} do not sum to zero: {moved}")
        found += [(fact, posting) for posting in moved]
    return tuple(found)
