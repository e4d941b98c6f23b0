"""From the lines of one period after the other to what is due: discounts, tax, account credit (rules 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from .almanac import Month
from .days import ONE_DAY
from .discounts import Discount, Off, Row, still_there, taken_off
from .taxes import Customer, Seller, Tax, tax_on


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened to the account itself; one of them is given."""

    at: datetime
    redeemed: Discount | None = None
    ended: str | None = None  # a discount's id
    customer: Customer | None = None
    exempt: bool | None = None
    credit: int | None = None  # minor units given


@dataclass(frozen=True, slots=True)
class Settled:
    """A bill: subtotal − discounts + taxes − credit = due. Credit below zero was gained."""

    subtotal: int
    discounts: tuple[Off, ...]
    taxes: tuple[Tax, ...]
    status: str
    credit: int

    @property
    def due(self) -> int:
        """What is to be paid."""
        off, tax = sum(each.amount for each in self.discounts), sum(each.amount for each in self.taxes)
        return self.subtotal - off + tax - self.credit


def settled(
    bills: Sequence[tuple[Month, Sequence[Row]]],
    notes: Sequence[Note],
    seller: Seller | None = None,
    category: Callable[[str, date], str] = lambda plan, on: "standard",
) -> list[Settled]:
    """What is due for each of the first periods of an account, one after the other.

    `category` says by which a plan is taxed on a day.
    """
    discounts: list[Discount] = []
    customer: Customer | None = None
    balance = 0
    found = []
    for month, rows in bills:
        for note in (each for each in notes if month.begins[0] <= each.at < month.begins[-1]):
            if note.redeemed is not None:
                discounts.append(note.redeemed)
            discounts = [each for each in discounts if each.id != note.ended]
            customer = note.customer or customer
            if customer is not None and note.exempt is not None:
                customer = replace(customer, exempt=note.exempt)
            balance += note.credit or 0
        on = month.run[1] - ONE_DAY
        categories = [category(row.plan, on) for row in rows]
        off = taken_off(rows, discounts, categories)
        used = {each.id for each in off}
        discounts = [left for each in discounts if (left := still_there(each, each.id in used)) is not None]
        lost = [sum(each.shares[place] for each in off) for place in range(len(rows))]
        nets = [(taxed, row.amount - less) for taxed, row, less in zip(categories, rows, lost, strict=True)]
        status, taxes = tax_on(nets, customer, seller, on)
        gross = sum(net for _, net in nets) + sum(tax.amount for tax in taxes)
        credit = gross if gross < 0 else min(gross, balance)
        balance -= credit
        found.append(Settled(sum(row.amount for row in rows), tuple(off), tuple(taxes), status, credit))
    return found
