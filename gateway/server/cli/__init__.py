"""The command line. Each command imports what it needs when it is called, so that `--help` answers at once."""

from __future__ import annotations

import click

from gateway.server.problem import OperatorProblem
from gateway.store.busy import DatabaseBusyNow

from .audit import audit
from .balance import balance
from .billing import bill, explain
from .catalog import catalog
from .copy import copy
from .database import migrate
from .migration import migrate_plan
from .schema import schema
from .serving import demo, serve, worker
from .settings import settings
from .token import token


class Commands(click.Group):
    """A group that tells what an operator can put right in one sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OperatorProblem as problem:
            raise click.ClickException(str(problem)) from problem
        except DatabaseBusyNow as busy:
            raise click.ClickException(f"The database cannot be reached, see BILLING_DATABASE_URL: {busy}") from busy


def _print_version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"billing-gateway {version('billing-gateway')}")
    except PackageNotFoundError:
        click.echo("billing-gateway, from a checkout")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version and exit.")
def cli() -> None:
    """Billing by the day over GraphQL: packages, live estimates and invoices from one exact engine.

    \b
    Examples:
      billing-gateway demo                          see it with example data
      billing-gateway serve                         run it
      billing-gateway bill --dry-run                what a bill run would invoice now
      billing-gateway explain acc_01kb… 2026-11     a month as a picture
      billing-gateway settings                      everything that can be set
    """


for command in (serve, worker, demo, bill, explain, token, catalog, schema, settings, migrate, migrate_plan, audit, balance, copy):
    cli.add_command(command)
