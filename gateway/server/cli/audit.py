"""`audit`."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

import click

from gateway.server.problem import OperatorProblem

from .environment import settings_here

if TYPE_CHECKING:
    from rich.progress import Progress

    from gateway.server.settings import Settings

_MOST_SHOWN = 500


class CouldNotRun(click.ClickException):
    """Nothing can be said of the data: exit code 2, for 1 says that something is wrong with it."""

    exit_code = 2


@click.command()
@click.option("--account", help="Look at this account alone, and leave out the runs of invoice numbers.")
@click.pass_context
def audit(ctx: click.Context, account: str | None) -> None:
    """Check what is stored: journals, checkpoints, invoices and their numbers, against each other and a replay from the beginning.

    It only reads, and may run beside a gateway. The exit code is 0 when everything is as it must be, 1 with findings,
    2 when it could not be run.

    \b
    Examples:
      billing-gateway audit
      billing-gateway audit --account acc_01kb6y5w8hfqk9mk2v8x1n7zsd
    """
    try:
        clean = audited(settings_here(), account)
    except OperatorProblem as problem:
        raise CouldNotRun(str(problem)) from problem
    ctx.exit(0 if clean else 1)


def audited(settings: Settings, account: str | None = None) -> bool:
    """Audit a database and print what was found; whether nothing was.

    :raises Declined: it cannot be read, and why.
    """
    import asyncio

    from gateway.server.errands import Declined
    from gateway.store.audit import audit as run
    from gateway.store.looking import CannotLook, look

    expect_there(settings)
    began = perf_counter()
    try:
        with counting("accounts") as bar:
            task = bar.add_task("", total=None)
            seen = asyncio.run(run(look(settings.database_url), account, lambda done, of: bar.update(task, completed=done, total=of)))
    except CannotLook as reason:
        raise Declined(f"{settings.database_name} cannot be audited: {reason}.") from reason
    _print_findings([(each.account_id or "all", each.what, each.detail) for each in seen.findings])
    found = f"{len(seen.findings)} findings" if seen.findings else "Nothing wrong"
    click.echo(
        f"{found} in {seen.accounts} accounts, {seen.entries} entries, {seen.checkpoints} checkpoints and {seen.invoices} invoices; "
        f"{perf_counter() - began:.1f} s."
    )
    return not seen.findings


def expect_there(settings: Settings) -> None:
    """Raises Declined when the database's file is missing."""
    from gateway.server.errands import Declined

    if settings.database_path is not None and not settings.database_path.exists():
        raise Declined(f"There is no database at {settings.database_path}. BILLING_DATABASE_URL says where it is.")


def counting(what: str) -> Progress:
    """A bar of how many of what are done, on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _print_findings(rows: list[tuple[str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table("account", "what", "finding", title="Findings", title_justify="left")
    for account, what, detail in rows[:_MOST_SHOWN]:
        table.add_row(account, what, Text(detail))
    Console().print(table)
    if len(rows) > _MOST_SHOWN:
        click.echo(f"… and {len(rows) - _MOST_SHOWN} more.")
