"""The server of mutants: tests are collected once, and each mutant lives in a fork of what was collected.

A function's mutant takes the place of its code; the tests that reached those lines run, the fastest first, until one fails.
What ran while modules were imported cannot be replaced afterwards: such mutants get a process of their own (`cold`).
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from .edits import Mutant, mutated

_FUNCTION = 0x1
_BROKEN = 77
_MEMORY = 4 << 30
_PATIENCE = 300.0

Line = tuple[str, int]


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    ENDLESS = "endless"
    SURVIVED = "survived"
    UNREACHED = "unreached"


class Server:
    """A plugin of pytest whose run of the tests is the run of the mutants."""

    def __init__(self, wanted: Sequence[Mutant], tests: Sequence[str], told: Callable[[Mutant, Verdict], None]) -> None:
        self._wanted, self._tests, self._told = wanted, tests, told
        self._paths = {str(Path(each.file).resolve()): each.file for each in wanted}
        self._lines: set[Line] = set()
        self._functions: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        self._failed = False

    def watch(self) -> None:
        """From now on see which lines run."""
        sys.settrace(self._call)

    def _call(self, frame: FrameType, event: str, arg: object) -> Any:
        code = frame.f_code
        file = self._paths.get(code.co_filename)
        if file is None or not code.co_flags & _FUNCTION:
            return None
        lines = self._lines

        def line(frame: FrameType, event: str, arg: object) -> Any:
            lines.add((file, frame.f_lineno))
            return line

        return line

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure, be it of the test or of what it needs, kills."""
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop."""
        sys.settrace(None)
        at_import, self._lines = self._lines, set()
        if session.testsfailed:
            raise session.Interrupted("the tests could not be collected")
        reached, seconds = self._survey(session.items)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in self._paths:
                self._functions[self._paths[each.__code__.co_filename], each.__code__.co_qualname].append(each)
        gc.collect()
        gc.freeze()
        for mutant in self._wanted:
            hit = {(mutant.file, line) for line in range(mutant.lines[0], mutant.lines[1] + 1)}
            if not any(line in reached for line in hit):
                hit = {(mutant.file, line) for line in range(mutant.statement[0], mutant.statement[1] + 1)}
            chosen = sorted({place for line in hit for place in reached.get(line, ())}, key=seconds.__getitem__)
            if not mutant.scope or hit & at_import:
                verdict = _cold(mutant, self._tests)
            elif not chosen:
                verdict = Verdict.UNREACHED
            else:
                verdict = self._warm(mutant, [session.items[place] for place in chosen], sum(seconds[place] for place in chosen))
            self._told(mutant, verdict)
        return True

    def _survey(self, items: Sequence[pytest.Item]) -> tuple[dict[Line, set[int]], list[float]]:
        """Which tests reach which line, and how long each takes; all must pass."""
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reading)
            found: list[tuple[set[Line], float]] = []
            try:
                for item, following in zip(items, (*items[1:], None), strict=True):
                    self._lines = set()
                    begun = time.process_time()
                    self.watch()
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    sys.settrace(None)
                    found.append((self._lines, time.process_time() - begun))
                    assert not self._failed, item.nodeid
                with os.fdopen(writing, "wb") as out:
                    pickle.dump(found, out)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as out:
            data = out.read()
        os.waitpid(child, 0)
        if not data:
            raise pytest.UsageError("the tests do not pass as they are")
        reached: dict[Line, set[int]] = defaultdict(set)
        survey = pickle.loads(data)
        for place, (lines, _) in enumerate(survey):
            for line in lines:
                reached[line].add(place)
        return reached, [seconds for _, seconds in survey]

    def _warm(self, mutant: Mutant, items: Sequence[pytest.Item], seconds: float) -> Verdict:
        """A fork with the mutant in place; an endless loop runs out of time."""
        if (child := os.fork()) == 0:
            try:
                signal.signal(signal.SIGPROF, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_PROF, 5 + 3 * seconds)
                resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
                self._replace(mutant)
                for item, following in zip(items, (*items[1:], None), strict=True):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if self._failed:
                        os._exit(1)
                os._exit(0)
            finally:
                os._exit(_BROKEN)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == -signal.SIGPROF:
            return Verdict.ENDLESS
        if status == _BROKEN:
            raise RuntimeError(f"no verdict on {mutant}")
        return Verdict.KILLED if status else Verdict.SURVIVED

    def _replace(self, mutant: Mutant) -> None:
        """Put the mutant's code into the function, wherever that has been handed to."""
        path = str(Path(mutant.file).resolve())
        new = next(code for code in _codes(compile(mutated(mutant), path, "exec")) if code.co_qualname == mutant.scope)
        found = self._functions[mutant.file, mutant.scope]
        assert found, mutant
        for each in found:
            each.__code__ = new


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _cold(mutant: Mutant, tests: Sequence[str]) -> Verdict:
    """A process of its own, with the mutant in place before anything is imported."""
    words = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "bench.mutants.cold", *tests]
    environment = {**os.environ, "MUTANT": f"{mutant.file}:{mutant.number}"}
    try:
        done = subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Verdict.ENDLESS
    return Verdict.KILLED if done.returncode else Verdict.SURVIVED
