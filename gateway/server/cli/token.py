"""`token`: signing one."""

from __future__ import annotations

from datetime import timedelta

import click

from .environment import settings_here


@click.command()
@click.option("--account", help="The account it is for; operators need none.")
@click.option("--role", type=click.Choice(["OWNER", "PARTNER", "OPERATOR"], case_sensitive=False), default="OWNER", show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How long it is good.")
@click.option("--subject", help="Who holds it, as the journal will name them; the role and the account when left out.")
def token(account: str | None, role: str, days: int, subject: str | None) -> None:
    """Sign a bearer token with the gateway's keys, and print it.

    \b
    Examples:
      billing-gateway token --account acc_01kb6y5w8hfqk9mk2v8x1n7zsd
      billing-gateway token --role OPERATOR --days 1 --subject ayse@example.com
    """
    from gateway.billing.ids import prefix_of
    from gateway.server.auth import Role, Tokens
    from gateway.server.clock import system_now
    from gateway.server.keys import read_keys

    settings, held = settings_here(), Role(role)
    if account is None and held is not Role.OPERATOR:
        raise click.UsageError(f"A token with the role {held} needs an --account.")
    if account is not None and prefix_of(account) != "acc":
        raise click.BadParameter(f"{account} is not an account's id, which begins with acc_.", param_hint="--account")
    tokens = Tokens(read_keys(settings.keys), issuer=settings.issuer, audience=settings.audience, now=system_now)
    name = subject or ":".join(filter(None, (held.value.lower(), account)))
    click.echo(tokens.issue(subject=name, role=held, account_id=account, now=system_now(), ttl=timedelta(days=days)))
