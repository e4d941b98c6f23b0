"""`serve`: everything between the command and the first request."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from gateway.billing.catalog_file import CatalogProblem
from gateway.store.database import DatabaseBusy, DatabaseBusyNow, TablesUnfit

from .admin import admin_path
from .auth import Tokens
from .catalog_reading import read_file
from .clock import system_now
from .errands import Declined
from .keys import create_keys
from .log import configure_log
from .owner import open_for
from .problem import OperatorProblem
from .serve import address, bind, run, serve
from .services import Services
from .settings import Settings
from .workers import READY, Workers, again, end_with_parent

_EXAMPLE: Final = Path(__file__).with_name("catalog.toml")


def start(settings: Settings, tell: Callable[[str], None], *, schema: str, context: str, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT, with as many processes as `workers`; `tell` is given what the operator should read.

    :raises OperatorProblem: the port is taken, or the database, the keys or the catalog cannot be used.
    """
    _refuse_what_cannot_be(settings, workers)
    listener = bind(settings.host, settings.port)
    configure_log()
    is_new = not settings.keys.exists()
    tokens = Tokens(create_keys(settings.keys), issuer=settings.issuer, audience=settings.audience, now=system_now)
    if is_new:
        tell(f"Made the keys that sign tokens: {settings.keys}")
    # An address of port 0 is known only now.
    settings = replace(settings, port=listener.getsockname()[1])
    where = address(listener)

    def ready() -> None:
        tell(f"Serving {where}/graphql, GraphiQL at {where}/graphiql. Ctrl+C stops it.")

    if workers > 1:
        _start_several(settings, listener, workers, ready, schema, context)
        return

    async def main(admin: Path) -> None:
        services = _open(settings, admin)
        await publish_first(services, settings)
        await serve(services, tokens, settings, listener, admin=admin, ready=ready, schema=schema, context=context)

    with admin_path() as admin:
        run(main(admin))


def _refuse_what_cannot_be(settings: Settings, workers: int) -> None:
    if settings.database_path is None:
        return
    if workers > 1:
        raise OperatorProblem(
            "One process owns a SQLite file, so there cannot be several. Leave --workers out, "
            "or set BILLING_DATABASE_URL to a PostgreSQL database."
        )
    if settings.jobs == "elsewhere":
        raise OperatorProblem("BILLING_JOBS cannot be elsewhere with SQLite: one process owns the file, and nobody else could do them.")


def _start_several(settings: Settings, listener: socket.socket, workers: int, ready: Callable[[], None], schema: str, context: str) -> None:
    """Make sure once of what all need, then let each serve on the same socket."""

    async def prepare() -> None:
        services = _open(settings)
        try:
            await publish_first(services, settings)
        finally:
            await services.store.close()

    asyncio.run(prepare())
    told = False

    def ready_once() -> None:
        nonlocal told
        if not told:
            told = True
            ready()

    where = ("--host", settings.host, "--port", str(settings.port), "--listener", str(listener.fileno()))
    command = again("serve", *where, "--schema", schema, "--context", context)
    if not asyncio.run(Workers(command, listener.fileno(), workers, ready_once).run()):
        raise OperatorProblem("A process did not end in order; the log says why.")


def start_one_of_several(settings: Settings, descriptor: int, *, schema: str, context: str) -> None:
    """Serve on a socket that another process opened and shares among several, until SIGTERM or until that process is gone."""
    configure_log()
    tokens = Tokens(create_keys(settings.keys), issuer=settings.issuer, audience=settings.audience, now=system_now)

    def ready() -> None:
        print(READY.decode(), flush=True)  # noqa: T201 - to the process that started this one

    async def main() -> None:
        services = _open(settings)
        # Its tables are up to date before the first request is taken.
        await publish_first(services, settings)
        watching = asyncio.create_task(end_with_parent())
        await serve(services, tokens, settings, socket.socket(fileno=descriptor), ready=ready, schema=schema, context=context)
        watching.cancel()

    run(main())


def _open(settings: Settings, admin: Path | None = None) -> Services:
    try:
        return open_for(settings, admin)
    except DatabaseBusy as busy:
        raise Declined(f"{busy} One gateway serves one database: stop that one, or set BILLING_DATABASE_URL to another file.") from None


async def reach(services: Services, settings: Settings) -> None:
    """Make sure that the database answers, and that this gateway may run on its tables.

    :raises Declined: it does not, or it may not.
    """
    try:
        await services.store.catalog()
    except TablesUnfit as unfit:
        raise Declined(f"{settings.database_name} cannot be used. {unfit}") from None
    except DatabaseBusyNow as busy:
        raise Declined(f"The database {settings.database_name} cannot be reached: {busy}") from None


async def publish_first(services: Services, settings: Settings) -> None:
    """Publish the catalog a new database begins with; one that has a catalog keeps it.

    :raises Declined: the database cannot be reached, or the file cannot be read, or has mistakes.
    """
    await reach(services, settings)
    if (await services.store.catalog()).revision:
        return
    path = settings.catalog or _EXAMPLE
    try:
        file = read_file(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise Declined(f"BILLING_CATALOG: {path} cannot be read: {error.strerror}.") from None
    except CatalogProblem as problem:
        raise Declined(str(problem)) from None
    await services.store.publish(file.plans, file.convention, services.now(), promotions=file.discounts, tax=file.tax)
