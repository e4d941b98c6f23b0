"""A column on a table that has rows, and a table."""

import sqlalchemy as sa
from alembic import op

from gateway.store.migrate import VERSIONS
from gateway.store.types import Whole

revision = "9001"
# Whatever is the newest of this release.
down_revision = max(path.name.split("_")[0] for path in VERSIONS[0].glob("[0-9]*.py"))
oldest_reader = "0001"


def upgrade() -> None:
    op.add_column("account", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("invoice", sa.Column("copies", Whole, server_default=sa.text("1"), nullable=False))
    op.create_table(
        "remark",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_remark_account"),
        sa.PrimaryKeyConstraint("account_id", name="pk_remark"),
        sqlite_strict=True,
    )
