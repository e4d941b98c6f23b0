"""`settings`: the settings page."""

from __future__ import annotations

import os

import click

from .environment import settings_here


@click.command()
def settings() -> None:
    """Print everything that can be set, with its present value. A * marks what the environment sets.

    \b
    Example:
      BILLING_PORT=9000 billing-gateway settings
    """
    from gateway.server.settings import settings_page

    rows = settings_page(settings_here(), os.environ)
    width = max(len(row.variable) + len(row.value) for row in rows) + 3
    for row in rows:
        line = f"{'*' if row.is_set else ' '} {row.variable}={row.value}"
        click.echo(f"{line:{width}}  {row.meaning}")
