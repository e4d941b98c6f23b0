"""The storm in short: whatever dies in the middle, every acknowledged command is there once, in one order, and seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bench.storm.plan import Plan
from bench.storm.storm import storm
from tests.databases import database_url

pytestmark = [pytest.mark.anyio, pytest.mark.storm]

STEP = timedelta(days=1)


async def test_a_storm_over_two_servers_and_a_worker_loses_doubles_and_hides_nothing(tmp_path: Path) -> None:
    with database_url("postgresql", tmp_path) as url:
        plan = Plan(
            database_url=url,
            seconds=8, servers=2, workers=1, clients=8, watchers=6, accounts=6, rate=25, gap=1.5, step=STEP, step_gap=0.7,
        )  # fmt: skip
        report = await storm(plan, tmp_path)
    assert report.violations == ()
    assert report.record.misfortunes.total() > report.record.misfortunes["clock set forward"] > 0
    assert report.invoices > 0
    assert len(report.record.told) > 20


async def test_a_storm_over_one_server_on_a_file_loses_doubles_and_hides_nothing(tmp_path: Path) -> None:
    plan = Plan(
        database_url=f"sqlite:///{tmp_path}/billing.db",
        seconds=6, servers=1, workers=0, clients=8, watchers=6, accounts=6, rate=25, gap=1.5, step=STEP, step_gap=0.7,
    )  # fmt: skip
    report = await storm(plan, tmp_path)
    assert report.violations == ()
    assert report.record.misfortunes["server killed"] > 0
    assert report.invoices > 0
    assert len(report.record.told) > 20
