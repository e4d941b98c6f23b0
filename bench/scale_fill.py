"""Filling a database with copies of an account's rows, inside the database."""

from __future__ import annotations

from sqlalchemy import Connection, Table, text

from gateway.store.tables import account, checkpoint, invoice, journal, outcome, posting, profile

_TABLES = (account, profile, journal, checkpoint, invoice, posting, outcome)
_SERIES = {
    "postgresql": "(SELECT i, lpad(i::text, 22, '0') AS name FROM generate_series(:begin, :end - 1) AS s(i)) AS n",
    "sqlite": """(WITH RECURSIVE s(i) AS (SELECT :begin UNION ALL SELECT i + 1 FROM s WHERE i + 1 < :end)
        SELECT i, printf('%022d', i) AS name FROM s) AS n""",
}
# What must be another in each copy; invoices of one account differ in the time at the front of their ids.
_FRESH = {
    "account_id": "'acc_01kr' || n.name",
    "scope": "'acc_01kr' || n.name",
    "invoice_id": "substr(t.invoice_id, 1, 14) || substr(n.name, 7)",
    "number": "t.number || '-' || n.i",
}


def copies(connection: Connection, of: str, begin: int, end: int) -> None:
    """Copies number `begin` to `end` (exclusive) of an account, with everything it has."""
    kind = connection.dialect.name
    if kind == "postgresql":
        # Foreign keys hold by construction, and nothing here has to survive a crash.
        for setting in ("session_replication_role = replica", "synchronous_commit = off", "statement_timeout = 0"):
            connection.execute(text(f"SET LOCAL {setting}"))
    for table in _TABLES:
        connection.execute(text(_copy(table, _SERIES[kind])), {"of": of, "begin": begin, "end": end})


def _copy(table: Table, series: str) -> str:
    names = [column.name for column in table.columns]
    owner = "scope" if "scope" in names else "account_id"
    values = [_FRESH[name] if name in (owner, "invoice_id", "number") else f"t.{name}" for name in names]
    if "scope" in names:
        values[names.index("account_id")] = _FRESH["account_id"]
    chosen = f"SELECT {', '.join(values)} FROM {table.name} AS t, {series} WHERE t.{owner} = :of"
    return f"INSERT INTO {table.name} ({', '.join(names)}) {chosen}"


def settle(connection: Connection) -> None:
    """Have the database look at what it has and write it out, as a server does by itself after a while."""
    connection.execute(text("ANALYZE"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("CHECKPOINT"))


def size_of(connection: Connection) -> int:
    """The database's size in bytes."""
    if connection.dialect.name == "postgresql":
        found = connection.execute(text("SELECT pg_database_size(current_database())"))
    else:
        found = connection.execute(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    return int(found.scalar_one())
