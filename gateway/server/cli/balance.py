"""`balance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .audit import CouldNotRun, expect_there
from .environment import settings_here

if TYPE_CHECKING:
    from gateway.billing.ledger import Book
    from gateway.server.settings import Settings


@click.command()
@click.pass_context
def balance(ctx: click.Context) -> None:
    """Print the trial balance: what each book of the ledger amounts to, by currency. Debits and credits are the same sum.

    It only reads, and may run beside a gateway. The exit code is 0 when the books balance, 1 when they do not, 2 when it could
    not be run.

    \b
    Example:
      billing-gateway balance
    """
    import asyncio

    from gateway.server.errands import Declined
    from gateway.server.problem import OperatorProblem
    from gateway.store.looking import CannotLook

    try:
        settings = settings_here()
        expect_there(settings)
        try:
            found = asyncio.run(_summed(settings))
        except CannotLook as reason:
            raise Declined(f"{settings.database_name} cannot be summed up: {reason}.") from reason
    except OperatorProblem as problem:
        raise CouldNotRun(str(problem)) from problem
    _print_balance(found)
    off = [currency for currency, books in found.items() if sum(books.values())]
    if off:
        click.echo(f"Out of balance: {', '.join(off)}. The audit tells where.", err=True)
    ctx.exit(1 if off else 0)


async def _summed(settings: Settings) -> dict[str, dict[Book, int]]:
    from gateway.store.looking import expect_newest, look
    from gateway.store.postings import trial_balance

    async with look(settings.database_url).view() as view:
        await view(expect_newest)
        return await view(trial_balance)


def _print_balance(found: dict[str, dict[Book, int]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from gateway.billing.ledger import Book
    from gateway.billing.money import Money
    from gateway.formats import money_text

    if not found:
        click.echo("Nothing was billed or credited yet.")
        return
    table = Table("currency", "book", title="Trial balance", title_justify="left")
    table.add_column("debit", justify="right")
    table.add_column("credit", justify="right")
    for currency, books in found.items():
        for book in Book:
            if book in books:
                amount = money_text(Money(abs(books[book]), currency), "en")
                table.add_row(currency, book.value, amount if books[book] >= 0 else "", "" if books[book] >= 0 else amount)
        sums = (sum(each for each in books.values() if each > 0), -sum(each for each in books.values() if each < 0))
        table.add_row(currency, "total", *(money_text(Money(each, currency), "en") for each in sums), style="bold", end_section=True)
    Console().print(table)
