"""`catalog`: looking at a catalog file, at what publishing it would do, and publishing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .environment import settings_here

if TYPE_CHECKING:
    from gateway.billing.catalog_file import CatalogFile

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def catalog() -> None:
    """Plans and prices: check a catalog file, see what publishing it would do, and publish it.

    \b
    Examples:
      billing-gateway catalog check catalog.toml
      billing-gateway catalog plan catalog.toml
      billing-gateway catalog apply catalog.toml --plan 3f1c9a4be2d07715
    """


@catalog.command()
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Read a catalog file and list everything that is wrong with it. Nothing is published.

    \b
    Example:
      billing-gateway catalog check catalog.toml
    """
    click.echo(f"{file}: {len(_read(file).plans)} plans, nothing wrong.")


@catalog.command()
@click.argument("file", type=_FILE)
@click.option("--sample", type=click.IntRange(1), help="Bill so many accounts at most, spread over all of them.")
@click.pass_context
def plan(ctx: click.Context, file: Path, sample: int | None) -> None:
    """Show what publishing a catalog file would change, and what every open account would then pay. Nothing is published.

    Bills are expected ones, with tax and before account credit: of the running period, of the next, and of the first that
    differs, up to 25 periods ahead. It only reads, and may run beside a gateway. The exit code is 1 when publishing would
    be refused.

    \b
    Examples:
      billing-gateway catalog plan catalog.toml
      billing-gateway catalog plan catalog.toml --sample 1000
    """
    import asyncio

    from rich.console import Console

    from gateway.server.catalog_drawing import drawing
    from gateway.server.clock import system_now
    from gateway.server.errands import Declined
    from gateway.store.catalog_plan import plan as planned
    from gateway.store.looking import CannotLook, look

    from .audit import counting, expect_there

    read, settings = _read(file), settings_here()
    expect_there(settings)
    try:
        with counting("accounts") as bar:
            task = bar.add_task("", total=None)
            at = look(settings.database_url)
            found = asyncio.run(planned(at, read, system_now(), sample, lambda done, of: bar.update(task, completed=done, total=of)))
    except CannotLook as reason:
        raise Declined(f"{settings.database_name} cannot be read: {reason}.") from reason
    Console().print(drawing(found, str(file)), soft_wrap=True)
    ctx.exit(1 if found.merged.problems else 0)


@catalog.command()
@click.argument("file", type=_FILE)
@click.option("--plan", "planned", help="Digest of the plan you looked at: whatever differs from it is not published.")
@click.option("--yes", is_flag=True, help="Publish without having looked at a plan.")
def apply(file: Path, planned: str | None, yes: bool) -> None:
    """Publish a catalog file. What has begun or gone by cannot be altered; the same file again changes nothing.

    \b
    Examples:
      billing-gateway catalog apply catalog.toml --plan 3f1c9a4be2d07715
      billing-gateway catalog apply catalog.toml --yes
    """
    import asyncio

    from gateway.server.owner import run_errand

    if planned is None and not yes:
        raise click.UsageError(f"Look at `catalog plan {file}` first and give its digest with --plan, or say --yes.")
    asked = {"text": _text(file), "name": str(file), "planned": planned}
    done = asyncio.run(run_errand(settings_here(), "publish", asked, create=True))
    if done["changed"]:
        click.echo(f"Published {done['plans']} plans under revision {done['revision']}.")
    else:
        click.echo(f"Nothing changed: revision {done['revision']} says the same.")


def _read(file: Path) -> CatalogFile:
    from gateway.billing.catalog_file import CatalogProblem
    from gateway.server.catalog_reading import read_file

    try:
        return read_file(_text(file), str(file))
    except CatalogProblem as problem:
        raise click.ClickException(str(problem)) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from None
