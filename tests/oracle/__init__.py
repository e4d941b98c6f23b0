"""The oracle: what a period costs, worked out the slow way.

It shares no code with the product. It reads the whole history from the first event on, looks at every single day, asks
which states the day saw, bills it, and counts. Nothing is remembered between calls but when a day begins.
Written from the design page `rules.md` alone, and where that is silent from the decisions in `docs/decisions`.
"""

from .almanac import Almanac, Wish
from .conventions import CONVENTIONS
from .days import day_of, first_instant, length, period_of
from .discounts import Discount, Off, Row, taken_off
from .lines import bill, charges, parts_of, tell, total
from .prices import OwnPrice, Price, Trial
from .settlement import Note, Settled, settled
from .spans import Event
from .taxes import Customer, Seller, Tax, tax_on
from .values import Charge, Part, Told

__all__ = [
    "CONVENTIONS",
    "Almanac",
    "Charge",
    "Customer",
    "Discount",
    "Event",
    "Note",
    "Off",
    "OwnPrice",
    "Part",
    "Price",
    "Row",
    "Seller",
    "Settled",
    "Tax",
    "Told",
    "Trial",
    "Wish",
    "bill",
    "charges",
    "day_of",
    "first_instant",
    "length",
    "parts_of",
    "period_of",
    "settled",
    "taken_off",
    "tax_on",
    "tell",
    "total",
]
