"""`migrate`."""

from __future__ import annotations

import click

from .environment import settings_here


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when the tables are at another version than this gateway's.")
def migrate(check: bool) -> None:
    """Make the database, or bring its tables up to date. `serve` does so by itself.

    \b
    Examples:
      BILLING_DATABASE_URL=sqlite:///billing.db billing-gateway migrate
      billing-gateway migrate --check
    """
    import asyncio

    from gateway.server.errands import Declined
    from gateway.server.owner import open_for
    from gateway.store.database import DatabaseBusy
    from gateway.store.migrate import newest

    settings = settings_here()
    if check:
        present = asyncio.run(_present())
        if present != newest():
            raise click.ClickException(f"{settings.database_name} is at version {present or 'none'}, and this gateway at {newest()}.")
        click.echo(f"{settings.database_name} is at version {present}.")
        return
    try:
        services = open_for(settings)
    except DatabaseBusy as busy:
        raise Declined(f"{busy} It brought the tables up to date as it started.") from None

    async def bring_up_to_date() -> None:
        await services.store.catalog()
        await services.store.close()

    asyncio.run(bring_up_to_date())
    click.echo(f"{settings.database_name} is at version {newest()}.")


async def _present() -> str | None:
    """The version of the tables; None when there are none."""
    from gateway.server.errands import Declined
    from gateway.store.looking import CannotLook, look
    from gateway.store.migrate import version

    settings = settings_here()
    if settings.database_path is not None and not settings.database_path.exists():
        return None
    try:
        async with look(settings.database_url).view() as view:
            return await view(version)
    except CannotLook as reason:
        raise Declined(f"The database {settings.database_name} cannot be opened: {reason}") from reason
