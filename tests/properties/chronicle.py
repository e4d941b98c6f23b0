"""What was commanded, as the oracle hears it: its events are made from the commands, not from the facts they added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.billing.catalog import Interval
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    CloseAccount,
    Command,
    ReactivatePackage,
    RemoveAddOn,
)
from gateway.billing.facts import Fact
from gateway.billing.item import Item, Status
from gateway.billing.timeline import Scheduled, Unscheduled
from tests import oracle


class Chronicle:
    """The oracle's events of one account; of scheduled ones the id is kept, so that they can be taken back."""

    def __init__(self) -> None:
        self.told: list[tuple[str | None, oracle.Event]] = []

    @property
    def events(self) -> list[oracle.Event]:
        return [event for _, event in self.told]

    def hear(self, command: Command, item: str, present: Item | None, at: datetime, added: tuple[Fact, ...], held: list[str]) -> None:
        """Note what a command meant for an item.

        Of what it added only the ids are read: which scheduled changes were taken back, and what a new one is called
        and when it acts.
        """
        gone = {fact.id for fact in added if isinstance(fact, Unscheduled)}
        self.told = [(scheduled, event) for scheduled, event in self.told if scheduled not in gone]
        new = next((fact for fact in added if isinstance(fact, Scheduled)), None)
        when: dict[str, Any] = {"at": None, "on": new.on} if new else {"at": at, "on": None}
        seq = max((event.seq for event in self.events), default=0) + 1
        if isinstance(command, CloseAccount):
            self.told += [(None, oracle.Event(each, seq, at, None, ends=True)) for each in held]
        elif (meant := _meant(command, present)) is not None:
            self.told.append((new.id if new else None, oracle.Event(item=item, seq=seq, **when, **meant)))


def _meant(command: Command, present: Item | None) -> dict[str, Any] | None:
    """The fields of the event that a command stands for; None when all it did was to undo a pending end or a change."""
    match command:
        case AddPackage():
            quantity = command.representatives
            assert quantity is not None
            return {"plan": command.plan, "quantity": quantity, "interval": command.interval.value}
        case ChangePackage():
            interval = command.interval.value if command.interval else None
            return {"plan": command.plan, "quantity": command.representatives, "interval": interval}
        case CancelPackage() | RemoveAddOn():
            return {"ends": True}
        case ReactivatePackage():
            return None if present is not None and present.status is Status.ENDING else {}
        case AddAddOn():
            if present is not None and present.status is Status.ENDING:
                return None
            chosen = command.interval or (Interval.MONTH if present is None else present.period)
            return {"plan": command.plan, "quantity": 1, "interval": chosen.value}
        case _:
            return None
