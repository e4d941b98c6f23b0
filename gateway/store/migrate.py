"""Bringing the tables up to date, and whether a gateway may run on them as they are.

Each migration states its `oldest_reader`: the oldest version whose gateways may run on the tables it leaves. That is
written beside the version, so that a gateway which has never heard of a migration knows whether it may go on.

Alembic takes a second to import, so it is only asked when the tables are older than the newest there are scripts for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

_SCRIPTS: Final = Path(__file__).parent / "migrations"

VERSIONS: Final = [_SCRIPTS / "versions"]
"""The folders migrations are read from; a build that brings its own appends one before anything is opened."""

LOCK_SECONDS: Final = 1
"""How long a migration may queue for a lock on PostgreSQL. Everybody who comes later queues behind it: less than a request waits."""


class TablesUnfit(RuntimeError):
    """This gateway may not run on the tables as they are; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is written of the tables: their version, and the oldest version whose gateways may run on them (None: it is not stated)."""

    version: str | None
    oldest_reader: str | None

    @property
    def is_behind(self) -> bool:
        """Whether there is a migration still to run, or there are no tables yet."""
        return self.version is None or self.version < newest()

    def expect_fit(self) -> None:
        """Raises TablesUnfit when this gateway may not run on these tables."""
        if self.version is None or self.version == newest():
            return
        if self.version < newest():
            raise TablesUnfit(
                f"The tables are at version {self.version}, older than this gateway's {newest()}. Run `billing-gateway migrate` "
                "of this version; gateways that are running may go on meanwhile."
            )
        if self.oldest_reader is None or self.oldest_reader > newest():
            raise TablesUnfit(
                f"The tables are at version {self.version}, newer than this gateway's {newest()}, and gateways of "
                f"{self.oldest_reader or self.version} or later may run on them; run a newer gateway."
            )


def newest() -> str:
    """The newest version there is a script for: `0001` of `0001_first_tables.py`."""
    return max(path.name.split("_")[0] for folder in VERSIONS for path in folder.glob("[0-9]*.py"))


def version(connection: Connection) -> str | None:
    """The version the tables are at; None for an empty database."""
    return standing(connection).version


def standing(connection: Connection) -> Standing:
    """What is written of the tables. What was stated of another version than they are at counts for nothing."""
    if not inspect(connection).has_table("alembic_version"):
        return Standing(None, None)
    # All columns: those of the statement come with the first migration that makes one.
    found = connection.execute(text("SELECT * FROM alembic_version")).mappings().first()
    if found is None:
        return Standing(None, None)
    stated = found["oldest_reader"] if found.get("stated_of") == found["version_num"] else None
    return Standing(found["version_num"], stated)


def state(connection: Connection, version: str, oldest_reader: str) -> None:
    """Write down which is the oldest version whose gateways may run on the tables of a version, in the transaction that made them so."""
    present = {column["name"] for column in inspect(connection).get_columns("alembic_version")}
    for name in {"stated_of", "oldest_reader"} - present:
        connection.execute(text(f"ALTER TABLE alembic_version ADD COLUMN {name} VARCHAR(32)"))
    statement = "UPDATE alembic_version SET stated_of = :version, oldest_reader = :oldest WHERE version_num = :version"
    connection.execute(text(statement), {"version": version, "oldest": oldest_reader})


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version, a transaction for each migration; TablesUnfit when they are from too new a gateway."""
    present = standing(connection)
    connection.commit()
    if not present.is_behind:
        present.expect_fit()
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, VERSIONS)))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
