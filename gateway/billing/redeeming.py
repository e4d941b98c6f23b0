"""Redeeming: what commands share that give an account a discount."""

from __future__ import annotations

from .books import Books
from .discount import Discount, Redemption
from .redeemed import Redeemed


def give(books: Books, terms: Discount, code: str | None = None) -> Books:
    """Give the account a discount from the running billing period on; it warns when nothing the account has is discounted."""
    redemption = Redemption(id=books.new_id("dsc"), terms=terms, redeemed_on=books.today, code=code, left=terms.periods)
    if not any(terms.covers(item.state.plan) for item in books.items if item.ends_on is None or item.ends_on > books.today):
        books = books.warn("NOTHING_DISCOUNTED", "Nothing on this account is discounted by it so far.")
    return books.about(redemption.id).add(Redeemed(revision=books.revision, at=books.now, redemption=redemption))
