"""`serve`: everything between the command and the first request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from gateway.billing.catalog_file import CatalogProblem, read_catalog
from gateway.store.database import DatabaseBusy

from .admin import admin_path
from .auth import Tokens
from .clock import system_now
from .errands import Declined
from .keys import create_keys
from .log import configure_log
from .owner import open_for
from .serve import address, bind, run, serve
from .services import Services
from .settings import Settings

_EXAMPLE: Final = Path(__file__).with_name("catalog.toml")


def start(settings: Settings, tell: Callable[[str], None], *, schema: str, context: str) -> None:
    """Serve until SIGTERM or SIGINT; `tell` is given what the operator should read.

    :raises OperatorProblem: the port is taken, or the database, the keys or the catalog cannot be used.
    """
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

    async def main(admin: Path) -> None:
        services = _open(settings, admin)
        await publish_first(services, settings)
        await serve(services, tokens, settings, listener, admin=admin, ready=ready, schema=schema, context=context)

    with admin_path() as admin:
        run(main(admin))


def _open(settings: Settings, admin: Path) -> Services:
    try:
        return open_for(settings, admin)
    except DatabaseBusy as busy:
        raise Declined(f"{busy} One gateway serves one database: stop that one, or set BILLING_DATABASE_URL to another file.") from None


async def publish_first(services: Services, settings: Settings) -> None:
    """Publish the catalog a new database begins with; one that has a catalog keeps it.

    :raises Declined: the file cannot be read, or has mistakes.
    """
    if (await services.store.catalog()).revision:
        return
    path = settings.catalog or _EXAMPLE
    try:
        file = read_catalog(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise Declined(f"BILLING_CATALOG: {path} cannot be read: {error.strerror}.") from None
    except CatalogProblem as problem:
        raise Declined(str(problem)) from None
    await services.store.publish(file.plans, file.convention, services.now())
