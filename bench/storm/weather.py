"""The weather: misfortunes at random, and a clock that runs ahead."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.wire.gateway import Clock

from .fleet import Fleet
from .plan import Plan
from .process import Process
from .record import Record

Misfortune = Callable[[], Awaitable[None]]


class Weather:
    """What befalls a fleet while clients work."""

    def __init__(self, plan: Plan, fleet: Fleet, clock: Clock, record: Record, rng: random.Random) -> None:
        self._plan, self._fleet, self._clock, self._record, self._rng = plan, fleet, clock, record, rng

    async def storm(self, seconds: float) -> None:
        """Rage for some seconds; whatever was stopped runs again when this returns."""
        until = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tick(until))
            group.create_task(self._rage(until))

    async def _tick(self, until: float) -> None:
        while self._plan.moves_clock and await self._wait(self._plan.step_gap, until):
            self._clock.set(self._clock.now + self._plan.step * self._rng.uniform(0.2, 1.8))
            self._record.misfortunes["clock set forward"] += 1

    async def _rage(self, until: float) -> None:
        choices = self._choices()
        deck: list[str] = []
        while choices and await self._wait(self._plan.gap, until):
            # Drawn from a deck, so that everything comes about before anything comes too often.
            if not deck:
                deck = [name for name, (times, _) in choices.items() for _ in range(times)]
                self._rng.shuffle(deck)
            name = deck.pop()
            await choices[name][1]()
            self._record.misfortunes[name] += 1

    async def _wait(self, mean: float, until: float) -> bool:
        """Wait a while; whether there is time left then."""
        left = until - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, min(left, self._rng.uniform(0.5, 1.5) * mean)))
        return asyncio.get_running_loop().time() < until

    def _choices(self) -> dict[str, tuple[int, Misfortune]]:
        plan, fleet = self._plan, self._fleet
        choices: dict[str, tuple[int, Misfortune]] = {}
        if plan.kill:
            choices["server killed"] = (4, self._kill_server)
            if plan.workers:
                choices["worker killed"] = (2, self._kill_worker)
        if plan.drop_connections and plan.on_postgres:
            choices["connections dropped"] = (2, fleet.drop_connections)
        if plan.restart_postgres and fleet.postgres is not None:
            choices["PostgreSQL restarted"] = (1, fleet.postgres.restart)
        if fleet.redis is not None:
            choices["Redis restarted"] = (1, self._restart_redis)
        return choices

    async def _kill_server(self) -> None:
        await self._restart(self._rng.choice(self._fleet.servers))

    async def _kill_worker(self) -> None:
        await self._restart(self._rng.choice(self._fleet.workers))

    async def _restart(self, process: Process) -> None:
        await process.kill()
        await asyncio.sleep(self._rng.uniform(0, 1))
        await process.start()

    async def _restart_redis(self) -> None:
        assert self._fleet.redis is not None
        await self._fleet.redis.stop()
        await asyncio.sleep(self._rng.uniform(0.2, 2))
        await self._fleet.redis.start()
