"""What a run leaves out, said at its end: how many tests, why, and how to include them. Continuous integration leaves out nothing."""

from __future__ import annotations

import os
from collections import Counter

import pytest

_HOW = {
    "PostgreSQL": "Start a server, and name a database on it: DATABASE_TEST_URL=postgresql://user@host:5432/name make test",
    "Redis": "Start a server, and name it: REDIS_TEST_URL=redis://host:6379/0 make test",
    "the storms": 'They take minutes: make test ARGS="-m storm", or all of them: CI=1 make test',
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Where CI is set, a service that is missing is a failure. What asks for services reads that as it is imported."""
    if os.environ.get("CI"):
        os.environ.setdefault("BILLING_REQUIRE_SERVICES", "1")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, once for each reason."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    # What `-k` and `-m` leave out, somebody has chosen to.
    if not config.option.keyword and not config.option.markexpr:
        storms = sum(item.get_closest_marker("storm") is not None for item in terminalreporter.stats.get("deselected", []))
        reasons.update({"the storms": storms} if storms else {})
    if not reasons:
        return
    terminalreporter.section("left out", yellow=True)
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count} test{'s' if count > 1 else ''}: {reason}")
        for what, how in _HOW.items():
            if reason.startswith(what):
                terminalreporter.line(f"    {how}")


def _reason(report: pytest.TestReport) -> str:
    """Why a test was skipped, without where that was found."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ").partition("; DATABASE_TEST_URL")[0].partition("; REDIS_TEST_URL")[0]
