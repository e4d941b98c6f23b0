"""What a database does: run plain functions on a connection, reading or writing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine, make_url

from .busy import DatabaseBusy, DatabaseBusyNow
from .migrate import TablesUnfit

__all__ = ["Connection", "Database", "DatabaseBusy", "DatabaseBusyNow", "TablesUnfit", "open_database"]

P = ParamSpec("P")
T = TypeVar("T")


class Database(Protocol):
    """Where transactions, threads and connections meet; nobody else begins or commits."""

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engines statements go through, for whoever counts them."""
        ...

    async def read(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function on one consistent view; what it writes is refused."""
        ...

    async def write(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in one transaction: all of it, or nothing."""
        ...

    async def hand_over(self, take: Callable[[Connection], T], tell: Callable[[T], Coroutine[Any, Any, None]]) -> T:
        """Take something out in one transaction, which commits only when it was told; else all stays as it was."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


def open_database(url: str, *, admin: str | None = None, migrate: bool = False) -> Database:
    """Open the database a URL names.

    An empty one gets its tables, and a file that is behind is brought up to date: nobody else uses it. On a server, where others
    may be at work, only `migrate` does that; without it, what is asked of tables that are too old or too new raises TablesUnfit.

    :raises DatabaseBusy: another process owns the file.
    :raises TablesUnfit: the file is from a newer gateway.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        from .postgres import PostgreSQL

        return PostgreSQL(parsed, migrate=migrate)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ValueError(f"{url!r} is not served; use sqlite:///path/to/file.db or postgresql://user@host/database")
    from .sqlite import SQLite

    return SQLite(Path(parsed.database), admin=admin)
