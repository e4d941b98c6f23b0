"""Finding accounts: pages of them, and those with a cut-off that is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from .tables import account


def page(connection: Connection, first: int, after: str | None, currency: str | None, closed: bool | None) -> list[str]:
    """The ids of the next `first` accounts after one, in order of id."""
    wanted = []
    if after is not None:
        wanted.append(account.c.account_id > after)
    statement = select(account.c.account_id).where(*wanted, *_filter(currency, closed)).order_by(account.c.account_id).limit(first)
    return list(connection.execute(statement).scalars())


def count(connection: Connection, currency: str | None, closed: bool | None) -> int:
    """How many accounts there are."""
    return connection.execute(select(func.count()).select_from(account).where(*_filter(currency, closed))).scalar_one()


def _filter(currency: str | None, closed: bool | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if currency is not None:
        wanted.append(account.c.currency == currency)
    if closed is not None:
        wanted.append(account.c.closed_at.is_not(None) if closed else account.c.closed_at.is_(None))
    return wanted


def claim(connection: Connection, account_id: str, until: datetime) -> bool:
    """Hold an account that is due until the transaction ends. False when it is not due any more, or somebody else holds it."""
    mine = select(account.c.account_id).where(account.c.account_id == account_id, account.c.cut_off_at <= until)
    return connection.execute(mine.with_for_update(skip_locked=True)).first() is not None


def due(connection: Connection, until: datetime, limit: int, after: tuple[datetime, str] | None = None) -> list[tuple[datetime, str]]:
    """(cut-off, account) of accounts whose oldest uncut period is over by an instant, earliest first."""
    statement = select(account.c.cut_off_at, account.c.account_id).where(account.c.cut_off_at <= until)
    if after is not None:
        at, name = after
        statement = statement.where((account.c.cut_off_at > at) | ((account.c.cut_off_at == at) & (account.c.account_id > name)))
    rows = connection.execute(statement.order_by(account.c.cut_off_at, account.c.account_id).limit(limit))
    return [(row.cut_off_at, row.account_id) for row in rows]
