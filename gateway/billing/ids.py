"""Ids: TypeIDs, readable by prefix, sortable by time (`pkg_01h…`).

A TypeID is a prefix and a UUIDv7 in Crockford's base 32. The random part is drawn from a seed that is handed
down, so that a command stays a pure function.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORM: Final = re.compile(r"([a-z]{2,8})_[0-7][0-9a-hjkmnp-tv-z]{25}")


def new_id(prefix: str, at: datetime, seed: bytes, ordinal: int) -> str:
    """A TypeID born at an instant; the same seed and ordinal give the same id."""
    random = int.from_bytes(sha256(seed + ordinal.to_bytes(4, "big") + prefix.encode()).digest(), "big")
    millis = (at - _EPOCH) // timedelta(milliseconds=1)
    value = (millis << 80) | (0x7 << 76) | ((random & 0xFFF) << 64) | (0b10 << 62) | ((random >> 12) & ((1 << 62) - 1))
    text = ""
    for _ in range(26):
        value, digit = divmod(value, 32)
        text = _ALPHABET[digit] + text
    return f"{prefix}_{text}"


def prefix_of(identifier: str) -> str | None:
    """The prefix of a well-formed TypeID, else None."""
    match = _FORM.fullmatch(identifier)
    return match[1] if match else None
