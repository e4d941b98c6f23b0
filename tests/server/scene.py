"""What tests of the running gateway start from: a clock moved by hand, a store, and accounts that owe something."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from gateway.billing.commands import AddPackage, Command, OpenAccount
from gateway.server.services import Services
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from gateway.store.writing import Answer, Request
from tests.billing.given import CATALOG

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)

# A file that gives a plan of the tests' catalog a further offer, which begins in a far future.
COMING_CATALOG = """
currencies = ["TRY"]
[[package]]
code = "coming"
name = { en = "Coming", tr = "Coming (tr)" }
description = { en = "The plan coming.", tr = "coming" }
[[package.offer]]
from = 2999-01-01
included = 1
maximum = 1
price.month.TRY = { base = "10.00" }
price.year.TRY = { base = "100.00" }
"""


@dataclass
class Clock:
    """Shows what it is set to."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def set(self, when: str) -> datetime:
        """Set it to an instant in UTC."""
        self.at = datetime.fromisoformat(when).replace(tzinfo=UTC)
        return self.at


class Scene:
    """A store and its clock; `admin` is where the owner of a file takes errands."""

    def __init__(self, url: str, clock: Clock | None = None, admin: Path | None = None) -> None:
        self.clock = clock or Clock()
        drawn = itertools.count()
        database = open_database(url, admin=str(admin) if admin else None)
        self.store = Store(database, Feed(), lambda: sha256(b"%d" % next(drawn)).digest()[:16])
        self.services = Services(self.store, self.clock)
        self._keys = itertools.count()

    async def perform(self, command: Command, account_id: str | None) -> Answer:
        """Perform a command at the clock's instant, which must not be refused."""
        request = Request(command=command, account_id=account_id, actor="test", key=str(next(self._keys)))
        answer = await self.store.perform(request, self.clock())
        assert answer.refusal is None
        self.clock.at += timedelta(seconds=1)
        return answer

    async def publish(self) -> None:
        """Publish the tests' catalog."""
        await self.store.publish(tuple(CATALOG.plans.values()), CATALOG.convention, self.clock())

    async def account(self, currency: str = "TRY", zone: str = "Europe/Istanbul", plan: str = "basic") -> str:
        """An account with one monthly package from now on."""
        command = OpenAccount(name="Acme", currency=currency, time_zone=zone)
        account_id = (await self.perform(command, None)).account_id
        await self.perform(AddPackage(plan=plan), account_id)
        return account_id
