"""compose.yaml starts what it says: its very commands, as processes, in the environment it sets.

Only what needs the engine's network is put right: names of its services become this machine, the database is a test's
own, and each gateway has a port of its own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.databases import database_url

from .composed import ROOT, compose, image_environment, instruction

COMPOSE = compose()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "billing-gateway"]
REDIS = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/0")


def arguments(name: str) -> list[str]:
    """A service's whole command line: the image's entry point, then the command."""
    entry = json.loads(instruction("ENTRYPOINT"))
    assert entry[0] == "python"
    return [sys.executable, *entry[1:], *SERVICES[name]["command"]]


def environment(name: str, url: str, folder: Path) -> dict[str, str]:
    """What the image and the service set, on this machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BILLING_")}
    said = {key: value for key, value in {**image_environment(), **SERVICES[name]["environment"]}.items() if key != "PATH"}
    mine = {"BILLING_DATABASE_URL": url, "BILLING_HINTS": REDIS, "BILLING_KEYS": f"{folder}/keys.json", "BILLING_HOST": "127.0.0.1"}
    assert mine.keys() <= said.keys()
    return {**kept, **said, **mine, "BILLING_PORT": "0"}


@contextmanager
def running(name: str, url: str, folder: Path, ready: str) -> Iterator[str]:
    """Start a service; gives what is found in the line that says it is ready. It must end in order."""
    errors = folder / f"{name}.err"
    with errors.open("wb") as written:
        process = subprocess.Popen(
            arguments(name), cwd=ROOT, env=environment(name, url, folder), stdout=subprocess.PIPE, stderr=written, text=True
        )
    with process:
        try:
            assert process.stdout is not None
            found = next((match for line in process.stdout if (match := re.search(ready, line))), None)
            assert found is not None, errors.read_text()
            yield found[0]
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def test_the_gateways_and_the_workers_of_compose_start_are_ready_and_end_in_order(tmp_path: Path) -> None:
    with database_url("postgresql", tmp_path) as url, ExitStack() as stack:
        gateways = [name for name in OURS if SERVICES[name]["command"] == ["serve"]]
        workers = [name for name in OURS if SERVICES[name]["command"] == ["worker"]]
        assert (len(gateways), len(workers)) == (2, 2)
        subprocess.run(arguments("migrate"), cwd=ROOT, env=environment("migrate", url, tmp_path), check=True, timeout=60)

        addresses = [stack.enter_context(running(name, url, tmp_path, r"http://127\.0\.0\.1:\d+(?=/graphql,)")) for name in gateways]
        for name in workers:
            stack.enter_context(running(name, url, tmp_path, "^Working on "))

        for address in addresses:
            with urllib.request.urlopen(f"{address}/ready", timeout=10) as answer:
                assert json.load(answer) == {"status": "ready", "catalog": 1}
            # The image's own health check, at this gateway's port.
            check = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
            check = [sys.executable, *(word.replace("http://127.0.0.1:8000", address) for word in check[1:])]
            assert subprocess.run(check, check=False, timeout=10).returncode == 0


def test_what_compose_names_is_there() -> None:
    for name in OURS:
        service = SERVICES[name]
        said = service["environment"]
        assert re.fullmatch(r"postgresql://billing:\$\{BILLING_DATABASE_PASSWORD:\?\}@postgres:5432/billing", said["BILLING_DATABASE_URL"])
        assert said["BILLING_HINTS"] == "redis://redis:6379/0"
        assert service["depends_on"].keys() <= SERVICES.keys()
        assert [volume.partition(":")[0] for volume in service["volumes"]] == ["keys"]
        assert said["BILLING_KEYS"].startswith(service["volumes"][0].partition(":")[2])
    assert {"postgres", "redis", "proxy", "gateway-1", "gateway-2"} <= SERVICES.keys()
    assert COMPOSE["volumes"].keys() == {"keys", "postgres"}
    for volume in SERVICES["proxy"]["volumes"]:
        assert (ROOT / volume.split(":")[0]).is_file()


def test_the_proxy_passes_on_to_every_gateway_and_holds_nothing_back() -> None:
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert set(re.findall(r"server ([\w-]+):8000;", text)) == {name for name in OURS if SERVICES[name]["command"] == ["serve"]}
    assert instruction("EXPOSE") == "8000"
    for line in ("proxy_buffering off;", "proxy_set_header Upgrade $http_upgrade;", "proxy_http_version 1.1;"):
        assert line in text
    assert "non_idempotent" not in text


def test_the_image_runs_as_nobody_special_and_holds_only_what_it_needs() -> None:
    assert instruction("USER") not in ("root", "0")
    copied = [words.split()[0] for words in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)]
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(copied) == sorted(let_in)
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()


def test_the_image_runs_the_versions_that_are_tested() -> None:
    def versions(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))

    image, tested = versions("requirements-image.lock"), versions("requirements-dev.lock")
    assert {"asyncpg", "redis", "strawberry-graphql"} <= image.keys()
    assert {name: tested.get(name) for name in image} == image
    text = (ROOT / "requirements-image.lock").read_text()
    assert text.count("--hash=sha256:") >= len(image) and "://" not in text
