"""${message}"""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Day, Instant, Json, Whole

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
