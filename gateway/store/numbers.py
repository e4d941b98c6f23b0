"""Invoice numbers: gapless per (issuer, year of the issuer's zone, series), ascending in time of issue (rules §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gateway.billing.dates import local_day

from .tables import account, number


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues invoices: the zone its years are counted in, the series' prefix, and the days given to pay."""

    code: str = "main"
    zone: str = "Europe/Istanbul"
    series: str = "INV"
    days_to_pay: int = 14


def draw(connection: Connection, issuer: Issuer, now: datetime) -> tuple[str, datetime]:
    """The next number and its time of issue, which never goes back. Holds the counter until the transaction ends."""
    year = local_day(now, issuer.zone).year
    mine = (number.c.issuer == issuer.code, number.c.series == issuer.series, number.c.year == year)
    row = connection.execute(
        update(number).where(*mine).values(last=number.c.last + 1).returning(number.c.last, number.c.issued_at)
    ).first()
    if row is None:
        last, issued_at = 1, now
        connection.execute(insert(number).values(issuer=issuer.code, series=issuer.series, year=year, last=last, issued_at=issued_at))
    else:
        last, issued_at = row.last, max(now, row.issued_at)
        connection.execute(update(number).where(*mine).values(issued_at=issued_at))
    return f"{issuer.series}-{year}-{last:06d}", issued_at


def chain_end(connection: Connection, account_id: str) -> str:
    """The digest of an account's newest journal entry."""
    digest: str = connection.execute(select(account.c.digest).where(account.c.account_id == account_id)).scalar_one()
    return digest
