"""An account's stored checkpoints beside those a replay gives."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from gateway.billing.codec import Json, pack, pack_fact, unpack, unpack_fact
from gateway.billing.term import Opening

from .finding import What
from .tables import checkpoint


class Checkpoints:
    """The checkpoints of one account, read as the journal's pages are turned."""

    def __init__(self, connection: Connection, account_id: str, tell: Callable[[What, str], None]) -> None:
        self._connection, self._mine, self._tell = connection, checkpoint.c.account_id == account_id, tell
        self._stored: dict[int, Json] = {}
        self._strays: list[int] = []
        self.seen = 0
        self.newest: int | None = None

    def turn_to(self, first: int, last: int) -> None:
        """Read those of the entries from one revision to another."""
        self._strays += self._stored
        wanted = (self._mine, checkpoint.c.revision >= first, checkpoint.c.revision <= last)
        rows = self._connection.execute(select(checkpoint.c.revision, checkpoint.c.state).where(*wanted).order_by(checkpoint.c.revision))
        self._stored = {row.revision: row.state for row in rows}
        self.seen += len(self._stored)

    def compare(self, revision: int, replayed: Json) -> None:
        """Compare the one at a revision with what a replay gives."""
        self.newest = revision
        if revision not in self._stored:
            self._tell(What.CHECKPOINT, f"there is none at revision {revision}")
            return
        stored = self._stored.pop(revision)
        # One of an older gateway may lack what has a default.
        if stored != replayed and (where := _difference(_packed_anew(stored), replayed)):
            self._tell(What.CHECKPOINT, f"the one at revision {revision} differs from a replay in {where}")

    def end(self, last: int) -> None:
        """Tell of those that no entry stands behind."""
        beyond = self._connection.execute(select(checkpoint.c.revision).where(self._mine, checkpoint.c.revision > last)).scalars()
        for revision in sorted((*self._strays, *self._stored, *beyond)):
            self._tell(What.CHECKPOINT, f"there is one at revision {revision}, where no period was cut")


def _packed_anew(state: Json) -> Json:
    try:
        opening = pack(unpack(Opening, state["opening"]))
        return {"opening": opening, "facts": [pack_fact(unpack_fact(fact)) for fact in state["facts"]]}
    except (ValueError, LookupError, TypeError, AttributeError):
        return state


def _difference(one: Json, other: Json, path: str = "state") -> str | None:
    """Where two packed values first differ, and how; None when they are the same."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((found for key in one if (found := _difference(one[key], other[key], f"{path}.{key}"))), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for at, (a, b) in pairs if (found := _difference(a, b, f"{path}[{at}]"))), None)
    return None if one == other else f"{path}: {str(one)[:80]}, not {str(other)[:80]}"
