"""A client: wants something, and asks for it with one key until it is told what became of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from itertools import count

from .documents import mutation
from .plan import ANSWER_SECONDS, PATIENCE_SECONDS
from .record import Record, Told
from .town import Json, Town, Wish, newcomer, wish
from .wire import FAILURES, Wire

_NEVER = {"KEY_REUSED", "KEY_EXPIRED"}
# What a gateway answers that cannot reach its database: the same request may be sent again.
_BUSY = "CONFLICT"


class Client:
    """One of many; `reach` gives a connection to a server by its number."""

    def __init__(
        self, name: str, town: Town, record: Record, reach: Callable[[int], Wire], servers: int, rng: random.Random, accounts: int
    ) -> None:
        self._name, self._town, self._record, self._reach = name, town, record, reach
        self._servers, self._rng, self._accounts = servers, rng, accounts
        self._keys = count()
        self._server = rng.randrange(servers)
        self._wire = reach(self._server)

    async def run(self, until: float, pause: float) -> None:
        """Ask for one thing after another, `pause` seconds apart on average, until an instant of the loop's clock."""
        time = asyncio.get_running_loop().time
        while (left := until - time()) > 0:
            await asyncio.sleep(min(left, self._rng.expovariate(1 / pause)))
            if time() < until:
                await self.act()
        await self._wire.close()

    async def act(self) -> None:
        """Ask for something believable."""
        residents = self._town.open
        if len(residents) < self._accounts:
            await self.ask(newcomer(self._rng), None)
        else:
            resident = self._rng.choice(residents)
            await self.ask(wish(resident, self._rng, may_close=True), resident.id)

    async def ask(self, what: Wish, account_id: str | None) -> None:
        """Ask until it is acknowledged, and record what was told."""
        time = asyncio.get_running_loop().time
        key = f"{self._name}-{next(self._keys)}"
        given = {**what.fields, "idempotencyKey": key, **({"accountId": account_id} if account_id else {})}
        asked_at, attempts = time(), 0
        while time() < asked_at + PATIENCE_SECONDS:
            attempts += 1
            if attempts > 1:
                await asyncio.sleep(self._rng.uniform(0.02, 0.3))
            answer = await self._once(mutation(what.verb), {"input": given})
            if answer is not None:
                self._note(answer[what.verb], account_id, what.verb, key, asked_at, time(), attempts)
                return
        self._record.problems.append(f"{what.verb} {key} was not acknowledged within {PATIENCE_SECONDS:.0f} s")

    async def _once(self, document: str, variables: Json) -> Json | None:
        """The data of an answer; None when there was none, and it has to be asked for again, perhaps elsewhere."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._wire.ask(document, variables)
        except FAILURES as failure:
            self._record.retries[type(failure).__name__] += 1
            await self._move()
            return None
        if "errors" in answer:
            code = answer["errors"][0].get("extensions", {}).get("code", "?")
            self._record.retries[code] += 1
            if code != _BUSY:
                self._record.problems.append(f"an answer was no refusal and no word of being busy, but {answer['errors']}")
            return None
        data: Json = answer["data"]
        return data

    async def _move(self) -> None:
        await self._wire.close()
        self._server = self._rng.randrange(self._servers)
        self._wire = self._reach(self._server)

    def _note(self, told: Json, account_id: str | None, verb: str, key: str, asked_at: float, now: float, attempts: int) -> None:
        entry, account = told.get("entry") or {}, told.get("account")
        if account is not None:
            self._town.seen(account)
            account_id = account["id"]
        if told.get("code") in _NEVER:
            self._record.problems.append(f"{verb} {key}: {told['code']}")
        self._record.told.append(
            Told(
                account_id=account_id,
                verb=verb,
                key=key,
                server=self._server,
                asked_at=asked_at,
                answered_at=now,
                attempts=attempts,
                revision=entry.get("revision"),
                digest=entry.get("digest"),
                refusal=told.get("code"),
            )
        )
