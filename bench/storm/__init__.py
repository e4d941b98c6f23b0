"""The storm: gateways under load, killed and cut off at random, with a clock that runs ahead; afterwards everything must be there once.

    python -m bench storm --minutes 10 --servers 4 --workers 2 --clients 64

It makes a database (and, for `--restart-postgres` and `--redis`, a cluster and a Redis) of its own, listens on 127.0.0.1 alone,
and ends by itself: with 1 when anything was lost, doubled or out of order.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.databases import database_url

from .plan import Plan
from .report import Report
from .services import OwnPostgres
from .storm import storm

STEP_GAP = 3.0


@click.command()
@click.option("--minutes", type=click.FloatRange(0.05, 120), default=10.0, show_default=True, help="How long it storms.")
@click.option("--calm", type=click.FloatRange(0, 600), default=20.0, show_default=True, help="Seconds of calm before, for latencies.")
@click.option("--servers", type=click.IntRange(1, 32), default=4, show_default=True)
@click.option("--workers", type=click.IntRange(0, 32), default=2, show_default=True)
@click.option("--clients", type=click.IntRange(1, 1000), default=64, show_default=True)
@click.option("--watchers", type=click.IntRange(1, 1000), default=32, show_default=True)
@click.option("--accounts", type=click.IntRange(1, 10_000), default=48, show_default=True)
@click.option("--rate", type=click.FloatRange(0.1, 10_000), default=40.0, show_default=True, help="Commands per second, of all clients.")
@click.option("--gap", type=click.FloatRange(0.1, 600), default=4.0, show_default=True, help="Seconds between misfortunes.")
@click.option("--days", type=click.FloatRange(0, 300), default=150.0, show_default=True, help="How far the clock runs ahead in all.")
@click.option("--restart-postgres", is_flag=True, help="Make a PostgreSQL cluster, and crash it now and then.")
@click.option("--redis", is_flag=True, help="Carry hints by a Redis of its own, and stop and start that.")
@click.option("--sqlite", is_flag=True, help="One server on a file, instead of PostgreSQL.")
@click.option("--seed", type=int, default=1, show_default=True)
def _command(
    minutes: float, calm: float, servers: int, workers: int, clients: int, watchers: int, accounts: int,
    rate: float, gap: float, days: float, restart_postgres: bool, redis: bool, sqlite: bool, seed: int,
) -> None:  # fmt: skip
    """Raise a storm."""
    with tempfile.TemporaryDirectory(prefix="storm-") as name:
        folder = Path(name)

        def plan(url: str) -> Plan:
            return Plan(
                database_url=url,
                seconds=minutes * 60,
                calm_seconds=calm,
                servers=1 if sqlite else servers,
                workers=0 if sqlite else workers,
                clients=clients,
                watchers=watchers,
                accounts=accounts,
                rate=rate,
                gap=gap,
                # Longer steps would carry a command that is sent again past the 30 days in which its outcome is told.
                step=min(timedelta(days=2), timedelta(days=days) * (STEP_GAP / (minutes * 60))),
                step_gap=STEP_GAP,
                restart_postgres=restart_postgres,
                redis=redis,
                seed=seed,
            )

        if restart_postgres:
            report = asyncio.run(_on_own_cluster(plan, folder))
        else:
            with database_url("sqlite" if sqlite else "postgresql", folder) as url:
                report = asyncio.run(_shown(plan(url), folder))
        report.print()
    sys.exit(1 if report.violations else 0)


async def _on_own_cluster(plan: Callable[[str], Plan], folder: Path) -> Report:
    postgres = OwnPostgres(folder)
    await postgres.start()
    try:
        return await _shown(plan(postgres.url), folder, postgres)
    finally:
        await postgres.stop()


async def _shown(plan: Plan, folder: Path, postgres: OwnPostgres | None = None) -> Report:
    """Raise it, with a line that moves."""
    with Progress(SpinnerColumn(), TextColumn("storm: {task.description}"), TimeElapsedColumn(), transient=True) as progress:
        bar = progress.add_task("")
        return await storm(plan, folder, lambda phase: progress.update(bar, description=phase), postgres)


def run(options: Sequence[str] = ()) -> None:
    """Raise a storm, as the options say."""
    _command.main(list(options), prog_name="python -m bench storm")
