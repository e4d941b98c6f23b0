"""The end of a run, where services are missing: what was left out, and that continuous integration fails instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDS_ONE = "tests/store/test_postgres.py"
NOWHERE = {"DATABASE_TEST_URL": "postgresql://me@127.0.0.1:1/none", "REDIS_TEST_URL": "redis://127.0.0.1:1/0"}


def ran(*arguments: str, **more: str) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "BILLING_REQUIRE_SERVICES", "PYTEST_ADDOPTS")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**kept, **NOWHERE, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_what_was_left_out_is_said_at_the_end_with_the_way_to_include_it() -> None:
    code, said = ran(NEEDS_ONE)

    left_out = said.partition(" left out ")[2]
    assert code == 0
    assert "2 tests: PostgreSQL is not there (" in left_out
    assert "    Start a server, and name a database on it: DATABASE_TEST_URL=postgresql://user@host:5432/name make test\n" in left_out


def test_storms_are_said_to_be_left_out_unless_somebody_chose_to() -> None:
    _, everything = ran("tests/wire", "--collect-only")
    _, chosen = ran("tests/wire", "--collect-only", "-k", "verdict")

    assert "tests: the storms\n    They take minutes: make test ARGS=" in everything
    assert "left out" not in chosen


@pytest.mark.parametrize("variable", ["CI", "BILLING_REQUIRE_SERVICES"])
def test_where_services_are_required_a_missing_one_is_a_failure(variable: str) -> None:
    code, said = ran(NEEDS_ONE, **{variable: "1"})

    assert code == 1
    assert "PostgreSQL is required and not there" in said
    assert "left out" not in said
