"""The timeline: an account's changes in order of (instant, sequence), and what they make of each item.

A `Change` acts at an instant and names the whole state. A `Scheduled` change acts by local date and names only
what it alters, so that it can be run again on whatever stands by then. Both are facts of the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple, Protocol

from .catalog import Interval


@dataclass(frozen=True, slots=True)
class State:
    """What an item is on: a plan, a quantity of representatives (1 for add-ons), and the interval it is priced by."""

    plan: str
    quantity: int
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From an instant on, an item is in a state, or has ended (None)."""

    revision: int
    item: str
    at: datetime
    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """From a local date on, an item changes as said here, or ends; what is None stays as it is by then.

    `retires` names a plan that is no longer kept: such a change acts on an item that is still on it by then, and on no other.
    """

    revision: int
    id: str
    item: str
    on: date
    ends: bool = False
    plan: str | None = None
    quantity: int | None = None
    interval: Interval | None = None
    retires: str | None = None

    def concerns(self, state: State | None) -> bool:
        """Whether it acts on an item in this state (None: ended, or not begun)."""
        return self.retires is None or (state is not None and state.plan == self.retires)

    def apply(self, last: State | None) -> State | None:
        """The state this makes of the one the item is in, or ended in."""
        if self.ends:
            return None
        if last is not None:
            return State(self.plan or last.plan, self.quantity or last.quantity, self.interval or last.interval)
        if self.plan is None or self.quantity is None or self.interval is None:
            raise ValueError(f"{self.id} has no state to start from")
        return State(self.plan, self.quantity, self.interval)


class Fate(StrEnum):
    """Why a scheduled change will not act."""

    UNDONE = "UNDONE"
    DROPPED = "DROPPED"
    REPLACED = "REPLACED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscheduled:
    """A scheduled change that will not act after all."""

    revision: int
    id: str
    fate: Fate


Move = Change | Scheduled | Unscheduled


class Step(NamedTuple):
    """One resolved move of one item: the state it enters (None: it ends), and the journal entry behind it."""

    at: datetime
    revision: int
    state: State | None


def pending(moves: Iterable[Move]) -> tuple[Change | Scheduled, ...]:
    """The moves that act: all but scheduled ones that were taken back."""
    moves = tuple(moves)
    gone = {move.id for move in moves if isinstance(move, Unscheduled)}
    return tuple(m for m in moves if not isinstance(m, Unscheduled) and (isinstance(m, Change) or m.id not in gone))


class Days(Protocol):
    """Whatever knows when the account's days begin."""

    def instant(self, day: date) -> datetime:
        """The instant the local day begins."""
        ...


def timeline(
    moves: Iterable[Move], last: Mapping[str, State | None], calendar: Days, ended: Collection[str] = ()
) -> dict[str, list[Step]]:
    """The steps of each item in order, scheduled changes resolved against the state they meet.

    `last` is the state each item is in, or `ended` in, before the first of the moves.
    """
    dated = [(m.at if isinstance(m, Change) else calendar.instant(m.on), m.revision, m) for m in pending(moves)]
    dated.sort(key=itemgetter(0, 1))
    states, gone, steps = dict(last), set(ended), dict[str, list[Step]]()
    for at, revision, move in dated:
        if isinstance(move, Scheduled) and not move.concerns(None if move.item in gone else states.get(move.item)):
            continue
        state = move.state if isinstance(move, Change) else move.apply(states.get(move.item))
        if state is None:
            gone.add(move.item)
        else:
            gone.discard(move.item)
            states[move.item] = state
        steps.setdefault(move.item, []).append(Step(at, revision, state))
    return steps
