"""How Alembic reaches the connection it is given."""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

from gateway.store.migrate import state
from gateway.store.tables import metadata


def note(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    """State the oldest reader in the transaction of the migration it is of."""
    assert ctx.connection is not None and step.up_revision_id is not None
    script = context.script.get_revision(step.up_revision_id)
    assert script is not None
    state(ctx.connection, script.revision, script.module.oldest_reader)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    # A long run of them holds no lock for longer than one migration takes, and goes on where it was interrupted.
    transaction_per_migration=True,
    on_version_apply=note,
)
with context.begin_transaction():
    context.run_migrations()
