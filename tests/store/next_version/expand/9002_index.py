"""An index on a table that has rows."""

from gateway.store.migrations.online import add_index

revision = "9002"
down_revision = "9001"
oldest_reader = "0001"


def upgrade() -> None:
    add_index("ix_journal_verb", "journal", ["verb"])
