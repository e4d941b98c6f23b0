"""`migrate-plan`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from .environment import settings_here


@click.command("migrate-plan")
@click.argument("plan")
@click.argument("to_plan")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day the packages move, in each account's zone.")
@click.option("--notice-days", type=click.IntRange(1), default=30, show_default=True, help="The least notice holders get.")
@click.option("--dry-run", is_flag=True, help="Show what it would mean for each account and write nothing.")
def migrate_plan(plan: str, to_plan: str, day: datetime, notice_days: int, dry_run: bool) -> None:
    """Move everybody on a retired PLAN to TO_PLAN, with notice.

    The plan must be off sale. Holders see the move among what is scheduled, with the reason. Packages that have ended are left
    alone. Run it again at any time, after a break or to reach those that came back: nothing is done twice.

    \b
    Examples:
      billing-gateway migrate-plan starter team --on 2027-03-01 --dry-run
      billing-gateway migrate-plan starter team --on 2027-03-01 --notice-days 60
    """
    import asyncio

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from gateway.server.owner import run_errand

    asked = {"plan": plan, "to_plan": to_plan, "on": day.date().isoformat(), "notice_days": notice_days, "dry_run": dry_run}
    bar = Progress(SpinnerColumn(), TextColumn("{task.completed} accounts"), console=Console(stderr=True), transient=True)
    bar.disable = not sys.stderr.isatty()
    with bar:
        task = bar.add_task("", total=None)
        done = asyncio.run(run_errand(settings_here(), "migrate_plan", asked, lambda seen: bar.update(task, completed=seen)))
    _print_run(done, dry_run)
    if done["problems"]:
        lines = "".join(f"\n  {account}: {reason}" for account, reason in done["problems"])
        raise click.ClickException(f"Not moved:{lines}")


def _print_run(done: dict[str, Any], dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from gateway.billing.money import Money
    from gateway.formats import money_text

    title = "Would be moved" if dry_run else "Will be moved"
    table = Table("account", "period before", "period after", title=f"{title}: {len(done['moved'])}", title_justify="left")
    for each in done["moved"]:
        before, after = (money_text(Money(side["minor"], side["currency"]), "en") for side in (each["before"], each["after"]))
        table.add_row(each["account"], before, after)
    console = Console()
    console.print(table)
    if done["present"]:
        console.print(f"Scheduled before: {done['present']}")
