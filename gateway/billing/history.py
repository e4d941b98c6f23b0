"""History: what an entry of the journal did to the packages and add-ons an account holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .books import Books
from .catalog import Kind
from .codec import Json
from .facts import Fact
from .item import Item
from .term import Opening
from .timeline import Change, Scheduled, Unscheduled


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry in its place: where the period opened that was the oldest uncut one, the facts since, and the facts it added."""

    at: datetime
    opening: Opening
    before: tuple[Fact, ...]
    added: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A package or an add-on just before an entry and just after it; None where it was not there, or will never begin."""

    item: str
    kind: Kind
    before: Item | None
    after: Item | None


def changes(books: Books, moment: Moment) -> tuple[ItemChange, ...]:
    """The items an entry touched, in the order it did. `books` are the account's as they are now; only their terms are used."""
    touched = tuple(dict.fromkeys(_touched(moment)))
    if not touched:
        return ()
    before = replace(books, now=moment.at, opening=moment.opening, facts=moment.before)
    after = replace(before, facts=(*moment.before, *moment.added))
    were, are = ({item.id: item for item in each.items} for each in (before, after))
    found = ((item, were.get(item), are.get(item)) for item in touched)
    return tuple(ItemChange(item, known.plan.kind, was, now) for item, was, now in found if (known := now or was) is not None)


def _touched(moment: Moment) -> Iterator[str]:
    scheduled = {fact.id: fact.item for fact in (*moment.before, *moment.added) if isinstance(fact, Scheduled)}
    for fact in moment.added:
        if isinstance(fact, Change | Scheduled):
            yield fact.item
        elif isinstance(fact, Unscheduled) and fact.id in scheduled:
            yield scheduled[fact.id]


def said(packed: Json, name: str = "") -> Iterator[tuple[str, str]]:
    """What was asked, as pairs of a name and a value: inner names follow a dot, of a list each member is a pair of its own."""
    if isinstance(packed, dict):
        for key, value in packed.items():
            yield from said(value, f"{name}.{key}" if name else key)
    elif isinstance(packed, list):
        for value in packed:
            yield from said(value, name)
    elif isinstance(packed, bool):
        yield name, "true" if packed else "false"
    elif packed is not None:
        yield name, str(packed)
