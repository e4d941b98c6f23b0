"""The outbox: what other processes are to be told."""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Instant, Json, Whole

revision = "0002"
down_revision = "0001"
oldest_reader = "0001"


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Whole, nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("payload", Json(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
