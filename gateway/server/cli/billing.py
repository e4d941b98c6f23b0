"""`bill` and `explain`."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from typing import Any

import click

from .environment import settings_here


@click.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave accounts out whose oldest period ended after this local day.")
@click.option("--dry-run", is_flag=True, help="Compute the same invoices and write nothing.")
def bill(until: datetime | None, dry_run: bool) -> None:
    """Cut and issue an invoice for every period that is over.

    The gateway does this by itself at each cut-off; running it again does nothing. While a gateway runs, it does the work.

    \b
    Examples:
      billing-gateway bill
      billing-gateway bill --until 2026-11-01 --dry-run
    """
    import asyncio

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from gateway.server.owner import run_errand

    asked = {"until": until.date().isoformat() if until else None, "dry_run": dry_run}
    bar = Progress(SpinnerColumn(), TextColumn("{task.completed} accounts"), console=Console(stderr=True), transient=True)
    bar.disable = not sys.stderr.isatty()
    with bar:
        task = bar.add_task("", total=None)
        done = asyncio.run(run_errand(settings_here(), "bill", asked, lambda seen: bar.update(task, completed=seen)))
    _print_run(done, dry_run)
    if done["failures"]:
        raise click.ClickException(f"Not billed, see the log: {', '.join(done['failures'])}")


def _print_run(done: dict[str, Any], dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from gateway.billing.money import Money
    from gateway.formats import money_text

    totals = [money_text(Money(each["minor"], each["currency"]), "en") for each in done["totals"]]
    table = Table("accounts", "invoices", "total", title="Would be issued" if dry_run else "Issued", title_justify="left")
    table.add_row(str(done["accounts"]), str(done["invoices"]), "\n".join(totals) or "–")
    Console().print(table)


@click.command()
@click.argument("account")
@click.argument("month", required=False)
@click.option("--locale", help="Language of the picture, such as en or tr-TR; the account's when left out.")
@click.option("--days", is_flag=True, help="Add a table of days: the states of each, which was billed, and why.")
def explain(account: str, month: str | None, locale: str | None, days: bool) -> None:
    """Draw a month of an account: a row per item, a bar per day, and the arithmetic behind each amount.

    MONTH is the one in which the period begins, such as 2026-11; the running period when left out.

    \b
    Examples:
      billing-gateway explain acc_01kb6y5w8hfqk9mk2v8x1n7zsd
      billing-gateway explain acc_01kb6y5w8hfqk9mk2v8x1n7zsd 2026-10 --locale en
      billing-gateway explain acc_01kb6y5w8hfqk9mk2v8x1n7zsd --days
    """
    import asyncio

    from gateway.server.owner import run_errand

    width = max(60, min(140, shutil.get_terminal_size((100, 24)).columns))
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    asked = {"account": account, "month": month, "locale": locale, "width": width, "colour": colour, "days": days}
    click.echo(asyncio.run(run_errand(settings_here(), "explain", asked))["text"], nl=False)
