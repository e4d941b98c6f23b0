"""The contract, asked as a client asks: through the real endpoint, on a real store."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx2
from starlette.applications import Starlette

import resolvers
import schema
from gateway.graphql import Endpoint, Unauthenticated
from gateway.server.auth import Principal, Role
from gateway.server.services import Services
from tests.store.given import Bench

ERROR = "... on Error { code message field }"
FORECAST = "forecast { revision soFar { due { amount } } expected { due { amount } lines { formula amount { amount } } } }"


class Client:
    """Sends documents; a token is a role and an account, `OWNER:acc_…`."""

    def __init__(self, url: str, **options: Any) -> None:
        self.bench = Bench(url, **options)
        self._keys = count()
        self.services = Services(self.bench.store, lambda: self.bench.now)
        endpoint = Endpoint(
            schema.schema,
            identify=identify,
            context=lambda asker, headers: resolvers.make_context(self.services, asker, headers),
            now=self.services.now,
        )
        app = Starlette(routes=endpoint.routes("/graphql"))
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway")

    async def ask(self, token: str, document: str, language: str = "en", **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        response = await self.http.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, token: str, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        answer = await self.ask(token, document, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, token: str, verb: str, shows: str = FORECAST, **fields: Any) -> dict[str, Any]:
        """Perform a mutation; its result with `__typename`."""
        fields.setdefault("idempotencyKey", f"key-{next(self._keys)}")
        kind = verb[0].upper() + verb[1:]
        body = f"__typename ... on Outcome {{ {shows} }} {ERROR}"
        data = await self.data(token, f"mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ {body} }} }}", input=fields)
        result: dict[str, Any] = data[verb]
        return result


def identify(token: str | None) -> Principal | None:
    """Who a token stands for."""
    if token is None:
        return None
    role, _, account = token.partition(":")
    if role not in Role.__members__:
        raise Unauthenticated
    return Principal(f"the {role.lower()}", Role(role), account or None, None)
