"""`serve`, `worker` and `demo`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from .environment import settings_here


@click.command()
@click.option("--host", help="Address to listen on; else BILLING_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for any; else BILLING_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes; several need PostgreSQL.")
@click.option("--listener", type=int, hidden=True, help="The socket of the process that started this one.")
@click.option("--schema", default="schema:schema", show_default=True, help="Import string of the GraphQL schema.")
@click.option("--context", default="resolvers:make_context", show_default=True, help="Import string of what makes an operation's context.")
def serve(host: str | None, port: int | None, workers: int, listener: int | None, schema: str, context: str) -> None:
    """Run the gateway.

    It bills by itself at each cut-off, and takes the writing commands of this command line while it runs. SIGTERM and Ctrl+C
    let everybody know, finish what is being written, and end it with exit code 0.

    \b
    Examples:
      billing-gateway serve
      BILLING_DATABASE_URL=sqlite:////var/lib/billing.db billing-gateway serve --host 0.0.0.0 --port 80
      BILLING_DATABASE_URL=postgresql://billing@db/billing billing-gateway serve --workers 4
    """
    from gateway.server.start import start, start_one_of_several

    settings = settings_here()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    if listener is not None:
        start_one_of_several(settings, listener, schema=schema, context=context)
        return
    start(settings, click.echo, schema=schema, context=context, workers=workers)


@click.command()
def worker() -> None:
    """Cut what falls due, without serving anybody: on PostgreSQL, beside any number of gateways and workers.

    They share the work and do nothing twice. Set BILLING_JOBS=elsewhere for gateways that shall leave it to workers.
    SIGTERM and Ctrl+C end it with exit code 0.

    \b
    Example:
      BILLING_DATABASE_URL=postgresql://billing@db/billing billing-gateway worker
    """
    from gateway.server.work import work

    work(settings_here(), click.echo)


@click.command()
@click.option("--host", help="Address to listen on; else BILLING_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, or the next free one; else BILLING_PORT.")
@click.option("--actor/--no-actor", default=True, help="Whether somebody makes a change every few seconds.", show_default=True)
@click.option("--reset", is_flag=True, help="Begin again with a fresh history.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path(".demo"), show_default=True, help="Its folder.")
def demo(host: str | None, port: int | None, actor: bool, reset: bool, data: Path) -> None:
    """Run the gateway with three companies and six months of their history.

    It prints addresses, tokens and a line for curl to begin with.

    \b
    Examples:
      billing-gateway demo
      billing-gateway demo --port 9000 --no-actor --reset
    """
    from gateway.server.demo import demo as run_demo

    settings = settings_here()
    run_demo(host=host or settings.host, port=settings.port if port is None else port, actor=actor, reset=reset, data=data)
