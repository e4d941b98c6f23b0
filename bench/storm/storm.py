"""A storm from beginning to end: a fleet, its town, calm, misfortunes, rest, and the verdict."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from tests.wire.gateway import Clock

from .client import Client
from .documents import REVISIONS
from .fleet import Fleet
from .plan import QUIET_SECONDS, START, Plan
from .record import Record
from .report import Report, latencies
from .services import OwnPostgres
from .town import Town, newcomer
from .verdict import judge, read
from .watcher import Watcher
from .weather import Weather
from .wire import FAILURES

Tell = Callable[[str], None]


async def storm(plan: Plan, folder: Path, tell: Tell = lambda phase: None, postgres: OwnPostgres | None = None) -> Report:
    """Raise a storm on an empty database, and judge what is left; `tell` is given each phase as it begins."""
    time = asyncio.get_running_loop().time
    clock, rng, record, begun = Clock(folder), random.Random(plan.seed), Record(), time()
    if plan.moves_clock:
        clock.set(START)
    fleet = Fleet(plan, folder, clock, postgres)
    town = Town()
    watching: list[asyncio.Task[None]] = []
    try:
        tell("starting")
        await fleet.start()
        clients = [_client(number, plan, fleet, town, record, rng) for number in range(plan.clients)]
        tell("opening accounts")
        await _settle(clients, town, plan, rng)
        watchers = [_watcher(number, plan, fleet, town, record, rng) for number in range(plan.watchers)]
        watching = [asyncio.create_task(watcher.run()) for watcher in watchers]
        # At first every process meets every statement and every document for the first time: that is not counted.
        calm_from, calm_until = time() + plan.calm_seconds / 3, time() + plan.calm_seconds
        until = calm_until + plan.seconds
        pause = plan.clients / plan.rate
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(client.run(until, pause))
            tell("calm")
            await asyncio.sleep(plan.calm_seconds)
            tell("storm")
            await Weather(plan, fleet, clock, record, rng).storm(plan.seconds)
        tell("coming to rest")
        await _rest(fleet, watchers)
    finally:
        codes = await fleet.stop()
        for watch in watching:
            watch.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    tell("judging")
    record.problems += [f"{name} ended with {code}" for name, code in codes.items() if code != 0]
    stored = await read(plan.database_url, clock.now)
    code, said = await fleet.audit()
    if code:
        record.problems.append(f"audit ended with {code}:\n{said}")
    entries = sum(map(len, stored.journals.values()))
    return Report(
        record=record,
        violations=tuple(judge(record, stored)),
        latencies=latencies(record, calm_from, calm_until),
        accounts=len(stored.ends),
        entries=entries,
        invoices=len(stored.numbers),
        seconds=time() - begun,
    )


def _client(number: int, plan: Plan, fleet: Fleet, town: Town, record: Record, rng: random.Random) -> Client:
    """Every other client has a socket."""
    name = f"client-{number}"
    token, own = fleet.operator(name), random.Random(rng.random())
    reach = fleet.socket if number % 2 else fleet.http
    return Client(name, town, record, lambda server: reach(server, token), plan.servers, own, plan.accounts)


def _watcher(number: int, plan: Plan, fleet: Fleet, town: Town, record: Record, rng: random.Random) -> Watcher:
    token, own = fleet.operator(f"watcher-{number}"), random.Random(rng.random())
    residents = list(town.residents)
    account_id = residents[number % len(residents)]
    return Watcher(number, account_id, record, lambda server: fleet.socket(server, token), plan.servers, own)


async def _settle(clients: list[Client], town: Town, plan: Plan, rng: random.Random) -> None:
    """Open all accounts."""
    while len(town.residents) < plan.accounts:
        missing = plan.accounts - len(town.residents)
        await asyncio.gather(*(client.ask(newcomer(rng), None) for client in clients[:missing]))


async def _rest(fleet: Fleet, watchers: list[Watcher]) -> None:
    """Wait until nothing moves for two seconds and every watcher saw the newest; what does not come to rest, the verdict will show."""
    time = asyncio.get_running_loop().time
    token, until = fleet.operator("onlooker"), time() + QUIET_SECONDS
    before: dict[str, int] = {}
    still_since = time()
    while time() < until:
        now = await _revisions(fleet, token, {watcher.account_id for watcher in watchers})
        if now != before or any(watcher.newest != now.get(watcher.account_id) for watcher in watchers):
            before, still_since = now, time()
        if time() - still_since > 2:
            return
        await asyncio.sleep(0.25)


async def _revisions(fleet: Fleet, token: str, account_ids: set[str]) -> dict[str, int]:
    """The accounts' revisions, as a server tells them; none when it does not answer."""
    wire = fleet.http(0, token)
    found = {}
    try:
        for account_id in account_ids:
            answer = await wire.ask(REVISIONS, {"account": account_id})
            found[account_id] = int(answer["data"]["account"]["revision"])
    except (*FAILURES, KeyError, TypeError):
        return {}
    finally:
        await wire.close()
    return found
