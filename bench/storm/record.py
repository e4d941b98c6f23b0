"""What clients were told and watchers saw: the evidence a verdict rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A command that was acknowledged: by the entry it wrote, or by a refusal. Times are the storm's own seconds."""

    account_id: str | None
    verb: str
    key: str
    server: int
    asked_at: float
    answered_at: float
    attempts: int
    revision: int | None = None
    digest: str | None = None
    refusal: str | None = None


@dataclass(slots=True)
class Sight:
    """What one watcher saw on one connection: (seconds, revision, as of) of each event."""

    account_id: str
    server: int
    begun_at: float
    events: list[tuple[float, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """Everything that was told and seen."""

    told: list[Told] = field(default_factory=list)
    sights: dict[int, list[Sight]] = field(default_factory=dict)
    """By watcher, in the order of its connections."""
    problems: list[str] = field(default_factory=list)
    """What must not be, noticed on the way."""
    retries: Counter[str] = field(default_factory=Counter)
    """Why commands had to be sent again."""
    misfortunes: Counter[str] = field(default_factory=Counter)
    """What befell the gateways."""
