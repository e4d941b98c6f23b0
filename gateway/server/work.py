"""`worker`: what falls due, without serving anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from signal import SIGINT, SIGTERM

from gateway.jobs.work import at_work

from .log import configure_log
from .owner import open_for
from .problem import OperatorProblem
from .serve import run
from .settings import Settings
from .start import reach


def work(settings: Settings, tell: Callable[[str], None]) -> None:
    """Do what falls due until SIGTERM or SIGINT; `tell` is given what the operator should read.

    :raises OperatorProblem: the database is SQLite's, or cannot be reached.
    """
    if settings.database_path is not None:
        raise OperatorProblem(
            "A worker needs PostgreSQL. One process owns a SQLite file, and the gateway that serves it does by itself what falls due."
        )
    configure_log()
    run(_work(settings, tell))


async def _work(settings: Settings, tell: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (SIGTERM, SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    services = open_for(settings)
    try:
        await reach(services, settings)
        async with at_work(services.store, services.now, services.hints, jobs=True):
            tell(f"Working on {settings.database_name}. Ctrl+C stops it.")
            await stop.wait()
    finally:
        await services.store.close()
