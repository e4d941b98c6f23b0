"""Changes of tables that others go on using."""

from collections.abc import Sequence

from alembic import op

from gateway.store.migrate import LOCK_SECONDS


def add_index(name: str, table: str, columns: Sequence[str]) -> None:
    """Add an index to a table that has rows; nothing else may be in the same migration.

    PostgreSQL builds it while others write, outside any transaction. What an interrupted run left is not valid, and goes first.
    """
    context = op.get_context()
    if context.dialect.name != "postgresql":
        op.create_index(name, table, list(columns))
        return
    with context.autocommit_block():
        # It waits for whoever had begun before, and holds up nobody meanwhile.
        op.execute("SET lock_timeout = 0")
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, list(columns), postgresql_concurrently=True)
        op.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
