"""What a storm is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 5, 27, 9, tzinfo=UTC)
"""What the gateway's clock says as the storm begins: just before several cut-offs."""

ANSWER_SECONDS = 20.0
"""How long a client waits for one answer before it asks again with the same key."""

PATIENCE_SECONDS = 120.0
"""How long a client asks for one command before it counts as never acknowledged."""

QUIET_SECONDS = 90.0
"""How long, after the storm, everything may take to come to rest. A job that failed is left alone for a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how many, and which misfortunes. Seconds are real ones."""

    database_url: str
    """Where the gateways keep everything: an empty database."""
    seconds: float
    """The storm proper."""
    calm_seconds: float = 0.0
    """Before it: the same load without misfortunes, in which latencies are taken once a third of it has passed."""
    servers: int = 4
    workers: int = 2
    clients: int = 64
    watchers: int = 32
    accounts: int = 48
    rate: float = 40.0
    """Commands per second of all clients together, if they are answered at once."""
    gap: float = 4.0
    """Seconds from one misfortune to the next, on average."""
    kill: bool = True
    """End servers and workers by `kill -9`, and start them again."""
    drop_connections: bool = True
    """Have PostgreSQL end all connections to the database."""
    restart_postgres: bool = False
    """Stop and start the PostgreSQL cluster; only for one that the storm started itself."""
    redis: bool = False
    """Carry hints by a Redis of the storm's own, and stop and start it."""
    step: timedelta = timedelta(hours=20)
    """How far the gateway's clock is set forward each time, on average. Zero: it is the machine's, and nothing pretends otherwise."""
    step_gap: float = 3.0
    """Seconds from one step of the clock to the next, on average."""
    seed: int = 1

    @property
    def moves_clock(self) -> bool:
        """Whether the gateways see another clock than the machine's. Every reading of that one costs them a file's."""
        return self.step > timedelta(0)

    @property
    def on_postgres(self) -> bool:
        """Whether several processes may share the database."""
        return self.database_url.startswith("postgresql")
