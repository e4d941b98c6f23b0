"""Items: the packages and add-ons an account holds, as one sees them at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .catalog import Interval, Plan, Price
from .term import Held
from .timeline import Scheduled, State


class Status(StrEnum):
    """Where an item stands."""

    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    ENDING = "ENDING"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Item:
    """One package or add-on: the plan it is on (or was, or will be), and what is scheduled for it.

    `representatives_in_use` are those the product counted last, None before it counted any. `committed_until` is the day a
    minimum commitment is over, `trial_ends_on` the first day that is billed; None when there is nothing of the kind.
    """

    id: str
    plan: Plan
    held: Held
    scheduled: tuple[Scheduled, ...]
    today: date
    currency: str
    representatives_in_use: int | None = None
    committed_until: date | None = None
    trial_ends_on: date | None = None
    account: str = ""

    @property
    def state(self) -> State:
        """The state it is in, ended in, or will begin in."""
        last = self.held.last or self.scheduled[0].apply(None)
        assert last is not None
        return last

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.held.state is not None:
            return Status.ENDING if any(change.ends for change in self.scheduled) else Status.ACTIVE
        return Status.ENDED if self.held.last is not None else Status.SCHEDULED

    @property
    def period(self) -> Interval:
        """The interval it is priced by."""
        return self.state.interval

    @property
    def representatives(self) -> int:
        """Its seats."""
        return self.state.quantity

    @property
    def price(self) -> Price | None:
        """The price it is billed at in its present term; None while it is not active."""
        return self.held.price

    @property
    def chatbot_limit(self) -> int:
        """Chatbot sessions included per billing period."""
        offer = self.plan.offer(self.today)
        return offer.chatbot_limit if offer else 0

    @property
    def started_on(self) -> date | None:
        """The day it was first active; scheduled ones have the day they begin."""
        return self.held.started_on or (self.scheduled[0].on if self.scheduled else None)

    @property
    def ends_on(self) -> date | None:
        """The day it ended, or is scheduled to end."""
        if self.held.state is None:
            return self.held.ended_on
        return next((change.on for change in self.scheduled if change.ends), None)

    @property
    def renews_on(self) -> date | None:
        """The end of the term its price pays for, when it goes on beyond it."""
        term, ends = self.held.term, self.ends_on
        if self.held.state is None or term is None or (ends is not None and ends <= term.end):
            return None
        return term.end
