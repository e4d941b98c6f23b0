"""The first tables: accounts, journal, checkpoints, outcomes, invoices, catalog."""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Day, Instant, Json, Whole

revision = "0001"
down_revision = None
oldest_reader = "0001"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("revision", Whole, nullable=False),
        sa.Column("checkpoint", Whole, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("anchor", Whole, nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("cut_off_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_cut_off_at_account_id"), "account", ["cut_off_at", "account_id"])

    op.create_table(
        "number",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", Whole, autoincrement=False, nullable=False),
        sa.Column("last", Whole, nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "series", "year", name=op.f("pk_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "outcome",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("answer", Json(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_outcome")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_outcome_at"), "outcome", ["at"])

    op.create_table(
        "plan",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("names", Json(), nullable=False),
        sa.Column("descriptions", Json(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plan")),
        sqlite_strict=True,
    )
    op.create_table(
        "reference",
        sa.Column("id", Whole, autoincrement=False, nullable=False),
        sa.Column("revision", Whole, nullable=False),
        sa.Column("convention", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkpoint",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("revision", Whole, autoincrement=False, nullable=False),
        sa.Column("state", Json(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_checkpoint_account")),
        sa.PrimaryKeyConstraint("account_id", "revision", name=op.f("pk_checkpoint")),
        sqlite_strict=True,
    )
    op.create_table(
        "invoice",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("period_start", Day(), nullable=False),
        sa.Column("period_end", Day(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", Whole, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=True),
        sa.Column("issued_on", Day(), nullable=True),
        sa.Column("due_on", Day(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_invoice_account")),
        sa.PrimaryKeyConstraint("account_id", "invoice_id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("account_id", "period_start", name=op.f("uq_invoice_account_id_period_start")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_invoice_invoice_id")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "journal",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("revision", Whole, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("input", Json(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_journal_account")),
        sa.PrimaryKeyConstraint("account_id", "revision", name=op.f("pk_journal")),
        sqlite_strict=True,
    )
    op.create_table(
        "offer",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["plan.code"], name=op.f("fk_offer_plan")),
        sa.PrimaryKeyConstraint("code", "from_on", name=op.f("pk_offer")),
        sqlite_strict=True,
    )
    op.create_table(
        "profile",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_profile_account")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_profile")),
        sqlite_strict=True,
    )
