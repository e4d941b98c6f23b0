"""A store for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.given import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A store with the product's catalog in a temporary file."""
    bench = Bench(tmp_path / "billing.db")
    await bench.publish()
    yield bench
    await bench.store.close()
