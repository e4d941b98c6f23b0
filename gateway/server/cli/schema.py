"""`schema`: the contract as text."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--write", is_flag=True, help="Write it to ./schema.graphql.")
@click.option("--check", is_flag=True, help="Exit with 1 when ./schema.graphql says anything else.")
@click.option("--schema", "import_string", default="schema:schema", show_default=True, help="Import string of the GraphQL schema.")
def schema(write: bool, check: bool, import_string: str) -> None:
    """Print the GraphQL schema.

    \b
    Examples:
      billing-gateway schema
      billing-gateway schema --write
    """
    from gateway.server.contract import imported, schema_text

    text, file = schema_text(imported(import_string)), Path("schema.graphql")
    if check and (not file.exists() or file.read_bytes() != text.encode()):
        raise click.ClickException(f"{file} is not what the code says: run `make schema`, and look at what changed.")
    if write:
        file.write_bytes(text.encode())
    if not check and not write:
        click.echo(text, nl=False)
