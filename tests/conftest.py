"""What every test shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests import databases

# The everyday profile tries the same examples each time, so that a red run is red again, and reports the first failure as
# it is: making an account's history small takes minutes. `small` does that for the same examples; `long` looks for new ones.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
_SAME = settings(_PATIENT, max_examples=100, stateful_step_count=40, derandomize=True, database=None)
settings.register_profile("quick", _SAME, phases=[Phase.explicit, Phase.generate])
settings.register_profile("small", _SAME)
settings.register_profile("long", _PATIENT, max_examples=2000, stateful_step_count=60, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def anyio_backend() -> str:
    """The gateway runs on asyncio."""
    return "asyncio"


@pytest.fixture(params=databases.KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, on each kind there is."""
    with databases.database_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    databases.drop_template()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the storms to CI, and to whoever asks for them: everything else takes a few minutes."""
    if os.environ.get("CI") or config.option.markexpr or any("::" in each or each.endswith("test_storm.py") for each in config.args):
        return
    storms = [item for item in items if item.get_closest_marker("storm")]
    if storms:
        items[:] = [item for item in items if item not in storms]
        config.hook.pytest_deselected(items=storms)
