"""A gateway in a process of its own, told what to do by its command line, as an operator would."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ("--schema", "tests.server.tiny:schema", "--context", "tests.server.tiny:make_context")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings that keep everything in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BILLING_")}
    mine = {"BILLING_DATABASE_URL": f"sqlite:///{folder}/billing.db", "BILLING_KEYS": f"{folder}/keys.json", "BILLING_PORT": "0"}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **mine, **more}


def command(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=folder,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@dataclass
class Running:
    """A process that serves, and where."""

    process: subprocess.Popen[str]
    address: str

    def stop(self, with_signal: int = signal.SIGTERM) -> tuple[int, str]:
        """End it; gives its exit code and what it wrote to the standard error."""
        self.process.send_signal(with_signal)
        _, errors = self.process.communicate(timeout=15)
        return self.process.returncode, errors


@contextmanager
def serving(folder: Path, *arguments: str, **more: str) -> Iterator[Running]:
    """Start `serve` and wait until it says where."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "gateway", "serve", *TINY, *arguments],
        cwd=folder,
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Serving (http://\S+)/graphql,", line):
                yield Running(process, found[1])
                break
        else:
            raise AssertionError(process.communicate(timeout=5)[1])
    finally:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
