"""`migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .environment import settings_here

if TYPE_CHECKING:
    from gateway.server.settings import Settings
    from gateway.store.migrate import Standing


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when this gateway may not run on the tables as they are.")
def migrate(check: bool) -> None:
    """Make the database, or bring its tables up to date.

    `serve` does so by itself with a SQLite file. On PostgreSQL it makes the first tables, and later refuses to run on tables that
    are behind: run this first, while gateways of the version before go on, and then start those of this version beside them.

    \b
    Examples:
      BILLING_DATABASE_URL=sqlite:///billing.db billing-gateway migrate
      billing-gateway migrate --check
    """
    import asyncio

    from gateway.store.migrate import newest

    settings = settings_here()
    if check:
        present = asyncio.run(_present(settings))
        if present is None or not _fits(present):
            found = present.version if present else None
            raise click.ClickException(f"{settings.database_name} is at version {found or 'none'}, and this gateway at {newest()}.")
    else:
        present = asyncio.run(_brought_up_to_date(settings))
    ahead = f", which this gateway of {newest()} may run on" if present.version != newest() else ""
    click.echo(f"{settings.database_name} is at version {present.version}{ahead}.")


def _fits(present: Standing) -> bool:
    from gateway.store.migrate import TablesUnfit

    try:
        present.expect_fit()
    except TablesUnfit:
        return False
    return present.version is not None


async def _brought_up_to_date(settings: Settings) -> Standing:
    """Run what migrations there are to run; what the tables then are.

    :raises Declined: they cannot be run, and why.
    """
    from gateway.server.errands import Declined
    from gateway.store.database import DatabaseBusy, DatabaseBusyNow, TablesUnfit, open_database
    from gateway.store.migrate import standing

    try:
        database = open_database(settings.database_url, migrate=True)
        try:
            return await database.read(standing)
        finally:
            await database.close()
    except DatabaseBusy as busy:
        raise Declined(f"{busy} It brought the tables up to date as it started.") from None
    except DatabaseBusyNow as busy:
        raise Declined(f"The database {settings.database_name} could not be brought up to date: {busy}") from None
    except TablesUnfit as unfit:
        raise Declined(f"{settings.database_name} stays as it is. {unfit}") from None
    except Exception as error:
        reason = getattr(error, "orig", None) or error
        raise Declined(f"The database {settings.database_name} could not be brought up to date: {reason}") from error


async def _present(settings: Settings) -> Standing | None:
    """What the tables are; None when there is no database."""
    from gateway.server.errands import Declined
    from gateway.store.looking import CannotLook, look
    from gateway.store.migrate import standing

    if settings.database_path is not None and not settings.database_path.exists():
        return None
    try:
        async with look(settings.database_url).view() as view:
            return await view(standing)
    except CannotLook as reason:
        raise Declined(f"The database {settings.database_name} cannot be opened: {reason}") from reason
