"""The audit of invoice numbers over all accounts: gapless, unique, ascending in time of issue (rules §10, 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from .finding import Finding, What
from .tables import invoice, number

_PAGE = 500


def audit_numbers(connection: Connection) -> Iterator[Finding]:
    """Go through every run of numbers from 1 to its last; numbers are unique by the table's own constraint."""
    runs = connection.execute(select(number).order_by(number.c.issuer, number.c.series, number.c.year)).all()
    known = 0
    for run in runs:
        for finding, found in _audit_run(connection, run):
            known += found
            if finding is not None:
                yield Finding(None, What.NUMBER, finding)
    stored = connection.execute(select(func.count()).where(invoice.c.number.is_not(None))).scalar_one()
    if stored != known:
        yield from _strays(connection, {(run.series, str(run.year)): run.last for run in runs})


def _audit_run(connection: Connection, run: Any) -> Iterator[tuple[str | None, int]]:
    """What is wrong with a run, and how many of its numbers each step found."""
    latest: datetime | None = None
    newest = ""
    for first in range(1, run.last + 1, _PAGE):
        wanted = [f"{run.series}-{run.year}-{place:06d}" for place in range(first, min(first + _PAGE, run.last + 1))]
        rows = connection.execute(select(invoice.c.number, invoice.c.issued_at).where(invoice.c.number.in_(wanted)))
        issued: dict[str, datetime | None] = {row.number: row.issued_at for row in rows}
        yield None, len(issued)
        for text in wanted:
            if text not in issued:
                yield f"no invoice bears {text}", 0
                continue
            at = issued[text]
            if at is None or (latest is not None and at < latest):
                yield f"{text} was issued at {at}, before {newest}", 0
            newest, latest = text, at or latest
    if newest and newest.endswith(f"-{run.last:06d}") and run.issued_at != latest:
        yield f"the counter of {run.series}-{run.year} stands at {run.issued_at}, and its last number was issued at {latest}", 0


def _strays(connection: Connection, last: dict[tuple[str, str], int]) -> Iterator[Finding]:
    """Numbers that no counter has given out."""
    after = ""
    while rows := connection.execute(
        select(invoice.c.account_id, invoice.c.number).where(invoice.c.number > after).order_by(invoice.c.number).limit(_PAGE)
    ).all():
        for row in rows:
            start, _, place = row.number.rpartition("-")
            series, _, year = start.rpartition("-")
            ends = last.get((series, year), 0)
            if not place.isdecimal() or not 1 <= int(place) <= ends or place != f"{int(place):06d}":
                yield Finding(row.account_id, What.NUMBER, f"{row.number} was never given out: the counter stands at {ends}")
        after = rows[-1].number
