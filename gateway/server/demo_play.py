"""Playing the demo's history: every page is performed, and every period cut, at the instant it is dated.

Nothing is inserted: the accounts come out as if the gateway had run for six months. Told on the same day with
`PlayedSeeds`, the history has the same ids, figures and journal digests every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from gateway.billing.commands import Command
from gateway.jobs.bill_run import bill_run
from gateway.store.store import Store
from gateway.store.writing import Request

from .catalog_reading import read_file
from .demo_history import DIARIES, MONTHS, Diary, Page

OPERATOR: Final = "operator"
_CATALOG: Final = Path(__file__).with_name("catalog.toml")


class PlayedSeeds:
    """Seeds for a store that plays the history: the same ones in the same order, every time."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self) -> bytes:
        """The next 16 bytes."""
        self._drawn += 1
        return sha256(b"demo %d" % self._drawn).digest()[:16]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at an instant: a page of a diary, or (without one) the cut-off of its account."""

    at: datetime
    diary: Diary
    page: Page | None


def moments(now: datetime) -> list[Moment]:
    """What has happened by now, over all accounts, in order of time."""
    told = [Moment(page.at(diary.calendar, now), diary, page) for diary in DIARIES for page in diary.story]
    cuts = [Moment(at, diary, None) for diary in DIARIES for at in _cut_offs(diary, now)]
    return sorted((moment for moment in told + cuts if moment.at < now), key=lambda moment: moment.at)


def _cut_offs(diary: Diary, now: datetime) -> list[datetime]:
    calendar = diary.calendar
    running = calendar.month(calendar.today(now))
    return [calendar.instant(calendar.start(month)) for month in range(running - MONTHS + 1, running + 1)]


async def play(store: Store, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Play the history that is over by now into an empty store; `progress` is told how much of it is done, of how much.

    RuntimeError when a page is refused or a period cannot be cut: the story, or a rule, is wrong then.
    """
    story = moments(now)
    file = read_file(_CATALOG.read_text(encoding="utf-8"), _CATALOG.name)
    await store.publish(file.plans, file.convention, story[0].at, promotions=file.discounts, tax=file.tax)
    accounts: dict[str, str] = {}
    packages: dict[str, dict[str, str]] = {diary.owner: {} for diary in DIARIES}
    for done, moment in enumerate(story, start=1):
        owner, page = moment.diary.owner, moment.page
        if page is None:
            await _cut(store, moment.at)
        else:
            mine = packages[owner]
            request = Request(
                command=_with_ids(page.deed, mine),
                account_id=accounts.get(owner),
                actor=owner if owner in accounts else OPERATOR,
                key=f"{owner} {page.month} {page.day} {page.time}",
            )
            answer = await store.perform(request, moment.at)
            if answer.refusal is not None or answer.subject is None:
                raise RuntimeError(f"The demo's history stops at {request.key}: {answer.refusal}") from answer.refusal
            accounts[owner] = answer.account_id
            if page.called:
                mine[page.called] = answer.subject
        progress(done, len(story))


def _with_ids(deed: Command, packages: dict[str, str]) -> Command:
    """The command, with the package's id where the diary has its name."""
    called = getattr(deed, "package_id", None)
    return deed if called is None else replace(deed, package_id=packages[called])  # type: ignore[type-var]


async def _cut(store: Store, at: datetime) -> None:
    run = await bill_run(store, until=at, now=at)
    if run.failures:
        raise RuntimeError(f"The demo's history stops at {at}: not cut were {', '.join(run.failures)}")
