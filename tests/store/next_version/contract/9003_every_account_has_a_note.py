"""What the release before fills becomes a must, and gateways older than that release may not run any more."""

from alembic import op

revision = "9003"
down_revision = "9002"
oldest_reader = "9002"


def upgrade() -> None:
    op.execute("UPDATE account SET note = 'filled in' WHERE note IS NULL")
    # SQLite would have to make the table anew, beneath the tables that refer to it; there, one process at a time sees to it.
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("account", "note", nullable=False)
