"""What every test shares."""

import os

import pytest
from hypothesis import HealthCheck, settings

# The everyday profile tries the same examples each time, so that a red run is red again; the long one looks for new ones.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.register_profile("quick", _PATIENT, max_examples=100, stateful_step_count=40, derandomize=True, database=None)
settings.register_profile("long", _PATIENT, max_examples=2000, stateful_step_count=60, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def anyio_backend() -> str:
    """The gateway runs on asyncio."""
    return "asyncio"
