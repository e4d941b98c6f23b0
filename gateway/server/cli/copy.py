"""`copy`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from .audit import CouldNotRun, audited, counting, expect_there

if TYPE_CHECKING:
    from gateway.server.settings import Settings
    from gateway.store.copy import Contents


@click.command()
@click.option("--from", "source", help="The database to copy; else BILLING_DATABASE_URL.")
@click.option("--to", "target", required=True, help="The database to fill, which must be empty.")
@click.pass_context
def copy(ctx: click.Context, source: str | None, target: str) -> None:
    """Copy a database into an empty one, between SQLite and PostgreSQL or within one of them.

    Everything is read as of one moment, written in one transaction, read back and compared, and then audited. A gateway on
    the SQLite file must be stopped first. The exit code is 0 when all of it arrived and is as it must be, 1 when the audit has
    findings, 2 when nothing was copied.

    \b
    Examples:
      billing-gateway copy --from sqlite:///billing.db --to postgresql://billing@db.example/billing
      billing-gateway copy --to sqlite:////var/backups/billing.db
    """
    import asyncio

    from gateway.server.errands import Declined
    from gateway.server.settings import SettingProblem
    from gateway.store.copy import CannotCopy
    from gateway.store.database import DatabaseBusy, DatabaseBusyNow
    from gateway.store.looking import CannotLook

    try:
        here, there = _settings(source), _settings(target)
        expect_there(here)
        held = asyncio.run(_copied(here, there))
    except DatabaseBusy as busy:
        raise CouldNotRun(f"{busy} Stop it first: what it wrote meanwhile would be left behind.") from busy
    except (Declined, SettingProblem) as problem:
        raise CouldNotRun(str(problem)) from problem
    except (CannotCopy, CannotLook, DatabaseBusyNow) as reason:
        raise CouldNotRun(f"Nothing was copied: {reason}.") from reason
    _print_copied(held)
    ctx.exit(0 if audited(there) else 1)


async def _copied(here: Settings, there: Settings) -> dict[str, Contents]:
    from gateway.server.owner import open_for
    from gateway.store.copy import copy as run
    from gateway.store.copy import expect_empty
    from gateway.store.looking import look

    if there.database_path is None or there.database_path.exists():
        await expect_empty(look(there.database_url))
    # Owning a file keeps gateways from it meanwhile; on a server one moment is held instead.
    owned = open_for(here) if here.database_path is not None else None
    try:
        filled = open_for(there)
        try:
            with counting("rows") as bar:
                task = bar.add_task("", total=None)
                source = look(here.database_url)
                return await run(source, filled.store.database, lambda done, of: bar.update(task, completed=done, total=of))
        finally:
            await filled.store.close()
    finally:
        if owned is not None:
            await owned.store.close()


def _settings(url: str | None) -> Settings:
    from gateway.server.settings import read_settings

    return read_settings({**os.environ, **({"BILLING_DATABASE_URL": url} if url else {})})


def _print_copied(held: dict[str, Contents]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("table", "rows", "digest", title="Copied", title_justify="left")
    for name, contents in held.items():
        table.add_row(name, str(contents.rows), f"{contents.digest:064x}"[:16])
    Console().print(table)
