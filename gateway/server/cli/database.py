"""`migrate`."""

from __future__ import annotations

import click

from .environment import settings_here


@click.command()
def migrate() -> None:
    """Make the database, or bring its tables up to date. `serve` does so by itself.

    \b
    Example:
      BILLING_DATABASE_URL=sqlite:///billing.db billing-gateway migrate
    """
    import asyncio

    from gateway.server.errands import Declined
    from gateway.server.owner import open_for
    from gateway.store.database import DatabaseBusy
    from gateway.store.migrate import newest

    settings = settings_here()
    try:
        services = open_for(settings)
    except DatabaseBusy as busy:
        raise Declined(f"{busy} It brought the tables up to date as it started.") from None

    async def bring_up_to_date() -> None:
        await services.store.catalog()
        await services.store.close()

    asyncio.run(bring_up_to_date())
    click.echo(f"{settings.database_name} is at version {newest()}.")
