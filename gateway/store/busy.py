"""When a database does not do what it is asked: errors that need nothing imported to be named."""

from __future__ import annotations

from pathlib import Path


class DatabaseBusy(RuntimeError):
    """Another process owns the database file; `owner` says how to reach it."""

    def __init__(self, path: Path, owner: dict[str, str]) -> None:
        super().__init__(f"{path} is in use by process {owner.get('pid', '?')}.")
        self.path, self.owner = path, owner


class DatabaseBusyNow(RuntimeError):
    """The database cannot be reached, or a lock was not to be had in time.

    The same request may be sent again. It is almost never written by then; should the connection have been lost
    while it was being committed, its idempotency key tells.
    """
