"""What a migration does to tables that others go on using, by the statements it would send to PostgreSQL."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

import gateway.store.migrations

SCRIPTS = Path(gateway.store.migrations.__file__).parent
EXPAND, CONTRACT = (Path(__file__).parent / each for each in ("expand", "contract"))

_NAME = r'"?(\w+)"?'
# A constant as default costs nothing; a function might be computed for every row there is.
_ADDED_COLUMN = re.compile(
    rf"ADD COLUMN {_NAME} [A-Z ]+?(\(\d+\))?(?P<default> DEFAULT ('[^']*'|-?\d+|true|false))?(?P<must> NOT NULL)?", re.I
)
_NO_COLUMN_TYPE = re.compile(r"SERIAL|REFERENCES|UNIQUE|PRIMARY|CHECK|GENERATED", re.I)
_HARMLESS = re.compile(r"BEGIN|COMMIT|SET lock_timeout = \S+|COMMENT ON .*|CREATE FUNCTION .*", re.I)


def scripts(*folders: Path) -> list[Script]:
    """The migrations in these folders, first to last."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, folders)))
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


def statements(script: Script) -> list[str]:
    """What a migration would send to PostgreSQL."""
    buffer = StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer})
    with Operations.context(context):
        script.module.upgrade()
    # The body of a function, between its $$, has semicolons of its own.
    found = re.findall(r"(?:\$\$.*?\$\$|[^$;]|;(?!\s*\n))+", buffer.getvalue(), re.DOTALL)
    return [" ".join(each.split()) for each in found if each.strip()]


def hindrances(sent: list[str]) -> list[str]:
    """Why gateways of the release before could not go on through and after these statements; none when they can."""
    return list(_hindrances(sent))


def _hindrances(sent: list[str]) -> Iterator[str]:
    made, built = set(), set()
    for each in sent:
        if found := re.match(rf"CREATE TABLE {_NAME}", each, re.I):
            made.add(found[1])
        elif found := re.fullmatch(rf"CREATE (UNIQUE )?INDEX (CONCURRENTLY )?{_NAME} ON {_NAME} .*", each, re.I):
            if found[4] in made:
                continue
            if found[1]:
                yield f"refuses rows that were allowed: {each}"
            if not found[2]:
                yield f"locks out whoever writes while it is built: {each}"
            built.add(found[3])
        elif found := re.fullmatch(rf"ALTER TABLE {_NAME} (.*)", each, re.I):
            if found[1] not in made:
                yield from _column_hindrances(each, found[2])
        elif found := re.match(rf"CREATE CONSTRAINT TRIGGER {_NAME} .*? ON {_NAME} ", each, re.I):
            if found[2] not in made:
                yield f"may refuse what was allowed: {each}"
        elif not _HARMLESS.fullmatch(each) and not re.match(r"DROP INDEX CONCURRENTLY IF EXISTS ", each, re.I):
            yield f"does more than add: {each}"
    # One that is left over from an interrupted run is dropped only to be built again.
    dropped = {found[1] for each in sent if (found := re.match(rf"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}", each, re.I))}
    yield from (f"drops an index that it does not build: {name}" for name in sorted(dropped - built))
    if built and any(re.match("CREATE TABLE|ALTER", each, re.I) for each in sent):
        yield "an index on a table that has rows must stand alone: interrupted, the rest would be done twice"


def _column_hindrances(statement: str, change: str) -> Iterator[str]:
    added = _ADDED_COLUMN.fullmatch(change)
    if added is None or _NO_COLUMN_TYPE.search(change):
        yield f"does more than add: {statement}"
    elif added["must"] and not added["default"]:
        yield f"refuses rows of gateways that do not know the column: {statement}"
