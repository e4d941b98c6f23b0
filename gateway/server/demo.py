"""`demo`: the gateway as it serves anywhere, with its own data and keys, and with somebody who makes changes."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress

from gateway.jobs.bill_run import bill_run
from gateway.store.database import DatabaseBusy

from .admin import admin_path
from .auth import Tokens
from .clock import system_now
from .demo_actor import Actor
from .demo_data import KEYS, DemoRunning, clear, open_history, owned
from .demo_welcome import Card, cards, operator_token, welcome
from .keys import create_keys
from .log import configure_log
from .owner import open_for
from .serve import address, bind, run, serve
from .services import Services
from .settings import Settings, read_settings

_PORTS: Final = 20


def demo(*, host: str, port: int, actor: bool, reset: bool, data: Path) -> None:
    """Serve the demo until SIGTERM or Ctrl+C, from the first free port on.

    :raises OperatorProblem: a demo runs in the directory already, no port is free, or its keys or database cannot be used.
    """
    configure_log()
    with owned(data), admin_path() as admin:
        if reset:
            clear(data)
        listener = bind(host, port, tries=_PORTS)
        chosen = listener.getsockname()[1]
        if port not in (0, chosen):
            click.echo(f"Port {port} is taken; taking {chosen}.")
        settings = replace(read_settings(os.environ), host=host, port=chosen, keys=data / KEYS)
        run(_serve(settings, listener, data, admin, actor=actor))


async def _serve(settings: Settings, listener: socket.socket, data: Path, admin: Path, *, actor: bool) -> None:
    with _progress() as progress:
        path = await open_history(data, system_now(), progress)
    tokens = Tokens(create_keys(settings.keys), issuer=settings.issuer, audience=settings.audience, now=system_now)
    try:
        services = open_for(replace(settings, database_url=f"sqlite:///{path}"), admin)
    except DatabaseBusy:
        raise DemoRunning(data) from None
    # What was over while the demo was not running.
    await bill_run(services.store, until=services.now(), now=services.now())
    company = await cards(services.store, tokens, services.now())

    def ready() -> None:
        for line in welcome(address(listener), company, operator_token(tokens, services.now()), actor=actor):
            click.echo(line)

    async with _acting(services, company if actor else []):
        await serve(services, tokens, settings, listener, admin=admin, ready=ready)


@asynccontextmanager
async def _acting(services: Services, company: list[Card]) -> AsyncIterator[None]:
    """Let the actor change these accounts for the time being."""
    if not company:
        yield
        return
    chance = Random(2026)  # noqa: S311 - what it does is no secret
    actor = asyncio.create_task(Actor(services.store, [card.account_id for card in company], services.now, chance).run())
    try:
        yield
    finally:
        actor.cancel()
        with suppress(asyncio.CancelledError):
            await actor


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that is gone when all is done, and never appears when there is nothing to do."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Playing six months of history", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)
