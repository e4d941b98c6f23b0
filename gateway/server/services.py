"""Everything with a lifetime that answering needs, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.numbers import Issuer
from gateway.store.store import Store

from .clock import system_now
from .settings import Settings


@dataclass(frozen=True)
class Services:
    """What resolvers use: the store, and the clock."""

    store: Store
    now: Callable[[], datetime]


def random_seed() -> bytes:
    """16 random bytes, from which the ids of what a command adds are drawn."""
    return os.urandom(16)


def issuer_of(settings: Settings) -> Issuer:
    """Who issues invoices, by the settings."""
    return Issuer(zone=settings.issuer_zone, days_to_pay=settings.days_to_pay)


def open_services(settings: Settings, *, admin: Path | None = None, now: Callable[[], datetime] = system_now) -> Services:
    """Open the database and bring its tables up to date; `admin` is the socket under which other processes find this one.

    :raises DatabaseBusy: another process owns the file.
    """
    database = open_database(settings.database_url, admin=str(admin) if admin else None)
    return Services(Store(database, Feed(), random_seed, issuer_of(settings)), now)
