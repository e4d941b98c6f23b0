"""What a storm came to, as figures and a table."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from .record import Record, Told


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one kind of waiting."""

    name: str
    samples: tuple[float, ...]

    def at(self, share: float) -> float:
        """The time within which this share of them was over."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a storm came to; it was weathered when there are no violations."""

    record: Record
    violations: tuple[str, ...]
    latencies: tuple[Latency, ...]
    accounts: int
    entries: int
    invoices: int
    seconds: float

    def print(self) -> None:
        """Print tables, and what is wrong."""
        console, told = Console(), self.record.told
        facts = Table("what", "how many", title="storm")
        facts.add_row("seconds", f"{self.seconds:.0f}")
        facts.add_row("commands acknowledged", f"{len(told)}")
        facts.add_row("… of them refused", f"{sum(each.refusal is not None for each in told)}")
        facts.add_row("… sent more than once", f"{sum(each.attempts > 1 for each in told)}")
        facts.add_row("accounts", f"{self.accounts}")
        facts.add_row("journal entries", f"{self.entries}")
        facts.add_row("invoices issued", f"{self.invoices}")
        facts.add_row("watchers", f"{len(self.record.sights)}")
        sights = [sight for sights in self.record.sights.values() for sight in sights]
        facts.add_row("… their connections", f"{len(sights)}")
        facts.add_row("… their events", f"{sum(len(sight.events) for sight in sights)}")
        for name, times in sorted(self.record.misfortunes.items()):
            facts.add_row(name, f"{times}")
        for name, times in sorted(self.record.retries.items()):
            facts.add_row(f"sent again after {name}", f"{times}")
        console.print(facts)
        table = Table("milliseconds", "samples", "p50", "p90", "p99", "worst", title="latency")
        for each in self.latencies:
            table.add_row(each.name, f"{len(each.samples)}", *(f"{each.at(share):.1f}" for share in (0.5, 0.9, 0.99, 1)))
        console.print(table)
        for violation in self.violations[:50]:
            console.print(f"[red]{violation}")
        console.print(f"[red]{len(self.violations)} violations" if self.violations else "[green]no violations")


def latencies(record: Record, calm_from: float, calm_until: float) -> tuple[Latency, ...]:
    """Waiting for answers, in calm and in storm, and in calm for events of commands that another server took."""
    calm = [told for told in record.told if calm_from <= told.asked_at and told.answered_at <= calm_until]
    storm = [told for told in record.told if told.asked_at > calm_until]
    pushes = [push for told in calm if told.revision is not None for push in _pushes(told, record)]
    return (
        Latency("calm: command to answer", _waits(calm)),
        Latency("calm: answer of one server to event of another", tuple(max(0.0, at - told.answered_at) * 1e3 for told, at in pushes)),
        Latency("calm: command to one server to event of another", tuple((at - told.asked_at) * 1e3 for told, at in pushes)),
        Latency("storm: command to answer, retries included", _waits(storm)),
    )


def _waits(told: Sequence[Told]) -> tuple[float, ...]:
    return tuple((each.answered_at - each.asked_at) * 1e3 for each in told)


def _pushes(told: Told, record: Record) -> list[tuple[Told, float]]:
    """When watchers at other servers, who were watching already, saw the command's revision or a newer one."""
    assert told.revision is not None
    found = []
    for sights in record.sights.values():
        for sight in sights:
            watching = sight.events and sight.events[0][0] < told.asked_at
            if sight.account_id != told.account_id or sight.server == told.server or not watching:
                continue
            place = bisect_left(sight.events, told.revision, key=lambda event: event[1])
            if place < len(sight.events):
                found.append((told, sight.events[place][0]))
    return found
