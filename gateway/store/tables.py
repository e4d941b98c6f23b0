"""Every table. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, MetaData, Table, Text, UniqueConstraint

from .types import Day, Instant, Json, Whole

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account_id"], ["account.account_id"])


account = _table(
    "account",
    Column("account_id", Text, primary_key=True),
    Column("revision", Whole, nullable=False),
    Column("checkpoint", Whole, nullable=False),
    Column("digest", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("anchor", Whole, nullable=False),
    Column("locale", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("last_at", Instant, nullable=False),
    Column("cut_off_at", Instant),
    Index(None, "cut_off_at", "account_id"),
)

profile = _table(
    "profile",
    Column("account_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("data", Json, nullable=False),
    _of_account(),
)

journal = _table(
    "journal",
    Column("account_id", Text, primary_key=True),
    Column("revision", Whole, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("input", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    _of_account(),
)

checkpoint = _table(
    "checkpoint",
    Column("account_id", Text, primary_key=True),
    Column("revision", Whole, primary_key=True, autoincrement=False),
    Column("state", Json, nullable=False),
    _of_account(),
)

# An account's keys, and under a caller's name those of commands that open accounts. Only hashes of keys are kept.
outcome = _table(
    "outcome",
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("answer", Json),
    Index(None, "at"),
)

invoice = _table(
    "invoice",
    Column("account_id", Text, primary_key=True),
    Column("invoice_id", Text, primary_key=True, unique=True),
    Column("number", Text, unique=True),
    Column("period_start", Day, nullable=False),
    Column("period_end", Day, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total", Whole, nullable=False),
    Column("status", Text, nullable=False),
    Column("issued_at", Instant),
    Column("issued_on", Day),
    Column("due_on", Day),
    Column("digest", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    UniqueConstraint("account_id", "period_start"),
    _of_account(),
)

# The ledger, written with the journal entry it follows from. The amounts of an entry sum to zero; PostgreSQL sees to that itself.
posting = _table(
    "posting",
    Column("account_id", Text, primary_key=True),
    Column("revision", Whole, primary_key=True, autoincrement=False),
    Column("position", Whole, primary_key=True, autoincrement=False),
    Column("book", Text, nullable=False),
    Column("amount", Whole, nullable=False),
    Column("currency", Text, nullable=False),
    Column("at", Instant, nullable=False),
    _of_account(),
)

# One row per run of numbers; locked last, so that numbers have no gaps and ascend in time of issue.
number = _table(
    "number",
    Column("issuer", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    Column("year", Whole, primary_key=True, autoincrement=False),
    Column("last", Whole, nullable=False),
    Column("issued_at", Instant, nullable=False),
)

# What others are to be told, written with what it tells of; a row goes once it was told. No account: it concerns everybody.
outbox = _table(
    "outbox",
    Column("id", Whole, primary_key=True),
    Column("account_id", Text),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("payload", Json),
    sqlite_autoincrement=True,
)

plan = _table(
    "plan",
    Column("code", Text, primary_key=True),
    Column("position", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("names", Json, nullable=False),
    Column("descriptions", Json, nullable=False),
)

offer = _table(
    "offer",
    Column("code", Text, primary_key=True),
    Column("from_on", Day, primary_key=True),
    Column("document", Json, nullable=False),
    ForeignKeyConstraint(["code"], ["plan.code"]),
)

# `redeemed` counts up to the capacity, if there is one; never beyond.
discount = _table(
    "discount",
    Column("code", Text, primary_key=True),
    Column("document", Json, nullable=False),
    Column("capacity", Whole),
    Column("redeemed", Whole, nullable=False),
)

# One row: what every answer depends on beside its account.
reference = _table(
    "reference",
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("revision", Whole, nullable=False),
    Column("convention", Text, nullable=False),
    Column("tax", Json),
)
