"""The application: every path it serves, and what it says of all others."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import Connection, text
from starlette.applications import Starlette

from gateway.server.app import create_app
from gateway.server.auth import Role, Tokens
from gateway.server.problem import OperatorProblem
from gateway.server.settings import Settings
from gateway.store import invoices
from tests import databases
from tests.server.scene import Scene

pytestmark = pytest.mark.anyio

TINY = {"schema": "tests.server.tiny:schema", "context": "tests.server.tiny:make_context"}
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pytest.fixture
async def scene(database_url: str) -> AsyncGenerator[Scene, None]:
    scene = Scene(database_url)
    yield scene
    await scene.store.close()


@pytest.fixture
def tokens(scene: Scene) -> Tokens:
    return Tokens(KeySet([OKPKey.generate_key("Ed25519", auto_kid=True)]), issuer="us", audience="us", now=scene.clock)


@pytest.fixture
def app(scene: Scene, tokens: Tokens) -> Starlette:
    return create_app(scene.services, tokens, Settings(), **TINY)


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient, None]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://billing.example") as client:
        yield client


async def asked(client: httpx2.AsyncClient, query: str, **headers: str) -> tuple[int, Any]:
    response = await client.post("/graphql", json={"query": query}, headers=headers)
    return response.status_code, response.json()


async def test_graphql_knows_whom_a_token_stands_for(client: httpx2.AsyncClient, scene: Scene, tokens: Tokens) -> None:
    token = tokens.issue(subject="ayse", role=Role.OWNER, account_id="acc_1", now=scene.clock(), ttl=timedelta(hours=1))

    assert await asked(client, "{ who }", authorization=f"Bearer {token}") == (200, {"data": {"who": "ayse OWNER acc_1"}})


async def test_nothing_is_shown_without_a_good_token(client: httpx2.AsyncClient, scene: Scene, tokens: Tokens) -> None:
    token = tokens.issue(subject="ayse", role=Role.OWNER, account_id="acc_1", now=scene.clock(), ttl=timedelta(hours=1))
    scene.clock.at += timedelta(hours=2)

    for headers in ({}, {"authorization": f"Bearer {token}"}, {"authorization": "Bearer x"}, {"authorization": token}):
        status, body = await asked(client, "{ who }", **headers)
        assert status == 401
        assert "data" not in body
        assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_root_leads_to_graphiql(client: httpx2.AsyncClient) -> None:
    response = await client.get("/")

    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/"])
async def test_graphiql_comes_with_the_policy_that_forbids_fetching_from_elsewhere(client: httpx2.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert 'data-endpoint="/graphql"' in response.text


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("graphiql.min.js", "text/javascript; charset=utf-8"),
        ("graphiql.min.css", "text/css; charset=utf-8"),
        ("boot.js", "text/javascript; charset=utf-8"),
    ],
)
async def test_graphiqls_files_are_served_and_known_again(client: httpx2.AsyncClient, name: str, media_type: str) -> None:
    first = await client.get(f"/graphiql/{name}")
    again = await client.get(f"/graphiql/{name}", headers={"if-none-match": first.headers["etag"]})

    assert (first.status_code, first.headers["content-type"]) == (200, media_type)
    assert (again.status_code, again.content) == (304, b"")


async def test_the_schema_is_public_text_and_known_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/schema.graphql")
    again = await client.get("/schema.graphql", headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})

    assert first.headers["content-type"] == "text/plain; charset=utf-8"
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.text.startswith("type Mutation {")
    assert first.text.endswith("}\n")
    assert again.status_code == 304


async def test_it_lives_and_is_ready_once_the_database_can_be_read(client: httpx2.AsyncClient, scene: Scene) -> None:
    await scene.publish()

    assert (await client.get("/health")).json() == {"status": "live"}
    assert (await client.get("/ready")).json() == {"status": "ready", "catalog": 1}


async def test_it_is_not_ready_without_its_database(client: httpx2.AsyncClient, scene: Scene) -> None:
    def hide(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE reference RENAME TO hidden"))

    await scene.store.database.write(hide)
    response = await client.get("/ready")

    assert (response.status_code, response.json()) == (503, {"status": "not ready"})
    assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "/graphiql/../app.py", "/graphiql/%2e%2e/x", "/graphiql/x/y", "/health/"])
async def test_an_unknown_path_is_json_404(client: httpx2.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"
    (error,) = response.json()["errors"]
    assert error["message"].startswith("There is nothing at /")
    assert error["extensions"] == {"code": "NOT_FOUND"}


async def test_a_wrong_method_is_json_405(client: httpx2.AsyncClient) -> None:
    response = await client.post("/health")

    assert response.status_code == 405
    assert response.json() == {"errors": [{"message": "Only GET is served here.", "extensions": {"code": "BAD_USER_INPUT"}}]}


async def test_a_fault_is_masked_and_logged_under_its_number(
    client: httpx2.AsyncClient, scene: Scene, tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    token = tokens.issue(subject="ayse", role=Role.OPERATOR, account_id=None, now=scene.clock(), ttl=timedelta(hours=1))

    _, body = await asked(client, "{ fault }", authorization=f"Bearer {token}")

    (error,) = body["errors"]
    assert "secret" not in json.dumps(body)
    assert [record.getMessage() for record in caplog.records] == [f"fault {error['extensions']['errorId']} at ['fault']"]


async def test_other_origins_may_read_answers_only_when_they_are_allowed(scene: Scene, tokens: Tokens, client: httpx2.AsyncClient) -> None:
    open_to = create_app(scene.services, tokens, Settings(allowed_origins=("https://shop.example",)), **TINY)
    asking = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(open_to), base_url="http://billing.example") as opened:
        shop = await opened.options("/graphql", headers={"origin": "https://shop.example", **asking})
        evil = await opened.options("/graphql", headers={"origin": "https://evil.example", **asking})
    closed = await client.options("/graphql", headers={"origin": "https://shop.example", **asking})

    assert shop.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-credentials" not in shop.headers
    assert "access-control-allow-origin" not in evil.headers
    assert "access-control-allow-origin" not in closed.headers


@pytest.mark.parametrize("name", ["schema", "context"])
async def test_a_wrong_import_string_is_named(scene: Scene, tokens: Tokens, name: str) -> None:
    with pytest.raises(OperatorProblem, match=r"tests\.server\.nowhere:it cannot be imported"):
        create_app(scene.services, tokens, Settings(), **{**TINY, name: "tests.server.nowhere:it"})


async def test_it_ticks_while_it_lives_and_closes_the_store_at_its_end(scene: Scene, app: Starlette, database_url: str) -> None:
    await scene.publish()
    account = await scene.account()
    async with app.router.lifespan_context(app):
        scene.clock.set("2026-11-02T00:00:00")
        async with asyncio.timeout(5):
            while not await scene.store.database.read(invoices.count, [account]):  # noqa: ASYNC110 - nobody tells of an invoice
                await asyncio.sleep(0.005)
        assert databases.is_held(database_url)

    assert not databases.is_held(database_url)
