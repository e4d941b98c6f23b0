"""`catalog`: looking at a catalog file, and publishing it."""

from __future__ import annotations

from pathlib import Path

import click

from .environment import settings_here

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def catalog() -> None:
    """Plans and prices: check a catalog file, or publish it.

    \b
    Examples:
      billing-gateway catalog check catalog.toml
      billing-gateway catalog load catalog.toml
    """


@catalog.command()
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Read a catalog file and list everything that is wrong with it. Nothing is published.

    \b
    Example:
      billing-gateway catalog check catalog.toml
    """
    from gateway.billing.catalog_file import CatalogProblem
    from gateway.server.catalog_reading import read_file

    try:
        read = read_file(_text(file), str(file))
    except CatalogProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{file}: {len(read.plans)} plans, nothing wrong.")


@catalog.command()
@click.argument("file", type=_FILE)
def load(file: Path) -> None:
    """Publish a catalog file. What has begun or gone by cannot be altered; the same file again changes nothing.

    \b
    Example:
      billing-gateway catalog load catalog.toml
    """
    import asyncio

    from gateway.server.owner import run_errand

    asked = {"text": _text(file), "name": str(file)}
    done = asyncio.run(run_errand(settings_here(), "publish", asked, create=True))
    if done["changed"]:
        click.echo(f"Published {done['plans']} plans under revision {done['revision']}.")
    else:
        click.echo(f"Nothing changed: revision {done['revision']} says the same.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from None
