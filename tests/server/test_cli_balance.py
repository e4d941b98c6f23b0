"""`balance` as an operator sees it: the books by currency, and its exit codes."""

import asyncio
import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.billing.commands import AddPackage, GrantCredit, OpenAccount
from gateway.billing.credit import CreditReason
from gateway.server.cli import cli
from gateway.server.clock import system_now
from tests import databases
from tests.server.running import environment, serving
from tests.server.scene import Clock, Scene
from tests.store.given import Bench


def ran(folder: Path, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environment(folder, **more), prog_name="billing-gateway")


def cells(text: str) -> list[list[str]]:
    """The rows of a table as it was printed, without its frame."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines() if line.startswith("│")]


async def furnish(url: str) -> None:
    """An account in lira with a bill that credit paid a part of, and one in euros that was only given credit."""
    bench = Bench(url)
    await bench.publish()
    lira = await bench.open()
    await bench.do(lira, AddPackage(plan="team"))
    await bench.do(lira, GrantCredit(amount=Decimal("300.00"), reason=CreditReason.GOODWILL, text="Sorry."))
    await bench.store.cut(lira, bench.now + timedelta(days=20))
    euros = (await bench.do(None, OpenAccount(name="Ufer", currency="EUR", time_zone="Europe/Berlin"))).account_id
    await bench.do(euros, GrantCredit(amount=Decimal("5.00"), reason=CreditReason.PROMOTION, text="Welcome."))
    await bench.store.close()


@pytest.mark.parametrize("kind", databases.KINDS)
def test_each_book_has_its_balance_and_both_sides_their_sum(tmp_path: Path, kind: str) -> None:
    with databases.database_url(kind, tmp_path) as url:
        asyncio.run(furnish(url))
        done = ran(tmp_path, "balance", BILLING_DATABASE_URL=url)

    assert (done.exit_code, done.stderr) == (0, "")
    # 1649.00 × 15/31 = 797.90, of which 300.00 are paid by credit
    assert cells(done.stdout) == [
        ["EUR", "CUSTOMER_CREDIT", "", "€5.00"],
        ["EUR", "GOODWILL", "€5.00", ""],
        ["EUR", "total", "€5.00", "€5.00"],
        ["TRY", "RECEIVABLE", "₺497.90", ""],
        ["TRY", "CUSTOMER_CREDIT", "₺0.00", ""],
        ["TRY", "REVENUE", "", "₺797.90"],
        ["TRY", "GOODWILL", "₺300.00", ""],
        ["TRY", "total", "₺797.90", "₺797.90"],
    ]


def test_books_out_of_balance_are_told_and_exit_with_1(tmp_path: Path) -> None:
    asyncio.run(furnish(f"sqlite:///{tmp_path}/billing.db"))
    with sqlite3.connect(tmp_path / "billing.db") as connection:
        connection.execute("UPDATE posting SET amount = amount + 1 WHERE book = 'GOODWILL' AND currency = 'EUR'")
    connection.close()

    done = ran(tmp_path, "balance")

    assert (done.exit_code, done.stderr) == (1, "Out of balance: EUR. The audit tells where.\n")
    assert ["EUR", "total", "€5.01", "€5.00"] in cells(done.stdout)


def test_it_explains_itself_and_says_when_there_is_nothing_or_nowhere_to_look(tmp_path: Path) -> None:
    assert "billing-gateway balance" in ran(tmp_path, "balance", "--help").stdout.split("Example")[1]
    nowhere = ran(tmp_path, "balance")
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert f"There is no database at {tmp_path}/billing.db." in nowhere.stderr
    assert ran(tmp_path, "migrate").exit_code == 0
    assert ran(tmp_path, "balance").stdout == "Nothing was billed or credited yet.\n"
    with sqlite3.connect(tmp_path / "billing.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    behind = ran(tmp_path, "balance")
    assert (behind.exit_code, behind.stdout) == (2, "")
    assert "its tables are at version 0000" in behind.stderr


def test_it_works_beside_a_running_gateway(tmp_path: Path) -> None:
    async def begin() -> None:
        scene = Scene(f"sqlite:///{tmp_path}/billing.db", Clock(system_now() - timedelta(days=70)))
        await scene.publish()
        account = await scene.account()
        await scene.store.cut(account, system_now())
        await scene.store.close()

    asyncio.run(begin())
    with serving(tmp_path) as running:
        done = ran(tmp_path, "balance")
        running.stop()

    assert (done.exit_code, done.stderr) == (0, "")
    receivable, revenue, total = cells(done.stdout)
    assert (receivable[1], revenue[1]) == ("RECEIVABLE", "REVENUE")
    assert receivable[2] == revenue[3] == total[2] == total[3]
