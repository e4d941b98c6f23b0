"""Everything with a lifetime that answering needs, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gateway.jobs.hints import Hints
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.numbers import Issuer
from gateway.store.store import Store
from gateway.store.tax_asking import TaxEngine

from .clock import system_now
from .quotes import Quotes
from .settings import Settings
from .tax_engine import HttpTaxEngine
from .tax_ids import tax_id_form


@dataclass(frozen=True)
class Services:
    """What resolvers use: the store, the clock, what signs quotes; and how other processes hear of changes, None where there are none."""

    store: Store
    now: Callable[[], datetime]
    hints: Hints | None = None
    quotes: Quotes = field(default_factory=Quotes)


def random_seed() -> bytes:
    """16 random bytes, from which the ids of what a command adds are drawn."""
    return os.urandom(16)


def issuer_of(settings: Settings) -> Issuer:
    """Who issues invoices, by the settings."""
    return Issuer(zone=settings.issuer_zone, days_to_pay=settings.days_to_pay)


def hints_of(settings: Settings) -> Hints | None:
    """How hints go between processes, by the settings; None on SQLite, whose file only one process owns."""
    if settings.database_path is not None:
        return None
    if settings.hints is not None:
        from gateway.jobs.redis_hints import RedisHints

        return RedisHints(settings.hints)
    from gateway.store.listen import PostgresHints

    return PostgresHints(settings.database_url)


def tax_engine_of(settings: Settings) -> TaxEngine | None:
    """Who is asked for tax rates before a period is cut, by the settings; None where the table alone decides."""
    return None if settings.tax_source is None else HttpTaxEngine(settings.tax_source, settings.tax_seconds)


def open_services(settings: Settings, *, admin: Path | None = None, now: Callable[[], datetime] = system_now) -> Services:
    """Open the database and bring its tables up to date; `admin` is the socket under which other processes find this one.

    :raises DatabaseBusy: another process owns the file.
    """
    database = open_database(settings.database_url, admin=str(admin) if admin else None)
    hints = hints_of(settings)
    store = Store(
        database,
        Feed(),
        random_seed,
        issuer_of(settings),
        announces=hints is not None,
        tax_ids=tax_id_form,
        tax_engine=tax_engine_of(settings),
    )
    return Services(store, now, hints)
