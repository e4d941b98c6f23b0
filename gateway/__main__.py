"""`python -m gateway`: the command line, also installed as `billing-gateway`."""

from __future__ import annotations

from gateway.server.cli import cli


def main() -> None:
    """Run the command line."""
    cli(prog_name="billing-gateway")


if __name__ == "__main__":
    main()
