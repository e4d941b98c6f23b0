"""${message}"""

import sqlalchemy as sa
from alembic import op

from gateway.store.types import Day, Instant, Json, Whole

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# As before, when this only adds. Else the oldest version whose gateways may run on what this leaves: at most the one before.
oldest_reader =


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
