"""Differences between two catalogs, found section by section whatever a catalog is made of.

A catalog is laid out as a tree of names; where two trees have other leaves, there is a difference. A section that is
added to the catalog one day is compared without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from .catalog import Catalog, Price, Rate
from .discount import percent_text

Tree = dict[str, Any]
"""Names, each with a text or with a tree below it."""

_NAMING: Final = ("code", "country", "category", "from_on", "plan", "interval")
"""The fields that tell the members of a list apart: they stand in the place of a leaf, and are none themselves."""

_OF_NO_MATTER: Final = ("revision",)


@dataclass(frozen=True, slots=True)
class Difference:
    """One leaf that differs: its place, and what stands there before and after; None where nothing does."""

    where: tuple[str, ...]
    before: str | None
    after: str | None


def differences(before: Catalog, after: Catalog) -> tuple[Difference, ...]:
    """What differs, in the order of the catalog. An offer that is new is compared with the one it follows."""
    return tuple(_compared(_laid_out(before), _laid_out(after), ()))


def _compared(before: Tree, after: Tree, where: tuple[str, ...]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None and where[-1:] == ("offers",):
            old = after.get(max((day for day in after if day < name), default=""))
        place = (*where, name)
        if isinstance(old, dict) or isinstance(new, dict):
            yield from _compared(old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {}, place)
        elif old != new:
            yield Difference(place, old, new)


def _laid_out(value: object, left_out: Sequence[str] = _OF_NO_MATTER) -> Any:
    if isinstance(value, Rate):
        return f"{value.amount} {value.currency}"
    if isinstance(value, dict):
        return {str(key): _laid_out(each, _NAMING) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return {name: _laid_out(each, _NAMING) for name, each in zip(_names(value), value, strict=True)}
    if is_dataclass(value):
        return {field.name: _leaf(field.name, getattr(value, field.name)) for field in fields(value) if field.name not in left_out}
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value.value if isinstance(value, Enum) else value)


def _leaf(name: str, value: object) -> Any:
    """A field; those called percent are kept in millionths of a percent."""
    return f"{percent_text(value)} %" if name == "percent" and isinstance(value, int) else _laid_out(value)


def _names(members: Sequence[object]) -> list[str]:
    """What tells the members of a list apart; texts stand for themselves, and what has no name is counted."""
    names = [_name(each) for each in members]
    return names if all(names) and len(set(names)) == len(names) else [str(place) for place in range(1, len(members) + 1)]


def _name(member: object) -> str:
    if isinstance(member, str):
        return member
    if isinstance(member, Price):
        return f"{member.interval or 'ONCE'} {member.base.currency}"
    return " ".join(str(getattr(member, key)) for key in _NAMING if getattr(member, key, None) is not None)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a new catalog can touch: accounts with any of `plans`, or with any plan if that is None, from the day `since` on."""

    plans: frozenset[str] | None
    since: date


def reach(before: Catalog, after: Catalog) -> Reach:
    """Whose bills can differ. Names matter to no bill, and discounts that were redeemed have their terms copied."""
    days: list[date] = []
    plans: set[str] = set()
    for code, new in after.plans.items():
        old = before.plans[code].offers if code in before.plans else ()
        if altered := [each.from_on for each in new.offers if each not in old]:
            plans.add(code)
            days.extend(altered)
    elsewhere = any(
        getattr(before, field.name) != getattr(after, field.name)
        for field in fields(Catalog)
        if field.name not in ("plans", "discounts", *_OF_NO_MATTER)
    )
    return Reach(None, date.min) if elsewhere else Reach(frozenset(plans), min(days, default=date.max))
