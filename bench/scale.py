"""Cost per account beside ever more accounts that are only stored: a read, a command, and the bill run.

    python -m bench scale --accounts 1000 --accounts 30000 --accounts 1000000

A few accounts are brought up by commands and cuts; the rest are copies of their rows under other ids, made inside the
database. Wall time is per account, one after another; CPU time is this process's, without the database server's. The first
read of an account may have to wait for the disk; everything else is done to accounts that were read before. Of three rounds
of reads the best is taken, so that what else the machine does (vacuuming what was filled in, say) matters little.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.scale_fill import copies, settle, size_of
from bench.shop import START, act, open_store, publish
from gateway.billing.commands import AddAddOn, AddPackage, ChangePackage, OpenAccount
from gateway.billing.effective import Effective, When
from gateway.jobs.bill_run import bill_run
from gateway.store.store import Store
from tests.databases import KINDS, database_url

SAMPLE = 500
_BATCH = 5_000
_JULY = datetime(2026, 7, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds per account."""

    wall: float
    cpu: float


@click.command()
@click.option("--accounts", type=click.IntRange(1_000, 100_000_000), multiple=True, default=(1_000, 30_000), show_default=True)
@click.option("--on", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS, show_default=True)
def _command(accounts: tuple[int, ...], kinds: tuple[str, ...]) -> None:
    """Measure, and print a table."""
    costs = ("first read ms", "read ms", "(CPU)", "command ms", "(CPU)", "bill run ms", "(CPU)")
    table = Table("database", "accounts", "kB each", "filled in s", *costs, title="scale: cost per account")
    for kind in kinds:
        for stored in accounts:
            with tempfile.TemporaryDirectory(prefix="scale-") as folder, database_url(kind, Path(folder)) as url:
                table.add_row(kind, f"{stored:,}", *asyncio.run(_measure(url, stored, f"{kind} {stored:,}")))
    Console(width=140).print(table)


async def _measure(url: str, stored: int, name: str) -> list[str]:
    store = open_store(url)
    try:
        begun = time.perf_counter()
        first = await _fill(store, stored, name)
        filled, size = time.perf_counter() - begun, await store.database.read(size_of)
        cold, *costs = await _costs(store, stored, first)
    finally:
        await store.close()
    times = (cold.wall, *(part for cost in costs for part in (cost.wall, cost.cpu)))
    return [f"{size / stored / 1e3:.1f}", f"{filled:.0f}", *(f"{each:.2f}" for each in times)]


async def _fill(store: Store, stored: int, name: str) -> tuple[str, str]:
    """Bring up accounts and copy them; gives the packages of those due in July and of the others."""
    await publish(store)
    due, due_package = await _bring_up(store, anchor=1)
    other, other_package = await _bring_up(store, anchor=20)
    await store.database.write(copies, due, 0, SAMPLE)
    batches = range(SAMPLE, stored, _BATCH)
    for begin in track(batches, description=name, transient=True):
        await store.database.write(copies, other, begin, min(begin + _BATCH, stored))
    await store.database.write(settle)
    return due_package, other_package


async def _bring_up(store: Store, anchor: int) -> tuple[str, str]:
    """An account that took, changed and kept things for a month and a half, and has been billed; its id and its package's."""
    opened = await act(store, None, OpenAccount(name="Scale", currency="TRY", time_zone="Europe/Istanbul", anchor_day=anchor), START)
    account_id = opened.account_id
    added = await act(store, account_id, AddPackage(plan="business"), START + timedelta(hours=1))
    package = added.subject or ""
    await act(store, account_id, AddAddOn(plan="ticket_system"), START + timedelta(hours=2))
    for day in (2, 9, 20, 38, 41):
        now = START + timedelta(days=day)
        await store.cut(account_id, now)
        change = ChangePackage(package_id=package, representatives=10 + day // 2, effective=Effective(when=When.NOW))
        assert (await act(store, account_id, change, now)).refusal is None
    return account_id, package


async def _costs(store: Store, stored: int, packages: tuple[str, str]) -> list[Cost]:
    """A first read, a read and a command of accounts that are drawn at random, and the bill run of all that are due."""
    rng = random.Random(1)
    ids = [_name(number) for number in rng.sample(range(SAMPLE, stored), min(SAMPLE, stored - SAMPLE))]
    now = START + timedelta(days=43)

    async def read(account_id: str) -> None:
        found = await store.books([account_id], now)
        assert found[account_id].current.expected.due.minor > 0

    async def command(account_id: str) -> None:
        change = ChangePackage(package_id=packages[1], representatives=12, effective=Effective(when=When.NOW))
        assert (await act(store, account_id, change, now)).refusal is None

    for number in range(SAMPLE):
        await read(_name(number))
    cold = await _cost(read, ids)
    warm = min([await _cost(read, ids) for _ in range(3)], key=lambda cost: cost.wall)
    commands = await _cost(command, ids)

    async def bills(_: str) -> None:
        done = await bill_run(store, until=_JULY, now=_JULY)
        assert (done.invoices, done.failures) == (SAMPLE + 1, ()), done

    whole = await _cost(bills, [""])
    return [cold, warm, commands, Cost(whole.wall / (SAMPLE + 1), whole.cpu / (SAMPLE + 1))]


def _name(number: int) -> str:
    return f"acc_01kr{number:022d}"


async def _cost(work: Callable[[str], Awaitable[None]], account_ids: list[str]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    for account_id in account_ids:
        await work(account_id)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / len(account_ids) * 1e3, cpu / len(account_ids) * 1e3)


def run(options: Sequence[str] = ()) -> None:
    """Measure, as the options say."""
    _command.main(list(options), prog_name="python -m bench scale")
