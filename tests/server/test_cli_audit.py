"""`audit`, `copy` and `migrate --check` as an operator sees them: what they print, and their exit codes."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.server.cli import cli
from gateway.server.clock import system_now
from gateway.server.settings import Settings
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
def account(database_url: str) -> str:
    """A database with an account that was opened 70 days ago, and its id."""

    async def furnish() -> str:
        scene = Scene(database_url, Clock(system_now() - timedelta(days=70)))
        await scene.publish()
        account = await scene.account()
        await scene.store.cut(account, system_now())
        await scene.store.close()
        return account

    return asyncio.run(furnish())


@pytest.fixture
def name(database_url: str) -> str:
    """What commands call the database."""
    return Settings(database_url=database_url).database_name


@pytest.mark.parametrize("command", ["audit", "copy", "migrate"])
def test_the_commands_explain_themselves_with_an_example(tmp_path: Path, command: str) -> None:
    text = told(tmp_path, command, "--help")

    assert f"Usage: billing-gateway {command}" in text
    assert f" billing-gateway {command}" in text.split("Example")[1]


def test_a_clean_audit_says_so_and_exits_with_0(tmp_path: Path, account: str, database_url: str) -> None:
    everything = told(tmp_path, "audit", BILLING_DATABASE_URL=database_url)
    one = told(tmp_path, "audit", "--account", account, BILLING_DATABASE_URL=database_url)

    assert everything.startswith("Nothing wrong in 1 accounts, ") and everything.endswith(" s.\n")
    assert one.startswith("Nothing wrong in 1 accounts, ")


def test_findings_are_listed_and_exit_with_1(tmp_path: Path, account: str, database_url: str) -> None:
    databases.execute(database_url, "UPDATE journal SET actor = 'another' WHERE revision = 2")

    done = ran(tmp_path, "audit", BILLING_DATABASE_URL=database_url)

    assert (done.exit_code, done.stderr) == (1, "")
    assert account in done.stdout and "the entry of revision 2 is not what was sealed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 findings in 1 accounts, ")


def test_an_audit_that_cannot_be_run_exits_with_2(tmp_path: Path, account: str, database_url: str, name: str) -> None:
    nobody = refused(tmp_path, 2, "audit", "--account", "acc_none", BILLING_DATABASE_URL=database_url)
    databases.take_tables_away(database_url)
    bare = refused(tmp_path, 2, "audit", BILLING_DATABASE_URL=database_url)

    assert nobody == f"{name} cannot be audited: there is no account acc_none."
    assert bare == f"{name} cannot be audited: its tables are at version none, and this gateway's at {newest()}."
    assert refused(tmp_path, 2, "audit", BILLING_PORT="x") == "BILLING_PORT must be a whole number from 0 to 65535, and is 'x'."


def test_an_audit_of_a_file_that_is_missing_exits_with_2_and_makes_none(tmp_path: Path) -> None:
    assert refused(tmp_path, 2, "audit") == f"There is no database at {tmp_path}/billing.db. BILLING_DATABASE_URL says where it is."
    assert list(tmp_path.iterdir()) == []


def test_audit_and_check_work_beside_a_running_gateway(tmp_path: Path, account: str, database_url: str, name: str) -> None:
    with serving(tmp_path, BILLING_DATABASE_URL=database_url) as running:
        audited = told(tmp_path, "audit", BILLING_DATABASE_URL=database_url)
        checked = told(tmp_path, "migrate", "--check", BILLING_DATABASE_URL=database_url)
        code, _ = running.stop()

    assert audited.startswith("Nothing wrong in 1 accounts, ")
    assert checked == f"{name} is at version {newest()}.\n"
    assert code == 0


def test_copy_and_migrate_ask_to_stop_the_gateway_that_owns_the_file(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        copied = refused(tmp_path, 2, "copy", "--to", f"sqlite:///{tmp_path}/copy.db")
        migrated = refused(tmp_path, 1, "migrate")

    owned = f"{tmp_path}/billing.db is in use by process {running.process.pid}. "
    assert copied == f"{owned}Stop it first: what it wrote meanwhile would be left behind."
    assert migrated == f"{owned}It brought the tables up to date as it started."
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_is_made_beside_a_gateway_on_a_server(tmp_path: Path) -> None:
    with databases.database_url("postgresql", tmp_path) as url, serving(tmp_path, BILLING_DATABASE_URL=url):
        done = told(tmp_path, "copy", "--from", url, "--to", f"sqlite:///{tmp_path}/copy.db")

    assert done.splitlines()[-1].startswith("Nothing wrong in 0 accounts, ")
    assert databases.fetch(f"sqlite:///{tmp_path}/copy.db", "SELECT count(*) FROM plan") == [(15,)]


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_copy_is_counted_and_audited_and_a_second_one_refused(tmp_path: Path, account: str, database_url: str, kind: str) -> None:
    (tmp_path / "target").mkdir()
    with databases.database_url(kind, tmp_path / "target") as url:
        done = told(tmp_path, "copy", "--to", url, BILLING_DATABASE_URL=database_url)
        again = refused(tmp_path, 2, "copy", "--from", database_url, "--to", url)

        assert told(tmp_path, "audit", BILLING_DATABASE_URL=url).startswith("Nothing wrong in 1 accounts, ")

    assert [line.split("│")[2].strip() for line in done.splitlines() if line.startswith("│ account ")] == ["1"]
    assert done.splitlines()[-1].startswith("Nothing wrong in 1 accounts, ")
    assert again.startswith("Nothing was copied: it is not empty: there are rows in ")


def test_a_copy_of_damaged_data_arrives_and_its_audit_exits_with_1(tmp_path: Path, account: str, database_url: str) -> None:
    databases.execute(database_url, "UPDATE account SET cut_off_at = NULL")

    done = ran(tmp_path, "copy", "--to", f"sqlite:///{tmp_path}/copy.db", BILLING_DATABASE_URL=database_url)

    assert (done.exit_code, done.stderr) == (1, "")
    assert "cut_off_at is None" in done.stdout


def test_a_copy_from_nowhere_or_to_nowhere_makes_nothing(tmp_path: Path, account: str, database_url: str) -> None:
    copy = f"sqlite:///{tmp_path}/copy.db"

    missing = refused(tmp_path, 2, "copy", "--from", f"sqlite:///{tmp_path}/no.db", "--to", copy)
    assert missing == f"There is no database at {tmp_path}/no.db. BILLING_DATABASE_URL says where it is."
    assert refused(tmp_path, 2, "copy", "--from", database_url, "--to", "copy.db").startswith("BILLING_DATABASE_URL must look like ")
    itself = refused(tmp_path, 2, "copy", "--from", database_url, "--to", database_url)
    assert itself.startswith("Nothing was copied: it is not empty: ")
    unreachable = "postgresql://nobody@127.0.0.1:1/none"
    assert refused(tmp_path, 2, "copy", "--from", database_url, "--to", unreachable).startswith("Nothing was copied: ")
    assert not (tmp_path / "copy.db").exists() and not (tmp_path / "no.db").exists()


def test_migrate_check_tells_the_versions_and_writes_nothing(tmp_path: Path, account: str, database_url: str, name: str) -> None:
    for version in ("0000", "9999"):
        databases.execute(database_url, f"UPDATE alembic_version SET version_num = '{version}'")

        checked = refused(tmp_path, 1, "migrate", "--check", BILLING_DATABASE_URL=database_url)

        assert checked == f"{name} is at version {version}, and this gateway at {newest()}."
        assert databases.fetch(database_url, "SELECT version_num FROM alembic_version") == [(version,)]
    databases.take_tables_away(database_url)
    for _ in range(2):
        checked = refused(tmp_path, 1, "migrate", "--check", BILLING_DATABASE_URL=database_url)
        assert checked == f"{name} is at version none, and this gateway at {newest()}."


def test_migrate_check_leaves_a_file_as_it_was_and_makes_none(tmp_path: Path) -> None:
    told(tmp_path, "migrate")
    databases.execute(f"sqlite:///{tmp_path}/billing.db", "UPDATE alembic_version SET version_num = '0000'")
    before = (tmp_path / "billing.db").read_bytes()

    refused(tmp_path, 1, "migrate", "--check")
    missing = refused(tmp_path, 1, "migrate", "--check", BILLING_DATABASE_URL=f"sqlite:///{tmp_path}/no.db")

    assert (tmp_path / "billing.db").read_bytes() == before
    assert missing == f"{tmp_path}/no.db is at version none, and this gateway at {newest()}."
    assert not (tmp_path / "no.db").exists()


def test_migrate_check_is_content_with_tables_that_are_current(tmp_path: Path, database_url: str) -> None:
    told(tmp_path, "migrate", BILLING_DATABASE_URL=database_url)
    assert told(tmp_path, "migrate", "--check", BILLING_DATABASE_URL=database_url).endswith(f" is at version {newest()}.\n")
