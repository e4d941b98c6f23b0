"""The fleet: servers and workers on one database, under one clock that can be moved."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from gateway.server.auth import Role, Tokens
from gateway.server.keys import create_keys
from tests.server.running import ROOT, environment
from tests.wire.gateway import Clock

from .plan import Plan
from .process import Process
from .services import OwnPostgres, OwnRedis, free_port
from .wire import Http, Socket


class Fleet:
    """Processes, and how to reach them."""

    def __init__(self, plan: Plan, folder: Path, clock: Clock, postgres: OwnPostgres | None = None) -> None:
        """`postgres` is the storm's own, when it has one."""
        self._plan, self._clock, self.postgres = plan, clock, postgres
        self.redis = OwnRedis() if plan.redis else None
        keys, name = create_keys(folder / "keys.json"), "billing-gateway"
        self._tokens = Tokens(keys, issuer=name, audience=name, now=lambda: clock.now)
        hints = {"BILLING_HINTS": self.redis.url} if self.redis else {}
        jobs = {"BILLING_JOBS": "elsewhere"} if plan.workers else {}
        moved = clock.environment if plan.moves_clock else {}
        self._environment = environment(folder, BILLING_DATABASE_URL=plan.database_url, **hints, **moved)
        self._ports = [free_port() for _ in range(plan.servers)]
        self.servers = [
            Process(f"server-{number}", ["serve", "--port", str(port)], {**self._environment, **jobs}, folder, "Serving http")
            for number, port in enumerate(self._ports)
        ]
        self.workers = [Process(f"worker-{number}", ["worker"], self._environment, folder, "Working") for number in range(plan.workers)]

    def operator(self, subject: str) -> str:
        """A token that may do everything, in a name of its own."""
        now = self._clock.now
        return self._tokens.issue(subject=subject, role=Role.OPERATOR, account_id=None, now=now, ttl=timedelta(days=3650))

    def http(self, server: int, token: str) -> Http:
        """A connection to a server."""
        return Http(self._ports[server], token)

    def socket(self, server: int, token: str) -> Socket:
        """A socket to a server."""
        return Socket(self._ports[server], token)

    async def start(self) -> None:
        """Start everything; the first server alone, for it makes the tables and publishes the catalog."""
        if self.redis:
            await self.redis.start()
        await self.servers[0].start()
        await asyncio.gather(*(each.start() for each in (*self.servers[1:], *self.workers)))

    async def stop(self) -> dict[str, int | None]:
        """End everything in order; exit codes by name."""
        everybody = (*self.servers, *self.workers)
        codes = await asyncio.gather(*(each.stop() for each in everybody))
        if self.redis:
            await self.redis.stop()
        return {each.name: code for each, code in zip(everybody, codes, strict=True)}

    async def drop_connections(self) -> None:
        """Have PostgreSQL end every connection to the database but this one."""
        import asyncpg

        connection = await asyncpg.connect(self._plan.database_url, timeout=10)
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        finally:
            await connection.close()

    async def audit(self) -> tuple[int, str]:
        """What `audit` says: its exit code and its text."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway", "audit",
            cwd=ROOT, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        text, _ = await process.communicate()
        return process.returncode or 0, text.decode()
