"""The town: accounts as clients last saw them, and what somebody may believably want next."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_ZONES = ("Europe/Istanbul", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
_CURRENCIES = ("TRY", "EUR", "USD")
_PLANS = {"starter": (1, 3), "team": (3, 10), "business": (10, 50)}
_ADD_ONS = ("ai_assistant", "mail_integration", "ticket_system", "telegram_integration", "task_management")
_MOST_PACKAGES = 5
_IN_USE = ("ACTIVE", "ENDING")


@dataclass(frozen=True, slots=True)
class Wish:
    """A command: its name in the schema, and its input without the key."""

    verb: str
    fields: Json


@dataclass
class Resident:
    """An account, as the newest answer about it showed it."""

    id: str
    revision: int = 0
    packages: list[Json] = field(default_factory=list)
    add_ons: list[Json] = field(default_factory=list)
    closed: bool = False

    def seen(self, account: Json) -> None:
        """Remember a newer state."""
        if account["revision"] < self.revision:
            return
        self.revision, self.closed = account["revision"], account["closedAt"] is not None
        self.packages, self.add_ons = account["packages"], account["addOns"]


class Town:
    """All accounts."""

    def __init__(self) -> None:
        self.residents: dict[str, Resident] = {}

    def seen(self, account: Json) -> None:
        """Remember a state; of an account never seen before, that there is such a one."""
        self.residents.setdefault(account["id"], Resident(account["id"])).seen(account)

    @property
    def open(self) -> list[Resident]:
        """Accounts that take commands."""
        return [each for each in self.residents.values() if not each.closed]


def newcomer(rng: random.Random) -> Wish:
    """Opening an account."""
    fields = {
        "name": f"Company {rng.randrange(10**6)}",
        "currency": rng.choice(_CURRENCIES),
        "timeZone": rng.choice(_ZONES),
        "anchorDay": rng.choice((1, 1, 1, 5, 15, 28, 31)),
    }
    return Wish("openAccount", fields)


def wish(resident: Resident, rng: random.Random, may_close: bool) -> Wish:
    """What the owner may want next; now and then it is something that will be refused."""
    if may_close and rng.random() < 0.002:
        return Wish("closeAccount", {})
    used = [each for each in resident.packages if each["status"] in _IN_USE]
    ended = [each for each in resident.packages if each["status"] == "ENDED"]
    scheduled = [change["id"] for each in resident.packages for change in each["scheduled"]]
    choices: list[tuple[int, Wish]] = [(2, _add_on(resident, rng))]
    if len(resident.packages) < _MOST_PACKAGES:
        choices.append((8 if not used else 1, _package(rng)))
    if used:
        one = rng.choice(used)
        choices.append((8, _change(one, rng)))
        choices.append((2, Wish("cancelPackage", {"packageId": one["id"], **_when(rng)})))
    if ended:
        choices.append((3, Wish("reactivatePackage", {"packageId": rng.choice(ended)["id"]})))
    if scheduled:
        choices.append((2, Wish("undoScheduledChange", {"scheduledId": rng.choice(scheduled)})))
    return rng.choices([each for _, each in choices], [weight for weight, _ in choices])[0]


def _package(rng: random.Random) -> Wish:
    return Wish("addPackage", {"plan": rng.choice(list(_PLANS)), "interval": rng.choice(("MONTH", "MONTH", "YEAR"))})


def _change(package: Json, rng: random.Random) -> Wish:
    plan = rng.choice(list(_PLANS)) if rng.random() < 0.4 else package["plan"]["code"]
    least, most = _PLANS.get(plan, (1, 3))
    fields = {"packageId": package["id"], "plan": plan, "representatives": rng.randint(least, most + rng.choice((0, 0, 0, 1)))}
    return Wish("changePackage", {**fields, **_when(rng), "replaceScheduled": rng.random() < 0.5})


def _add_on(resident: Resident, rng: random.Random) -> Wish:
    used = [each["plan"]["code"] for each in resident.add_ons if each["status"] == "ACTIVE"]
    if used and rng.random() < 0.5:
        return Wish("removeAddOn", {"plan": rng.choice(used), **_when(rng)})
    return Wish("addAddOn", {"plan": rng.choice(_ADD_ONS)})


def _when(rng: random.Random) -> Json:
    return rng.choice(({}, {"effective": {"when": "NOW"}}, {"effective": {"when": "AT_RENEWAL"}}))
