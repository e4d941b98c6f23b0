"""The demo's own directory: who may use it, the history in it, and clearing it away."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store

from .demo_play import PlayedSeeds, play
from .problem import OperatorProblem
from .tax_ids import tax_id_form

KEYS: Final = "keys.json"
_DATABASE: Final = "demo.db"
_HALF_PLAYED: Final = "half-played.db"
_LOCK: Final = "demo.lock"
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


class DemoRunning(OperatorProblem):
    """Another process is using the directory."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"A demo is running in {directory}: stop it first, or choose another directory with --data.")


@contextmanager
def owned(directory: Path) -> Iterator[None]:
    """Have the directory to oneself, making it if need be; the right to it ends with the process at the latest.

    :raises DemoRunning: another process has it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _held(directory, _LOCK):
        yield


def clear(directory: Path) -> None:
    """Delete what the demo keeps in its directory, and nothing else that lies there.

    :raises DemoRunning: a gateway has the demo's database open.
    """
    with ExitStack() as locks:
        for name in (_DATABASE, _HALF_PLAYED):
            locks.enter_context(_held(directory, f"{name}.lock"))
        for name in (_DATABASE, _HALF_PLAYED):
            _delete(directory, name)
        (directory / KEYS).unlink(missing_ok=True)


async def open_history(directory: Path, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> Path:
    """The database with the history in it, played now unless it was before.

    It plays under another name and gets its own when it is whole: one that was broken off is played over.
    """
    path, half_played = directory / _DATABASE, directory / _HALF_PLAYED
    if path.exists():
        return path
    _delete(directory, _HALF_PLAYED)
    store = Store(open_database(f"sqlite:///{half_played}"), Feed(), PlayedSeeds(), tax_ids=tax_id_form)
    try:
        await play(store, now, progress)
    finally:
        await store.close()
    if half_played.with_name(f"{_HALF_PLAYED}-wal").exists():
        raise RuntimeError(f"{half_played} was not closed well; start the demo again.")
    half_played.rename(path)
    half_played.with_name(f"{_HALF_PLAYED}.lock").unlink()
    return path


def _delete(directory: Path, name: str) -> None:
    for beside in (*_BESIDE, ".lock"):
        (directory / f"{name}{beside}").unlink(missing_ok=True)


@contextmanager
def _held(directory: Path, name: str) -> Iterator[None]:
    with (directory / name).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoRunning(directory) from None
        yield
