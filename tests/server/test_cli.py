"""The command line: what it prints, and what it says against what it cannot do."""

import asyncio
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.server.auth import Principal, Role, Tokens
from gateway.server.cli import cli
from gateway.server.clock import system_now
from gateway.server.keys import create_keys, read_keys
from gateway.server.settings import Settings
from gateway.store.migrate import newest
from tests import databases
from tests.billing.given import offer, plan
from tests.server.running import command, environment, serving
from tests.server.scene import COMING_CATALOG, Clock, Scene

CATALOG = Path(__file__).parents[2] / "gateway" / "server" / "catalog.toml"
ACCOUNT = "acc_01kb6y5w8hfqk9mk2v8x1n7zsd"
TINY = "tests.server.tiny:schema"


def ran(folder: Path, *arguments: str, **more: str) -> Result:
    """A command run in this process."""
    return CliRunner().invoke(cli, arguments, env=environment(folder, **more), prog_name="billing-gateway")


def told(folder: Path, *arguments: str, **more: str) -> str:
    done = ran(folder, *arguments, **more)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def refused(folder: Path, *arguments: str, **more: str) -> str:
    done = ran(folder, *arguments, **more)
    assert done.exit_code in (1, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.stderr.splitlines()[-1].removeprefix("Error: ")


async def furnished(url: str) -> str:
    """A database with an account that was opened 70 days ago; gives its id."""
    scene = Scene(url, Clock(system_now() - timedelta(days=70)))
    await scene.publish()
    account = await scene.account()
    await scene.store.close()
    return account


@pytest.mark.parametrize(
    "name",
    [
        "serve",
        "demo",
        "bill",
        "explain",
        "token",
        "catalog",
        "catalog check",
        "catalog plan",
        "catalog apply",
        "schema",
        "settings",
        "migrate",
        "migrate-plan",
    ],
)
def test_every_command_explains_itself_with_an_example(tmp_path: Path, name: str) -> None:
    text = told(tmp_path, *name.split(), "--help")

    assert f"Usage: billing-gateway {name}" in text
    assert "Example" in text
    assert f"  billing-gateway {name}" in text or f" billing-gateway {name}" in text.split("Example")[1]


def test_help_needs_none_of_the_heavy_packages(tmp_path: Path) -> None:
    code = (
        "import sys; from gateway.server.cli import cli; cli(['--help'], standalone_mode=False); "
        "heavy = {'alembic', 'babel', 'graphql', 'joserfc', 'rich', 'sqlalchemy', 'starlette', 'strawberry', 'uvicorn'}; "
        "heavy &= set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_settings_page_shows_what_is_set(tmp_path: Path) -> None:
    lines = told(tmp_path, "settings", BILLING_DAYS_TO_PAY="30").splitlines()

    assert any(line.split()[:2] == ["*", "BILLING_DAYS_TO_PAY=30"] for line in lines)
    assert any(line.split()[0] == "BILLING_DEPTH=12" for line in lines)


def test_a_wrong_setting_is_named_by_every_command_without_a_traceback(tmp_path: Path) -> None:
    said = "BILLING_PORT must be a whole number from 0 to 65535, and is 'x'."

    assert refused(tmp_path, "settings", BILLING_PORT="x") == said
    assert refused(tmp_path, "bill", BILLING_PORT="x") == said
    assert refused(tmp_path, "serve", BILLING_PORT="x") == said


def test_a_token_is_printed_alone_and_is_good(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys.json")

    text = told(tmp_path, "token", "--account", ACCOUNT, "--role", "owner", "--days", "7", "--subject", "ayse")

    checks = Tokens(read_keys(tmp_path / "keys.json"), issuer="billing-gateway", audience="billing-gateway", now=system_now)
    principal = checks.identify(text.strip())
    assert principal is not None and principal.expires_at is not None
    assert principal == Principal("ayse", Role.OWNER, ACCOUNT, principal.expires_at)
    assert timedelta(days=6, hours=23) < principal.expires_at - system_now() <= timedelta(days=7)


def test_a_token_that_makes_no_sense_is_not_signed(tmp_path: Path) -> None:
    assert refused(tmp_path, "token", "--account", ACCOUNT).endswith("keys.json cannot be read: No such file or directory.")
    create_keys(tmp_path / "keys.json")

    assert refused(tmp_path, "token") == "A token with the role OWNER needs an --account."
    assert refused(tmp_path, "token", "--account", "7") == "Invalid value for --account: 7 is not an account's id, which begins with acc_."
    assert "'ADMIN' is not one of" in refused(tmp_path, "token", "--role", "ADMIN")


def test_the_schema_is_printed_written_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    says = "schema.graphql is not what the code says: run `make schema`, and look at what changed."

    assert refused(tmp_path, "schema", "--schema", TINY, "--check") == says
    assert told(tmp_path, "schema", "--schema", TINY, "--write") == ""
    assert told(tmp_path, "schema", "--schema", TINY, "--check") == ""
    text = (tmp_path / "schema.graphql").read_text()
    assert told(tmp_path, "schema", "--schema", TINY) == text
    assert text.startswith("type Mutation {") and text.endswith("}\n")

    (tmp_path / "schema.graphql").write_text(text + "\n")
    assert refused(tmp_path, "schema", "--schema", TINY, "--check") == says


def test_a_schema_that_is_nowhere_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, "schema", "--schema", "nowhere:schema").startswith("nowhere:schema cannot be imported: ")


def test_a_catalog_is_checked_without_publishing(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('currencies = ["TRY"]\n')

    assert told(tmp_path, "catalog", "check", str(CATALOG)) == f"{CATALOG}: 15 plans, nothing wrong.\n"
    assert refused(tmp_path, "catalog", "check", str(tmp_path / "bad.toml")) == f"{tmp_path}/bad.toml: there is no plan"
    assert not (tmp_path / "billing.db").exists()


def test_a_catalog_is_published_once(tmp_path: Path, database_url: str) -> None:
    load = ("catalog", "apply", str(CATALOG), "--yes")

    assert told(tmp_path, *load, BILLING_DATABASE_URL=database_url) == "Published 15 plans under revision 1.\n"
    assert told(tmp_path, *load, BILLING_DATABASE_URL=database_url) == "Nothing changed: revision 1 says the same.\n"


def test_a_catalog_is_published_as_it_was_planned_or_not_at_all(tmp_path: Path, database_url: str) -> None:
    account = asyncio.run(furnished(database_url))
    name = tmp_path / "coming.toml"
    name.write_text(COMING_CATALOG)

    plan = told(tmp_path, "catalog", "plan", str(name), BILLING_DATABASE_URL=database_url)

    assert plan.splitlines()[:5] == [
        f"Publishing {name} would make revision 2.",
        "plans › coming",
        "    descriptions › tr: coming",
        "plans › coming › offers › 2999-01-01",
        "    prices › MONTH TRY › base: 300.00 TRY → 10.00 TRY",
    ]
    assert "Expected bills of 1 open accounts, with tax, before account credit:" in plan
    assert account not in plan  # it has another plan
    digest = plan.split()[-1]
    without = refused(tmp_path, "catalog", "apply", str(name), BILLING_DATABASE_URL=database_url)
    assert without == f"Look at `catalog plan {name}` first and give its digest with --plan, or say --yes."
    other = refused(tmp_path, "catalog", "apply", str(name), "--plan", "0" * 16, BILLING_DATABASE_URL=database_url)
    assert other == f"This is not what was planned: its digest is {digest}, and not {'0' * 16}. Look at a new plan first."
    applied = told(tmp_path, "catalog", "apply", str(name), "--plan", digest, BILLING_DATABASE_URL=database_url)
    assert applied == "Published 9 plans under revision 2.\n"
    again = told(tmp_path, "catalog", "plan", str(name), BILLING_DATABASE_URL=database_url)
    assert again == "Nothing would change: revision 2 says the same.\n"


def test_a_plan_that_would_be_refused_says_why_and_ends_with_1(tmp_path: Path, database_url: str) -> None:
    asyncio.run(furnished(database_url))
    name = tmp_path / "coming.toml"
    name.write_text(COMING_CATALOG.replace("2999-01-01", "2020-01-01"))

    done = ran(tmp_path, "catalog", "plan", str(name), BILLING_DATABASE_URL=database_url)

    assert (done.exit_code, done.stderr) == (1, "")
    first, second = " ".join(done.stdout.split()).split(" would be refused: ")
    assert (first, second.startswith("coming: the offer from 2020-01-01 differs from what was published")) == (str(name), True)


def test_migrate_makes_the_tables(tmp_path: Path, database_url: str) -> None:
    databases.take_tables_away(database_url)
    name = Settings(database_url=database_url).database_name

    assert told(tmp_path, "migrate", BILLING_DATABASE_URL=database_url) == f"{name} is at version {newest()}.\n"
    assert databases.fetch(database_url, "SELECT version_num FROM alembic_version") == [(newest(),)]
    assert databases.fetch(database_url, "SELECT count(*) FROM account") == [(0,)]


def test_bill_prints_what_it_issued_and_a_second_time_nothing(tmp_path: Path, database_url: str) -> None:
    asyncio.run(furnished(database_url))
    day = (system_now() - timedelta(days=200)).date().isoformat()

    early = told(tmp_path, "bill", "--until", day, BILLING_DATABASE_URL=database_url)
    dry = told(tmp_path, "bill", "--dry-run", BILLING_DATABASE_URL=database_url)
    issued = told(tmp_path, "bill", BILLING_DATABASE_URL=database_url)
    again = told(tmp_path, "bill", BILLING_DATABASE_URL=database_url)

    assert "Would be issued" in dry and "Issued" in issued
    assert dry.split("\n")[1:] == issued.split("\n")[1:]
    assert "₺" in issued
    assert [cell.strip() for cell in early.splitlines()[4].split("│")[1:4]] == ["0", "0", "–"]
    assert early == again


def test_bill_refuses_a_day_that_is_none_or_lies_ahead(tmp_path: Path, database_url: str) -> None:
    told(tmp_path, "migrate", BILLING_DATABASE_URL=database_url)

    soon, late = (refused(tmp_path, "bill", "--until", day, BILLING_DATABASE_URL=database_url) for day in ("soon", "2999-01-01"))

    assert "'soon' does not match the format '%Y-%m-%d'" in soon
    assert late == "2999-01-01 lies in the future: periods are billed once they are over."


async def retired(url: str) -> str:
    """A database with an account on a plan that was taken off sale since; gives its id."""
    now = system_now()
    scene = Scene(url, Clock(now - timedelta(days=70)))
    gone = plan("gone", offer("gone", "MONTH 120 TRY"), offer("gone", "MONTH 120 TRY", (now - timedelta(days=60)).date(), on_sale=False))
    await scene.store.publish((gone, plan("next", offer("next", "MONTH 150 TRY"))), "USED_DAY", scene.clock())
    account = await scene.account(plan="gone")
    await scene.store.close()
    return account


def test_migrate_plan_shows_what_it_means_before_it_does_it_once(tmp_path: Path, database_url: str) -> None:
    account = asyncio.run(retired(database_url))
    move = ("migrate-plan", "gone", "next", "--on", (system_now() + timedelta(days=60)).date().isoformat())

    dry = told(tmp_path, *move, "--dry-run", BILLING_DATABASE_URL=database_url)
    done = told(tmp_path, *move, BILLING_DATABASE_URL=database_url)
    again = told(tmp_path, *move, BILLING_DATABASE_URL=database_url)

    titles = [text.splitlines()[0].strip() for text in (dry, done, again)]
    assert titles == ["Would be moved: 1", "Will be moved: 1", "Will be moved: 0"]
    assert dry.split("\n")[1:] == done.split("\n")[1:]
    assert [cell.strip() for cell in done.splitlines()[4].split("│")[1:4]] == [account, "₺120.00", "₺150.00"]
    assert again.endswith("Scheduled before: 1\n")


def test_migrate_plan_names_whom_it_could_not_move(tmp_path: Path, database_url: str) -> None:
    account = asyncio.run(retired(database_url))
    soon = (system_now() + timedelta(days=3)).date().isoformat()

    unknown = refused(tmp_path, "migrate-plan", "gone", "none", "--on", soon, BILLING_DATABASE_URL=database_url)
    late = refused(tmp_path, "migrate-plan", "gone", "next", "--on", soon, BILLING_DATABASE_URL=database_url)

    assert unknown == "There is no plan none."
    assert late.startswith(f"  {account}: Holders need 30 days of notice; choose ")


def test_explain_adds_the_days_of_the_running_month_and_of_one_that_was_invoiced(tmp_path: Path, database_url: str) -> None:
    account = asyncio.run(furnished(database_url))
    told(tmp_path, "bill", BILLING_DATABASE_URL=database_url)
    before = f"{(system_now() - timedelta(days=40)):%Y-%m}"

    plain, running, past = (
        told(tmp_path, "explain", account, *more, "--locale", "en", BILLING_DATABASE_URL=database_url)
        for more in ([], ["--days"], [before, "--days"])
    )

    for text in (running, past):
        assert "The only state of the day." in text
        assert re.search(r"USED_DAY\s+#2 addPackage\n", text)
    assert running.startswith(plain.rstrip("\n"))
    assert "The only state of the day." not in plain


def test_explain_bill_and_apply_work_while_a_gateway_runs(tmp_path: Path, database_url: str) -> None:
    """The gateway that owns a file does it for them; a server they use beside it."""
    account = asyncio.run(furnished(database_url))
    (tmp_path / "coming.toml").write_text(COMING_CATALOG)

    with serving(tmp_path, BILLING_DATABASE_URL=database_url):
        billed = command(tmp_path, "bill", BILLING_DATABASE_URL=database_url)
        drawn = told(tmp_path, "explain", account, "--locale", "en", BILLING_DATABASE_URL=database_url)
        loaded = told(tmp_path, "catalog", "apply", str(tmp_path / "coming.toml"), "--yes", BILLING_DATABASE_URL=database_url)

    assert (billed.returncode, billed.stderr) == (0, "")
    assert billed.stdout.startswith("Issued")
    assert "Acme" in drawn
    assert loaded == "Published 9 plans under revision 2.\n"
