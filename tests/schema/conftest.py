"""A client for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.schema.given import Client


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[Client]:
    """A client of a gateway with the product's catalog."""
    client = Client(database_url)
    await client.bench.publish()
    yield client
    await client.http.aclose()
    await client.bench.store.close()


@pytest.fixture
async def owner(client: Client) -> str:
    """The token of a fresh account's owner."""
    return f"OWNER:{await client.bench.open()}"
