"""The HTTP application: GraphQL, GraphiQL, the schema's text, and two questions of whoever watches over the process."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.graphql import Code, Endpoint, Identity, Limits
from gateway.jobs.work import at_work

from .auth import Tokens
from .contract import CONTEXT, SCHEMA, imported, schema_text
from .quotes import Quotes
from .services import Services
from .settings import Settings
from .static_files import StaticFile, graphiql_files

log = logging.getLogger("gateway.server")


def create_app(services: Services, tokens: Tokens, settings: Settings, *, schema: str = SCHEMA, context: str = CONTEXT) -> Starlette:
    """The application, which from its start on is also at work unasked; at its end it drains, stops that and closes the store.

    `schema` and `context` are import strings: a Strawberry schema, and `make_context(services, principal, headers)`.
    `app.state.drain` ends sockets and streams before the server waits for its connections: see `Server`.
    """
    graphql_schema: Any = imported(schema)
    make_context: Any = imported(context)
    services = replace(services, quotes=Quotes(tokens.keys, issuer=tokens.issuer))

    def context_of(identity: Identity | None, headers: Mapping[str, str]) -> object:
        return make_context(services, identity, headers)

    endpoint = Endpoint(
        graphql_schema,
        identify=tokens.identify,
        context=context_of,
        now=services.now,
        limits=_limits(settings),
        allowed_origins=settings.allowed_origins,
    )
    files = graphiql_files()
    sdl = StaticFile.of(schema_text(graphql_schema).encode(), "text/plain; charset=utf-8")

    async def home(request: Request) -> Response:
        return RedirectResponse("/graphiql", 307)

    async def graphiql(request: Request) -> Response:
        file = files.get(request.path_params.get("name", "index.html"))
        if file is None:
            raise HTTPException(404)
        return file.respond(request)

    async def contract(request: Request) -> Response:
        return sdl.respond(request)

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=_FRESH)

    async def ready(request: Request) -> Response:
        try:
            catalog = await services.store.catalog()
        except Exception:
            log.exception("the database cannot be read")
            return JSONResponse({"status": "not ready"}, 503, _FRESH)
        return JSONResponse({"status": "ready", "catalog": catalog.revision}, headers=_FRESH)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        try:
            async with at_work(services.store, services.now, services.hints, jobs=settings.jobs == "here"):
                try:
                    yield
                finally:
                    await endpoint.drain()
        finally:
            await services.store.close()

    app = Starlette(
        routes=[
            *endpoint.routes("/graphql"),
            Route("/", home),
            Route("/graphiql", graphiql),
            Route("/graphiql/", graphiql),
            Route("/graphiql/{name}", graphiql),
            Route("/schema.graphql", contract),
            Route("/health", health),
            Route("/ready", ready),
        ],
        middleware=_cross_origin(settings.allowed_origins),
        exception_handlers={HTTPException: _refuse, Exception: _fail},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.drain = endpoint.drain
    return app


_FRESH = {"cache-control": "no-store"}


def _limits(settings: Settings) -> Limits:
    return Limits(
        body_bytes=settings.body_bytes,
        query_seconds=settings.query_seconds,
        depth=settings.depth,
        fields=settings.fields,
        subscriptions_per_socket=settings.subscriptions_per_socket,
        sockets_per_principal=settings.sockets_per_principal,
    )


def _cross_origin(allowed: tuple[str, ...] | None) -> list[Middleware]:
    """Lets pages of the allowed origins read answers. Tokens come in a header, never in a cookie, so no credentials are allowed."""
    if allowed is None:
        return []
    headers = ["authorization", "content-type"]
    return [Middleware(CORSMiddleware, allow_origins=allowed, allow_methods=["GET", "POST"], allow_headers=headers, max_age=86400)]


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    message = {404: f"There is nothing at {path[:200]}.", 405: "Only GET is served here."}.get(error.status_code, error.detail)
    code = Code.NOT_FOUND if error.status_code == 404 else Code.BAD_USER_INPUT
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, error.status_code, error.headers)


async def _fail(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(8)
    log.error("fault %s at %s", number, request.scope["path"])
    extensions = {"code": Code.INTERNAL_SERVER_ERROR, "errorId": number}
    return JSONResponse({"errors": [{"message": "Internal error", "extensions": extensions}]}, 500)
