"""The demo as one meets it: started by its command, read from what it prints. It is always on SQLite."""

from __future__ import annotations

import json
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from gateway.server.demo_data import DemoRunning, clear, owned
from tests.server.running import command, environment

LABELS = ("Turkish account", "English account", "Euro account")


@dataclass
class Demo:
    """A demo in a process of its own, and what it printed."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def after(self, label: str) -> list[str]:
        """The words behind a label; a label stands on exactly one line."""
        (line,) = [line for line in self.lines if line.startswith(f"{label} ")]
        return line.removeprefix(label).split()

    @property
    def address(self) -> str:
        return self.after("Schema")[0].removesuffix("/schema.graphql")

    def ask(self, query: str, token: str) -> dict[str, object]:
        answer = httpx2.post(f"{self.address}/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"}, timeout=10)
        found: dict[str, object] = answer.json()
        assert "errors" not in found, found
        return found

    def stop(self) -> tuple[int, str]:
        """End it; gives its exit code and what it wrote to the standard error."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=15)
        return self.process.returncode, errors


@contextmanager
def showing(folder: Path, *arguments: str) -> Iterator[Demo]:
    """Start `demo` and wait until it has said everything."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "gateway", "demo", *arguments],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    demo = Demo(process)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            demo.lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl+C"):
                break
        else:
            raise AssertionError(process.communicate(timeout=5)[1])
        yield demo
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """A demo in its usual place, with its actor."""
    with showing(folder) as demo:
        yield demo


def test_addresses_are_printed_whole_and_answer(demo: Demo) -> None:
    (graphiql,) = demo.after("GraphiQL")
    assert graphiql == f"{demo.address}/graphiql#token={demo.after('Turkish account')[1]}"
    assert httpx2.get(graphiql).status_code == 200
    assert "type Account implements Node" in httpx2.get(demo.after("Schema")[0]).text


def test_each_account_comes_with_its_owners_token(demo: Demo) -> None:
    accounts = {label: demo.after(label) for label in LABELS}
    assert len({account_id for account_id, _ in accounts.values()}) == 3
    told = [demo.ask("{ account { id currency timeZone pastInvoices { totalCount } } }", token) for _, token in accounts.values()]
    assert told == [
        {"data": {"account": {"id": each[0], "currency": currency, "timeZone": zone, "pastInvoices": {"totalCount": 6}}}}
        for each, currency, zone in zip(
            accounts.values(), ("TRY", "USD", "EUR"), ("Europe/Istanbul", "Europe/London", "Europe/Berlin"), strict=True
        )
    ]


def test_an_owner_does_not_see_the_neighbours(demo: Demo) -> None:
    token, foreign = demo.after("English account")[1], demo.after("Euro account")[0]
    assert demo.ask(f'{{ account(id: "{foreign}") {{ name }} }}', token) == {"data": {"account": None}}


def test_the_operator_sees_every_account(demo: Demo) -> None:
    (token,) = demo.after("Operator")
    found = demo.ask("{ viewer { subject rights } accounts { nodes { id } } }", token)
    ids = sorted(demo.after(label)[0] for label in LABELS)
    assert found == {
        "data": {
            "viewer": {"subject": "operator", "rights": ["STEER", "OPERATE", "REPORT"]},
            "accounts": {"nodes": [{"id": each} for each in ids]},
        }
    }


def test_the_line_for_curl_works_as_it_stands(demo: Demo) -> None:
    (line,) = [line for line in demo.lines if line.startswith("curl ")]
    curl, silent, url, *options = shlex.split(line)
    assert (curl, silent, url) == ("curl", "-sS", f"{demo.address}/graphql")
    assert options[::2] == ["-H", "-H", "-d"]
    headers = dict(option.split(": ", 1) for option in options[1:5:2])

    answer = httpx2.post(url, content=options[5], headers=headers)

    assert answer.status_code == 200
    account = answer.json()["data"]["account"]
    assert account["name"] == "Çınaraltı Kitabevi A.Ş."
    assert [each["number"] is not None for each in account["pastInvoices"]["nodes"]] == [True, True, True]


def test_a_second_demo_in_the_same_place_is_refused_and_changes_nothing(demo: Demo, folder: Path) -> None:
    before = (folder / ".demo" / "keys.json").read_bytes()

    second = command(folder, "demo", "--reset")

    assert second.returncode == 1
    assert second.stderr == "Error: A demo is running in .demo: stop it first, or choose another directory with --data.\n"
    assert (folder / ".demo" / "keys.json").read_bytes() == before


def test_somebody_makes_changes(demo: Demo) -> None:
    tokens = [demo.after(label)[1] for label in LABELS]
    until = time.monotonic() + 20
    while not any("demo-actor" in json.dumps(demo.ask("{ account { history(first: 1) { nodes { actor } } } }", token)) for token in tokens):
        assert time.monotonic() < until, "nobody made a change"
        time.sleep(0.2)


def test_started_again_it_goes_on_from_where_it_was_on_the_next_free_port(tmp_path: Path) -> None:
    with showing(tmp_path, "--no-actor", "--data", "mine") as first:
        token = first.after("Turkish account")[1]
        accounts = [first.after(label)[0] for label in LABELS]
        answer = first.ask("{ account { id revision forecast { expected { due { amount } } } } }", token)
        assert first.stop()[0] == 0

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with showing(tmp_path, "--no-actor", "--data", "mine", "--port", str(port)) as again:
            assert again.lines[0] == f"Port {port} is taken; taking {again.address.rsplit(':', 1)[1]}."
            assert [again.after(label)[0] for label in LABELS] == accounts
            assert again.ask("{ account { id revision forecast { expected { due { amount } } } } }", token) == answer
            code, errors = again.stop()
    assert (code, errors.strip()) == (0, "")


def test_clearing_deletes_the_demos_own_files_and_nothing_else(tmp_path: Path) -> None:
    for name in "demo.db demo.db-wal demo.db-shm demo.db.lock half-played.db half-played.db.lock keys.json notes.txt".split():
        (tmp_path / name).write_text("x")

    with owned(tmp_path):
        clear(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"demo.lock", "notes.txt"}


def test_a_directory_has_one_demo_at_a_time(tmp_path: Path) -> None:
    with owned(tmp_path / "new"), pytest.raises(DemoRunning), owned(tmp_path / "new"):
        pass
    with owned(tmp_path / "new"):
        pass
