"""The README tells the truth: its operations are asked and their answers compared, and what it names exists.

After a change that is meant, `UPDATE_README=1 make test ARGS=tests/house/test_readme.py` writes the answers and the table of settings anew.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import click
import httpx2
import pytest
from graphql import parse, validate
from rich.console import Console
from starlette.applications import Starlette

from gateway.graphql import Limits
from gateway.server.any_month import picture
from gateway.server.app import create_app
from gateway.server.auth import Role, Tokens
from gateway.server.cli import cli
from gateway.server.demo_play import PlayedSeeds, play
from gateway.server.demo_welcome import Card, cards
from gateway.server.keys import create_keys
from gateway.server.services import Services
from gateway.server.settings import Settings, settings_page
from gateway.server.tax_ids import tax_id_form
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from schema import schema

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WIDTH = 116

# A block that is asked or compared stands below a comment with its name, which readers do not see.
BLOCK = re.compile(r"<!-- (?P<name>[a-z ]+) -->\n```[a-z]+\n(?P<body>.*?)\n```\n", re.DOTALL)
ASKED = ("ask the panel", "ask the preview", "ask the estimate", "ask the change", "ask the refusal", "ask the invoice")
COMPARED = ("running month", "paused month", "panel", "preview", "first event", "change", "next event", "refusal", "invoice")
SETTINGS = re.compile(r"(?<=\| variable \| default \| meaning \|\n\|---\|---\|---\|\n)(?:\|.*\n)*")
# Code in a page: within a line, or a block of lines for the shell.
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)|```sh\n(.*?)```", re.DOTALL)

Json = Any


def settings_rows() -> str:
    """The settings page, as rows of a table."""
    rows = settings_page(Settings(), {})
    return "".join(f"| `{row.variable}` | {f'`{row.value}`' if row.value else 'not set'} | {row.meaning} |\n" for row in rows)


def blocks() -> dict[str, str]:
    """The README's named blocks."""
    return {found["name"]: found["body"] for found in BLOCK.finditer(README.read_text(encoding="utf-8"))}


def as_written(value: Json, indent: int = 0, before: int = 0) -> str:
    """JSON as people write it, lines filled; `before` is what stands on the first line already."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or indent + before + len(flat) < WIDTH:
        return flat
    if isinstance(value, dict) and len(value) == 1:
        ((key, each),) = value.items()
        return f'{{"{key}": {as_written(each, indent, before + len(key) + 6)}}}'
    inner = indent + 2
    if isinstance(value, dict):
        parts = [f'"{key}": {as_written(each, inner, len(key) + 4)}' for key, each in value.items()]
    else:
        parts = [as_written(each, inner) for each in value]
    lines: list[str] = []
    for part in parts:
        if lines and "\n" not in lines[-1] + part and inner + len(lines[-1]) + len(part) + 3 < WIDTH:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    text = ",\n".join(" " * inner + line for line in lines)
    return f"{opening}\n{text}\n{' ' * indent}{closing}"


class Reader:
    """Somebody who follows the README on the demo's first account: at a fixed instant, with its owner's token."""

    def __init__(self, app: Starlette, card: Card) -> None:
        self._app, self._token = app, card.token

    async def ask(self, document: str) -> Json:
        """The answer over HTTP, which must have no errors."""
        transport = httpx2.ASGITransport(app=self._app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as client:
            headers = {"authorization": f"Bearer {self._token}"}
            answer = (await client.post("/graphql", json={"query": document}, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer

    @asynccontextmanager
    async def watching(self, document: str) -> AsyncIterator[Callable[[], Awaitable[Json]]]:
        """A function that gives the next server-sent event; httpx would wait for the stream's end."""
        sent: asyncio.Queue[Json] = asyncio.Queue()
        received: asyncio.Queue[Json] = asyncio.Queue()
        received.put_nowait({"type": "http.request", "body": json.dumps({"query": document}).encode()})
        names = {"authorization": f"Bearer {self._token}", "accept": "text/event-stream", "content-type": "application/json"}
        headers = [(name.encode(), value.encode()) for name, value in names.items()]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        streaming = asyncio.create_task(self._app(scope, received.get, sent.put))

        async def event() -> Json:
            async with asyncio.timeout(10):
                while not (text := (await sent.get()).get("body", b"").decode()).startswith("event: next\n"):
                    continue
            return json.loads(text.removeprefix("event: next\ndata: "))

        try:
            yield event
        finally:
            received.put_nowait({"type": "http.disconnect"})
            await streaming


async def drawn(services: Services, account_id: str, month: str | None) -> str:
    """What `explain --locale en` prints, without the table of its arithmetic."""
    page = StringIO()
    Console(file=page, width=80).print(await picture(services, account_id, month, "en", 80))
    rows = [line.rstrip() for line in page.getvalue().splitlines()]
    return "\n".join(rows[: next(place for place, row in enumerate(rows) if row.startswith("Days "))]).rstrip()


async def follow(folder: Path, asked: dict[str, str]) -> dict[str, Json]:
    """Every compared block as it comes out of the gateway, asked in the order of the README."""
    store = Store(open_database(f"sqlite:///{folder}/demo.db"), Feed(), PlayedSeeds(), tax_ids=tax_id_form)
    try:
        await play(store, NOW)
        services = Services(store, lambda: NOW)
        tokens = Tokens(create_keys(folder / "keys.json"), issuer="us", audience="us", now=services.now)
        bookshop, _, maker = await cards(store, tokens, NOW)
        reader = Reader(create_app(services, tokens, Settings()), bookshop)
        found: dict[str, Json] = {"running month": await drawn(services, bookshop.account_id, None)}
        found["paused month"] = await drawn(services, maker.account_id, "2026-07")
        found["panel"] = await reader.ask(asked["ask the panel"])
        found["preview"] = await reader.ask(asked["ask the preview"])
        async with reader.watching(asked["ask the estimate"]) as event:
            found["first event"] = await event()
            found["change"] = await reader.ask(asked["ask the change"])
            found["next event"] = await event()
            found["change again"] = await reader.ask(asked["ask the change"])
        found["refusal"] = await reader.ask(asked["ask the refusal"])
        found["invoice"] = await reader.ask(asked["ask the invoice"])
        return found
    finally:
        await store.close()


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """What the gateway answers to the README's operations; written into the README when that is asked for."""
    found = asyncio.run(follow(tmp_path_factory.mktemp("readme"), blocks()))
    if os.environ.get("UPDATE_README"):

        def fresh(block: re.Match[str]) -> str:
            if block["name"] not in COMPARED:
                return block[0]
            value = found[block["name"]]
            return block[0].replace(f"\n{block['body']}\n```", f"\n{value if isinstance(value, str) else as_written(value)}\n```")

        text = BLOCK.sub(fresh, README.read_text(encoding="utf-8"))
        README.write_text(SETTINGS.sub(lambda _: settings_rows(), text), encoding="utf-8")
    return found


def test_the_readme_has_the_blocks_that_are_asked_and_compared() -> None:
    assert set(blocks()) == {*ASKED, *COMPARED}


@pytest.mark.parametrize("name", COMPARED)
def test_an_answer_is_what_the_gateway_gives(name: str, followed: dict[str, Json]) -> None:
    value = followed[name]

    assert blocks()[name] == (value if isinstance(value, str) else as_written(value))


def test_preview_outcome_and_pushed_estimate_are_the_same_to_the_cent(followed: dict[str, Json]) -> None:
    preview = followed["preview"]["data"]["previewPackageChange"]
    outcome = followed["change"]["data"]["changePackage"]
    pushed = followed["next event"]["data"]["estimate"]
    before = followed["first event"]["data"]["estimate"]

    assert outcome["__typename"] == "PackageChanged"
    assert preview["after"]["expected"] == outcome["forecast"]["expected"] == pushed["forecast"]["expected"]
    assert preview["before"]["expected"] == before["forecast"]["expected"] != pushed["forecast"]["expected"]


def test_the_same_key_does_nothing_twice(followed: dict[str, Json]) -> None:
    assert followed["change again"] == followed["change"]
    assert followed["refusal"]["data"]["changePackage"]["code"] == "KEY_REUSED"


# --- what the README names -----------------------------------------------------------------------------------


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("followed")  # which mends the table when that is asked for
def test_the_table_of_settings_is_the_settings_page() -> None:
    assert SETTINGS.findall(text_of(README)) == [settings_rows()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_a_page_names_is_a_setting(page: Path) -> None:
    known = {each.metadata["variable"] for each in fields(Settings)}

    assert set(re.findall(r"BILLING_[A-Z_]+", text_of(page))) - known == set()


def test_the_readme_names_every_command_and_no_other() -> None:
    assert set(re.findall(r"billing-gateway ([a-z][a-z-]*)", text_of(README))) == set(cli.commands)


def test_commands_in_the_readme_have_the_options_they_are_given() -> None:
    wrong = []
    for line in re.findall(r"billing-gateway ([a-z][^`#\n]*)", text_of(README)):
        name, *words = line.split()
        command: click.Command = cli.commands[name]
        if isinstance(command, click.Group):
            command = command.commands[words[0]]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        wrong += [f"{name} {word}" for word in words if word.startswith("--") and word not in known]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))
    lines = [line for code in CODE.findall(text_of(page)) for line in "".join(code).splitlines()]

    assert {line.split()[1] for line in lines if re.match(r"make [a-z]", line)} - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page: Path) -> None:
    text = text_of(page)
    linked = [page.parent / target for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text)]
    named = [ROOT / path for path in re.findall(r"`((?:gateway|schema|resolvers|tests|docs)/[\w/.]*)`", text)]

    assert [str(path) for path in (*linked, *named) if not path.exists()] == []


def test_lines_for_curl_ask_what_the_schema_knows() -> None:
    bodies = re.findall(r"-d '(\{.*?\})'\n", text_of(README))

    assert bodies
    assert [validate(schema._schema, parse(json.loads(body)["query"])) for body in bodies] == [[] for _ in bodies]


def test_roles_and_bounds_in_the_readme_are_the_gateways() -> None:
    limits, text = Limits(), text_of(README)

    assert all(f"`{role}`" in text for role in Role)
    assert f"{limits.characters:,} characters" in text and f"{limits.tokens:,} tokens" in text
    assert f"{limits.heartbeat_seconds:g} seconds" in text
