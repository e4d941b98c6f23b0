"""Discounts of the catalog, and how often each was redeemed."""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Json, Whole

revision = "0004"
down_revision = "0003"
oldest_reader = "0001"


def upgrade() -> None:
    op.create_table(
        "discount",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.Column("capacity", Whole, nullable=True),
        sa.Column("redeemed", Whole, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_discount")),
        sqlite_strict=True,
    )
