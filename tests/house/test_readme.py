"""The README tells the truth: its operations are asked and their answers compared, and what it names exists.

After a change that is meant, `UPDATE_README=1 make test ARGS=tests/house/test_readme.py` writes the answers anew.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import click
import httpx2
import pytest
from graphql import parse, validate
from rich.console import Console
from starlette.applications import Starlette

from gateway.server.any_month import picture
from gateway.server.app import create_app
from gateway.server.auth import Role, Tokens
from gateway.server.cli import cli
from gateway.server.demo_play import PlayedSeeds, play
from gateway.server.demo_welcome import cards
from gateway.server.keys import create_keys
from gateway.server.services import Services
from gateway.server.settings import Settings
from gateway.store.database import open_database
from gateway.store.feed import Feed
from gateway.store.store import Store
from schema import schema

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WIDTH = 100

Json = Any
Event = Callable[[], Awaitable[Json]]

# A block the test knows stands below a comment with its name, which readers do not see.
BLOCK = re.compile(r"(?<=<!-- )(?P<name>[a-z ]+)(?P<head> -->\n```[a-z]+\n)(?P<body>.*?)(?=\n```\n)", re.DOTALL)
DESCRIBED = {found["name"]: found["body"] for found in BLOCK.finditer(README.read_text(encoding="utf-8"))}
ANSWERS = ["panel", "preview", "change", "refusal", "first event", "next event", "invoice", "running month", "paused month"]


def as_written(value: Json, indent: int = 0) -> str:
    """JSON as people write it: what fits on a line stands on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + len(flat) <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {as_written(each, indent + 4 + len(key))}" for key, each in value.items()]
        parts = [f"{json.dumps(key)}: {as_written(each, indent + 2)}" if "\n" in part else part for part, (key, each) in zip(parts, value.items(), strict=True)]
        return "{\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + as_written(each, indent + 2) for each in value) + "\n" + " " * indent + "]"
