"""A small shop that shows the endpoint everything a schema can do: answers, refusals, faults, waits, streams."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, NewType

import httpx2
import strawberry
import uvicorn
from graphql import GraphQLError
from starlette.applications import Starlette
from strawberry.schema.config import StrawberryConfig

from gateway.graphql import ClientError, Code, Endpoint, Identity, Limits, Unauthenticated

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEARER = {"authorization": "Bearer ann"}

Anything = NewType("Anything", object)


@dataclass
class Stage:
    """What the resolvers do is seen here, and what they wait for is opened here."""

    seen: Counter[str] = field(default_factory=Counter)
    curtain: asyncio.Event = field(default_factory=asyncio.Event)
    started: float = field(default_factory=time.monotonic)
    set_forward: timedelta = timedelta()

    def now(self) -> datetime:
        """A clock that starts at noon and runs."""
        return NOON + timedelta(seconds=time.monotonic() - self.started) + self.set_forward


@dataclass(frozen=True)
class Somebody:
    subject: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Context:
    identity: Identity | None
    headers: Mapping[str, str]
    stage: Stage
    number: int


class SoldOutError(Exception):
    """Expected: becomes a member of the result union."""


Info = strawberry.Info[Context, None]


@strawberry.type
class Bought:
    quantity: int


@strawberry.type
class SoldOut:
    message: str


class SellOut(strawberry.ExceptionHandler[SoldOutError, SoldOut]):
    def handle(self, exception: SoldOutError, *, field: object, info: object) -> SoldOut:
        return SoldOut(message=str(exception))


Purchase = Annotated[Bought | SoldOut, strawberry.union("Purchase")]


@strawberry.type
class Branch:
    leaf: int = 1

    @strawberry.field
    def branch(self) -> "Branch":
        return Branch()

    @strawberry.field
    def branches(self) -> list["Branch"]:
        return [Branch(), Branch()]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def subject(self, info: Info) -> str | None:
        return info.context.identity.subject if info.context.identity else None

    @strawberry.field
    def header(self, info: Info, name: str) -> str | None:
        return info.context.headers.get(name)

    @strawberry.field
    def context_number(self, info: Info) -> int:
        return info.context.number

    @strawberry.field
    def branch(self) -> Branch:
        return Branch()

    @strawberry.field
    def fault(self) -> int | None:
        raise RuntimeError("dsn=secret")

    @strawberry.field
    def hard_fault(self) -> int:
        raise RuntimeError("dsn=secret")

    @strawberry.field
    def refusal(self) -> int | None:
        raise ClientError("There is no such thing.", Code.NOT_FOUND)

    @strawberry.field
    def located_fault(self, info: Info, located: bool) -> int | None:
        raise GraphQLError("dsn=secret", info._raw_info.field_nodes if located else None)

    @strawberry.field
    def maybe(self, name: strawberry.Maybe[str] = None) -> str:
        return name.value if name else "nothing"

    @strawberry.field
    def anything(self, what: str) -> Anything | None:
        return {"big": 2**70, "surrogate": "\ud800", "object": object()}[what]  # type: ignore[return-value]

    @strawberry.field
    async def wait(self, info: Info) -> bool:
        info.context.stage.seen["waiting"] += 1
        try:
            await info.context.stage.curtain.wait()
            return True
        except asyncio.CancelledError:
            info.context.stage.seen["cancelled"] += 1
            raise

    @strawberry.field
    def shelf(self, number: int) -> Purchase:
        if number > 9:
            raise SoldOutError(f"no shelf {number}")
        return Bought(quantity=number)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def buy(self, info: Info, quantity: int) -> Purchase:
        if quantity > 9:
            raise SoldOutError(f"{quantity} are too many")
        info.context.stage.seen["bought"] += quantity
        return Bought(quantity=quantity)

    @strawberry.mutation
    async def buy_slowly(self, info: Info) -> Purchase:
        info.context.stage.seen["begun"] += 1
        await info.context.stage.curtain.wait()
        info.context.stage.seen["bought"] += 1
        return Bought(quantity=1)


@strawberry.type
class Event:
    number: int
    branch: Branch = strawberry.field(default_factory=Branch)

    @strawberry.field
    def context_number(self, info: Info) -> int:
        return info.context.number

    @strawberry.field
    def fault(self) -> int | None:
        raise RuntimeError("dsn=secret")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Info, to: int, filler: int = 0) -> AsyncGenerator[Event, None]:
        info.context.stage.seen["opened"] += 1
        try:
            for number in range(to):
                info.context.stage.seen["produced"] += 1
                yield Event(number=number)
                await asyncio.sleep(0)
        finally:
            info.context.stage.seen["closed"] += 1

    @strawberry.subscription
    async def text(self, info: Info, size: int) -> AsyncGenerator[str, None]:
        while True:
            info.context.stage.seen["produced"] += 1
            yield "x" * size

    @strawberry.subscription
    async def forever(self, info: Info) -> AsyncGenerator[int, None]:
        info.context.stage.seen["opened"] += 1
        try:
            yield 0
            await asyncio.Event().wait()
        finally:
            info.context.stage.seen["closed"] += 1

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("dsn=secret")

    @strawberry.subscription
    async def refuses(self, why: str = "Not for you.") -> AsyncGenerator[int, None]:
        if why:
            raise ClientError(why, Code.FORBIDDEN)
        yield 1


def make_schema(**more: object) -> strawberry.Schema:
    config = StrawberryConfig(
        scalar_map={Anything: strawberry.scalar(name="Anything", serialize=lambda value: value)}, disable_field_suggestions=True
    )
    return strawberry.Schema(Query, Mutation, Subscription, config=config, exception_handlers=[SellOut()], **more)  # type: ignore[arg-type]


SCHEMA = make_schema()


class Demo:
    """The endpoint in an application, with its stage."""

    def __init__(self, limits: Limits | None = None, allowed_origins: tuple[str, ...] | None = None) -> None:
        self.stage = Stage()
        self.contexts = 0
        self.endpoint = Endpoint(
            SCHEMA,
            identify=self.identify,
            context=self.context,
            now=self.stage.now,
            limits=limits,
            allowed_origins=allowed_origins,
        )
        self.app = Starlette(routes=self.endpoint.routes("/graphql"))

    def identify(self, token: str | None) -> Identity | None:
        match token:
            case None:
                return None
            case "ann" | "bob":
                return Somebody(token)
            case "brief":
                return Somebody("brief", self.stage.now() + timedelta(milliseconds=150))
            case "crash":
                raise RuntimeError("dsn=secret")
        raise Unauthenticated("The token is not valid.")

    def context(self, identity: Identity | None, headers: Mapping[str, str]) -> Context:
        self.contexts += 1
        return Context(identity, headers, self.stage, self.contexts)

    def client(self, **headers: str) -> httpx2.AsyncClient:
        """An HTTP client that calls the application directly, as ann unless told otherwise."""
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://demo", headers=headers or BEARER)

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[str, None]:
        """A real server of the application; gives its host and port."""
        config = uvicorn.Config(self.app, port=0, ws="websockets-sansio", lifespan="off", log_level="critical", ws_max_size=2**24)
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        # Its own loop looks around ten times a second only: too slow for a hundred tests.
        await server.startup()
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        try:
            yield f"{host}:{port}"
        finally:
            server.servers[0].close()
            for connection in list(server.server_state.connections):
                connection.shutdown()
            async with asyncio.timeout(5):
                while server.server_state.connections or server.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            await server.servers[0].wait_closed()

    async def until(self, what: str, count: int = 1) -> None:
        """Wait for something to be seen on the stage."""
        async with asyncio.timeout(5):
            while self.stage.seen[what] < count:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
