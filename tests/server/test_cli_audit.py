"""`audit`, `copy` and `migrate --check` as an operator sees them: what they print, and their exit codes."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.server.cli import cli
from gateway.server.clock import system_now
from gateway.store.migrate import newest
from tests import databases
from tests.server.running import environment, serving
from tests.server.scene import Clock, Scene


def ran(folder: Path, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environment(folder, **more), prog_name="billing-gateway")


def told(folder: Path, *arguments: str, **more: str) -> str:
    done = ran(folder, *arguments, **more)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def refused(folder: Path, code: int, *arguments: str, **more: str) -> str:
    done = ran(folder, *arguments, **more)
    assert (done.exit_code, done.stdout) == (code, "")
    return done.stderr.splitlines()[-1].removeprefix("Error: ")


@pytest.fixture
def account(tmp_path: Path) -> str:
    """A database with an account that was opened 70 days ago, and its id."""

    async def furnish() -> str:
        scene = Scene(tmp_path / "billing.db", Clock(system_now() - timedelta(days=70)))
        await scene.publish()
        account = await scene.account()
        await scene.store.cut(account, system_now())
        await scene.store.close()
        return account

    return asyncio.run(furnish())


def damage(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "billing.db") as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("name", ["audit", "copy", "migrate"])
def test_the_commands_explain_themselves_with_an_example(tmp_path: Path, name: str) -> None:
    text = told(tmp_path, name, "--help")

    assert f"Usage: billing-gateway {name}" in text
    assert f" billing-gateway {name}" in text.split("Example")[1]


def test_a_clean_audit_says_so_and_exits_with_0(tmp_path: Path, account: str) -> None:
    everything, one = told(tmp_path, "audit"), told(tmp_path, "audit", "--account", account)

    assert everything.startswith("Nothing wrong in 1 accounts, ") and everything.endswith(" s.\n")
    assert one.startswith("Nothing wrong in 1 accounts, ")


def test_findings_are_listed_and_exit_with_1(tmp_path: Path, account: str) -> None:
    damage(tmp_path, "UPDATE journal SET actor = 'another' WHERE revision = 2")

    done = ran(tmp_path, "audit")

    assert (done.exit_code, done.stderr) == (1, "")
    assert account in done.stdout and "the entry of revision 2 is not what was sealed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 findings in 1 accounts, ")


def test_an_audit_that_cannot_be_run_exits_with_2(tmp_path: Path, account: str) -> None:
    (tmp_path / "bare.db").touch()
    bare = f"sqlite:///{tmp_path}/bare.db"

    assert refused(tmp_path, 2, "audit", BILLING_DATABASE_URL=f"sqlite:///{tmp_path}/no.db") == (
        f"There is no database at {tmp_path}/no.db. BILLING_DATABASE_URL says where it is."
    )
    assert refused(tmp_path, 2, "audit", "--account", "acc_none") == (
        f"{tmp_path}/billing.db cannot be audited: there is no account acc_none."
    )
    assert refused(tmp_path, 2, "audit", BILLING_DATABASE_URL=bare) == (
        f"{tmp_path}/bare.db cannot be audited: its tables are at version none, and this gateway's at {newest()}."
    )
    assert refused(tmp_path, 2, "audit", BILLING_PORT="x") == "BILLING_PORT must be a whole number from 0 to 65535, and is 'x'."
    assert not (tmp_path / "no.db").exists()


def test_audit_and_check_work_beside_a_running_gateway_and_copy_asks_to_stop_it(tmp_path: Path, account: str) -> None:
    with serving(tmp_path) as running:
        audited = told(tmp_path, "audit")
        checked = told(tmp_path, "migrate", "--check")
        copied = refused(tmp_path, 2, "copy", "--to", f"sqlite:///{tmp_path}/copy.db")
        code, _ = running.stop()

    assert audited.startswith("Nothing wrong in 1 accounts, ")
    assert checked == f"{tmp_path}/billing.db is at version {newest()}.\n"
    assert copied == (
        f"{tmp_path}/billing.db is in use by process {running.process.pid}. Stop it first: what it wrote meanwhile would be left behind."
    )
    assert code == 0
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_copy_is_counted_and_audited_and_a_second_one_refused(tmp_path: Path, account: str, kind: str) -> None:
    (tmp_path / "target").mkdir()
    with databases.database_url(kind, tmp_path / "target") as url:
        done = told(tmp_path, "copy", "--to", url)
        again = refused(tmp_path, 2, "copy", "--from", f"sqlite:///{tmp_path}/billing.db", "--to", url)

        assert told(tmp_path, "audit", BILLING_DATABASE_URL=url).startswith("Nothing wrong in 1 accounts, ")

    assert [line.split("│")[2].strip() for line in done.splitlines() if line.startswith("│ account ")] == ["1"]
    assert done.splitlines()[-1].startswith("Nothing wrong in 1 accounts, ")
    assert again.startswith("Nothing was copied: it is not empty: there are rows in ")


def test_a_copy_of_damaged_data_arrives_and_its_audit_exits_with_1(tmp_path: Path, account: str) -> None:
    damage(tmp_path, "UPDATE account SET cut_off_at = NULL")

    done = ran(tmp_path, "copy", "--to", f"sqlite:///{tmp_path}/copy.db")

    assert (done.exit_code, done.stderr) == (1, "")
    assert "cut_off_at is None" in done.stdout


def test_a_copy_from_nowhere_or_to_nowhere_makes_nothing(tmp_path: Path, account: str) -> None:
    here, copy = f"sqlite:///{tmp_path}/billing.db", f"sqlite:///{tmp_path}/copy.db"

    missing = refused(tmp_path, 2, "copy", "--from", f"sqlite:///{tmp_path}/no.db", "--to", copy)
    assert missing == f"There is no database at {tmp_path}/no.db. BILLING_DATABASE_URL says where it is."
    assert refused(tmp_path, 2, "copy", "--from", here, "--to", "copy.db").startswith("BILLING_DATABASE_URL must look like ")
    assert refused(tmp_path, 2, "copy", "--from", here, "--to", here).startswith("Nothing was copied: it is not empty: ")
    unreachable = "postgresql://nobody@127.0.0.1:1/none"
    assert refused(tmp_path, 2, "copy", "--from", here, "--to", unreachable).startswith("Nothing was copied: ")
    assert not (tmp_path / "copy.db").exists() and not (tmp_path / "no.db").exists()


def test_migrate_check_tells_the_versions_and_writes_nothing(tmp_path: Path, account: str) -> None:
    behind = f"{tmp_path}/billing.db is at version 0000, and this gateway at {newest()}."
    damage(tmp_path, "UPDATE alembic_version SET version_num = '0000'")
    before = (tmp_path / "billing.db").read_bytes()

    assert refused(tmp_path, 1, "migrate", "--check") == behind
    assert refused(tmp_path, 1, "migrate", "--check", BILLING_DATABASE_URL=f"sqlite:///{tmp_path}/no.db") == (
        f"{tmp_path}/no.db is at version none, and this gateway at {newest()}."
    )
    assert (tmp_path / "billing.db").read_bytes() == before
    assert not (tmp_path / "no.db").exists()
    damage(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    assert refused(tmp_path, 1, "migrate", "--check") == f"{tmp_path}/billing.db is at version 9999, and this gateway at {newest()}."


@pytest.mark.parametrize("kind", databases.KINDS)
def test_migrate_check_is_content_with_tables_that_are_current(tmp_path: Path, kind: str) -> None:
    with databases.database_url(kind, tmp_path) as url:
        told(tmp_path, "migrate", BILLING_DATABASE_URL=url)
        assert told(tmp_path, "migrate", "--check", BILLING_DATABASE_URL=url).endswith(f" is at version {newest()}.\n")
