"""No lost update: many commands at once, from several processes on PostgreSQL, and every one of them counted afterwards.

    python -m bench updates --commands 100000

Each command that is acknowledged makes its account's revision one more. So, at the end, every revision must be what the
account began with and the number of acknowledgements; a single lost update would leave one behind.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.shop import START, act, open_store, publish
from gateway.billing.commands import AddPackage, ChangePackage, OpenAccount
from gateway.billing.effective import Effective, When
from tests.databases import KINDS, database_url

_OPENED_AT = 2
"""The revision of an account with its first package."""


@click.command()
@click.option("--commands", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True, help="On each database.")
@click.option("--accounts", type=click.IntRange(1, 100_000), default=4_000, show_default=True, help="Among which they are spread.")
@click.option("--tasks", type=click.IntRange(1, 1_000), default=32, show_default=True, help="At once, in each process.")
@click.option("--processes", type=click.IntRange(1, 64), default=4, show_default=True, help="On PostgreSQL; a file has one.")
@click.option("--on", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS, show_default=True)
def _command(commands: int, accounts: int, tasks: int, processes: int, kinds: tuple[str, ...]) -> None:
    """Count updates."""
    table = Table("database", "processes", "acknowledged", "refused", "lost", "per second", title="updates")
    lost_any = False
    for kind in kinds:
        shares = processes if kind == "postgresql" else 1
        with tempfile.TemporaryDirectory(prefix="updates-") as folder, database_url(kind, Path(folder)) as url:
            owners = asyncio.run(_open(url, accounts))
            begun = time.perf_counter()
            acknowledged = _in_processes(url, owners, commands, tasks, shares, kind)
            seconds = time.perf_counter() - begun
            lost = asyncio.run(_lost(url, acknowledged, owners))
        done = acknowledged.total()
        table.add_row(kind, f"{shares}", f"{done}", f"{commands - done}", f"{lost}", f"{commands / seconds:.0f}")
        lost_any = lost_any or lost != 0
    Console().print(table)
    sys.exit(1 if lost_any else 0)


async def _open(url: str, accounts: int) -> dict[str, str]:
    """Accounts, and the package of each."""
    store = open_store(url)
    await publish(store)
    owners = {}
    for _ in range(accounts):
        opened = await act(store, None, OpenAccount(name="Updates", currency="TRY", time_zone="Europe/Istanbul"), START)
        added = await act(store, opened.account_id, AddPackage(plan="business"), START + timedelta(seconds=1))
        owners[opened.account_id] = added.subject or ""
    await store.close()
    return owners


def _in_processes(url: str, owners: dict[str, str], commands: int, tasks: int, processes: int, name: str) -> Counter[str]:
    """Acknowledged commands by account."""
    context = multiprocessing.get_context("spawn")
    seen, results = context.Value("q", 0), context.Queue()
    shares = [commands // processes + (number < commands % processes) for number in range(processes)]
    arguments = [(url, owners, share, tasks, number, seen, results) for number, share in enumerate(shares)]
    children = [context.Process(target=_work, args=each, daemon=True) for each in arguments]
    for child in children:
        child.start()
    with Progress(transient=True) as progress:
        bar = progress.add_task(name, total=commands)
        while any(child.is_alive() for child in children) and results.qsize() < processes:
            progress.update(bar, completed=seen.value)
            time.sleep(0.2)
    found: Counter[str] = Counter()
    for _ in children:
        found.update(results.get(timeout=60))
    for child in children:
        child.join()
    return found


def _work(url: str, owners: dict[str, str], commands: int, tasks: int, number: int, seen: Any, results: Any) -> None:
    """One process's share."""
    results.put(asyncio.run(_share(url, owners, commands, tasks, random.Random(number), seen)))


async def _share(url: str, owners: dict[str, str], commands: int, tasks: int, rng: random.Random, seen: Any) -> Counter[str]:
    store, acknowledged, left = open_store(url), Counter[str](), iter(range(commands))
    accounts = list(owners)

    async def task() -> None:
        for _ in left:
            account_id = rng.choice(accounts)
            change = ChangePackage(package_id=owners[account_id], representatives=rng.randint(10, 50), effective=Effective(when=When.NOW))
            answer = await act(store, account_id, change, START + timedelta(minutes=1))
            acknowledged[account_id] += answer.refusal is None
            with seen.get_lock():
                seen.value += 1

    await asyncio.gather(*(task() for _ in range(tasks)))
    await store.close()
    return acknowledged


async def _lost(url: str, acknowledged: Counter[str], owners: dict[str, str]) -> int:
    """How many acknowledged commands no revision shows (and, as much amiss, how many revisions nobody was told of)."""
    store = open_store(url)
    lost = 0
    for account_id in owners:
        found = (await store.books([account_id], START + timedelta(minutes=2)))[account_id]
        lost += abs(_OPENED_AT + acknowledged[account_id] - found.account.revision)
    await store.close()
    return lost


def run(options: Sequence[str] = ()) -> None:
    """Count updates, as the options say."""
    _command.main(list(options), prog_name="python -m bench updates")
