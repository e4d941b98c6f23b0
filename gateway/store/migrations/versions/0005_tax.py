"""The tax table beside the catalog it was published with."""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Json

revision = "0005"
down_revision = "0004"
oldest_reader = "0001"


def upgrade() -> None:
    op.add_column("reference", sa.Column("tax", Json(), nullable=True))
