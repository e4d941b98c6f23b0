"""A store for each test, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.given import Bench


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    """A store with the product's catalog."""
    bench = Bench(database_url)
    await bench.publish()
    yield bench
    await bench.store.close()


@pytest.fixture
async def file_bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A store in a file."""
    bench = Bench(f"sqlite:///{tmp_path}/billing.db")
    await bench.publish()
    yield bench
    await bench.store.close()
