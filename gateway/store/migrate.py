"""Bringing the tables up to date.

Alembic takes a second to import, so it is only asked when the stored version is not the newest there is.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

_SCRIPTS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The newest version there is a script for: `0001` of `0001_first_tables.py`."""
    return max(path.name.split("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def version(connection: Connection) -> str | None:
    """The version the tables are at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version; RuntimeError when they are from a newer gateway."""
    present = version(connection)
    connection.commit()
    if present == newest():
        return
    if present is not None and present > newest():
        raise RuntimeError(f"The database is at version {present}, newer than this gateway's {newest()}; run the newer gateway.")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
