"""Hints as text between processes: a JSON list of account ids, `[null]` for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

CHANNEL: Final = "billing_gateway"
"""Where hints are sent and heard."""

_LONGEST: Final = 7900
"""In bytes; PostgreSQL takes fewer than 8,000."""


def written(account_ids: Iterable[str | None]) -> Iterator[str]:
    """The texts to send, each account named once."""
    named = dict.fromkeys(account_ids)
    if None in named:
        yield "[null]"
        return
    part: list[str] = []
    size = 2
    for each in named:
        assert each is not None
        longer = len(orjson.dumps(each)) + 1
        if size + longer > _LONGEST:
            yield orjson.dumps(part).decode()
            part, size = [], 2
        part.append(each)
        size += longer
    if part:
        yield orjson.dumps(part).decode()


def read(text: str | bytes) -> list[str | None]:
    """The accounts a text names. One that cannot be read was sent by another version: then everybody is meant."""
    try:
        named = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [None]
    if not isinstance(named, list) or not all(each is None or isinstance(each, str) for each in named):
        return [None]
    return named
