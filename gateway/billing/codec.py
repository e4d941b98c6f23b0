"""Values as JSON and back: one reader is built per type from its annotations, and kept.

Understands what facts and openings are made of: dataclasses, named tuples, tuples, enums, dates, instants, plain values and
optional ones. Money and prices are integers by then, and decimals that are asked for are written as text, so nothing can
lose a digit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from .facts import FACTS, Fact

Json = Any
T = TypeVar("T")


def pack(value: object) -> Json:
    """A value as what JSON can hold; the order of fields is the order of their declaration."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: pack(each) for name, each in zip(value._fields, value, strict=True)}
    if isinstance(value, tuple | list):
        return [pack(each) for each in value]
    if isinstance(value, dict):
        return {key: pack(each) for key, each in value.items()}
    if is_dataclass(value):
        return {field.name: pack(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be written down")


def unpack(kind: Callable[..., T], packed: Json) -> T:
    """The value of this type that was packed."""
    result: T = reader(kind)(packed)
    return result


def pack_fact(fact: Fact) -> Json:
    """A fact with its kind."""
    return {"fact": type(fact).__name__, **pack(fact)}


def unpack_fact(packed: Json) -> Fact:
    """The fact that was packed."""
    kind: Callable[..., Fact] = FACTS[packed["fact"]]
    return unpack(kind, packed)


def canonical(packed: Json) -> bytes:
    """The one way to write a packed value: sorted keys, no spaces, UTF-8. Digests are taken of this."""
    return json.dumps(packed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant_text(at: datetime) -> str:
    """An instant in UTC to the microsecond, in a form that sorts as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@cache
def reader(kind: Any) -> Callable[[Json], Any]:
    """A function from packed values to values of the type."""
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        read = reader(inner)
        return lambda packed: None if packed is None else read(packed)
    if get_origin(kind) is tuple:
        read = reader(get_args(kind)[0])
        return lambda packed: tuple(map(read, packed))
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if kind is Decimal:
        return Decimal
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = [(field.name, reader(hints[field.name])) for field in fields(kind)]
        return lambda packed: kind(**{name: read(packed[name]) for name, read in parts if name in packed})
    if isinstance(kind, type) and issubclass(kind, tuple):
        named = [(name, reader(hint)) for name, hint in get_type_hints(kind).items()]
        return lambda packed: kind(*(read(packed[name]) for name, read in named))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda packed: packed
