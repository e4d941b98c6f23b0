"""The tax table beside the catalog it was published with."""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Json

revision = "0007"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("reference", sa.Column("tax", Json(), nullable=True))
