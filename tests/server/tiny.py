"""The smallest schema that shows the server at work: who asks, a mutation that takes its time, a subscription, a fault."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path

import strawberry

from gateway.server.auth import Principal
from gateway.server.services import Services


@dataclass(frozen=True)
class Context:
    services: Services
    principal: Principal | None
    headers: Mapping[str, str]


Info = strawberry.Info[Context, None]


def leave(mark: str) -> None:
    Path(mark).touch()


@strawberry.type
class Query:
    @strawberry.field
    def who(self, info: Info) -> str:
        principal = info.context.principal
        return f"{principal.subject} {principal.role} {principal.account_id}" if principal else "nobody"

    @strawberry.field
    async def catalog(self, info: Info) -> int:
        return (await info.context.services.store.catalog()).revision

    @strawberry.field
    def fault(self) -> int | None:
        raise RuntimeError("dsn=secret")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def wait(self, seconds: float, mark: str) -> str:
        """Leave a file when it begins and one when it ends: both outlive the process."""
        leave(f"{mark}.begun")
        await asyncio.sleep(seconds)
        leave(f"{mark}.finished")
        return "finished"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def forever(self) -> AsyncGenerator[int, None]:
        yield 1
        await asyncio.Event().wait()


schema = strawberry.Schema(Query, Mutation, Subscription)


def make_context(services: Services, principal: Principal | None, headers: Mapping[str, str]) -> Context:
    return Context(services, principal, headers)
