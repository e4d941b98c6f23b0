"""The settings page: everything an operator can set, one line each, read from the environment once at the start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .problem import OperatorProblem

T = TypeVar("T")


class SettingProblem(OperatorProblem):
    """Settings that cannot be used: `problems` names each by its variable, and says what to write."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _setting(variable: str, default: T, read: Callable[[str], T], meaning: str) -> T:
    found: T = field(default=default, metadata={"variable": variable, "read": read, "meaning": meaning})
    return found


def _database(text: str) -> str:
    if not re.fullmatch(r"sqlite:///[^?#]+|postgres(ql)?://[^\s]+", text):
        raise ValueError(
            "must look like sqlite:///billing.db, sqlite:////var/lib/billing.db for a full path, or postgresql://user:password@host/database"
        )
    return re.sub("^postgres:", "postgresql:", text)


def _text(text: str) -> str:
    return text


def _count(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise ValueError("must be an IANA time zone such as Europe/Istanbul") from None
    return text


def _redis(text: str) -> str:
    if not re.fullmatch(r"rediss?://[^\s]+", text):
        raise ValueError("must look like redis://host:6379/0, or rediss://… with TLS")
    return text


def _http(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError("must look like https://tax.example.org/quote")
    return text


def _where(text: str) -> str:
    if text not in ("here", "elsewhere"):
        raise ValueError("must be here or elsewhere")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(each.strip() for each in text.split(","))
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and not (parts.scheme in ("http", "https") and parts.netloc and origin == f"{parts.scheme}://{parts.netloc}"):
            raise ValueError("must be origins such as https://shop.example, separated by commas, or *")
    return origins


def _file(text: str) -> Path:
    return Path(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, with the environment variable it is read from, its default, and what it means."""

    database_url: str = _setting("BILLING_DATABASE_URL", "sqlite:///billing.db", _database, "Where everything is kept.")
    hints: str | None = _setting(
        "BILLING_HINTS", None, _redis, "Redis by which processes hear of each other's changes; PostgreSQL itself when not set."
    )
    jobs: str = _setting(
        "BILLING_JOBS", "here", _where, "Where what falls due is done: here, by each serving process, or elsewhere, by workers."
    )
    host: str = _setting("BILLING_HOST", "127.0.0.1", _text, "Address to listen on; 0.0.0.0 for every IPv4 one.")
    port: int = _setting("BILLING_PORT", 8000, _count(0, 65535), "Port to listen on; 0 for any that is free.")
    keys: Path = _setting(  # noqa: RUF009 - makes a field, and a path does not change
        "BILLING_KEYS", Path("billing-keys.json"), _file, "JWK set that signs tokens; made at the first start."
    )
    issuer: str = _setting("BILLING_ISSUER", "billing-gateway", _text, "Who issues tokens: their claim iss.")
    audience: str = _setting("BILLING_AUDIENCE", "billing-gateway", _text, "Whom tokens are for: their claim aud.")
    catalog: Path | None = _setting(  # noqa: RUF009 - makes a field, and a path does not change
        "BILLING_CATALOG", None, _file, "Catalog file a new database begins with; an example when not set."
    )
    allowed_origins: tuple[str, ...] | None = _setting(
        "BILLING_ALLOWED_ORIGINS", None, _origins, "Web origins that may call from a browser, by commas; the own host when not set."
    )
    issuer_zone: str = _setting("BILLING_ISSUER_ZONE", "Europe/Istanbul", _zone, "Time zone in which invoice numbers change year.")
    days_to_pay: int = _setting("BILLING_DAYS_TO_PAY", 14, _count(0, 365), "Days from an invoice's issue to its due day.")
    tax_source: str | None = _setting(
        "BILLING_TAX_SOURCE", None, _http, "Tax engine to ask for rates before an invoice is cut; the catalog's table when not set."
    )
    tax_seconds: int = _setting("BILLING_TAX_SECONDS", 3, _count(1, 60), "Seconds the tax engine may take; then the table decides.")
    connections: int = _setting("BILLING_CONNECTIONS", 10_000, _count(1, 1_000_000), "Connections at one time; further ones get 503.")
    body_bytes: int = _setting("BILLING_BODY_BYTES", 256 * 1024, _count(1, 2**30), "Size of a request body.")
    query_seconds: int = _setting("BILLING_QUERY_SECONDS", 10, _count(1, 3600), "Seconds a query may run.")
    depth: int = _setting("BILLING_DEPTH", 12, _count(1, 100), "Nesting of fields in an operation.")
    fields: int = _setting("BILLING_FIELDS", 2_000, _count(1, 100_000), "Fields in an operation.")
    subscriptions_per_socket: int = _setting(
        "BILLING_SUBSCRIPTIONS_PER_SOCKET", 25, _count(1, 10_000), "Live subscriptions on one WebSocket."
    )
    sockets_per_principal: int = _setting(
        "BILLING_SOCKETS_PER_PRINCIPAL", 20, _count(1, 100_000), "WebSockets and event streams one subject may hold open."
    )

    @property
    def database_path(self) -> Path | None:
        """The database's file; None when it is on a server."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.database_url.startswith("sqlite:") else None

    @property
    def database_name(self) -> str:
        """The database as one may show it: without a password."""
        return str(self.database_path or re.sub(r"://([^:@/]*):[^@]*@", r"://\1:***@", self.database_url))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the settings page: `value` is how it would be written in the environment."""

    variable: str
    value: str
    is_set: bool
    meaning: str


_SETTINGS: Final = fields(Settings)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment. An empty variable counts as one that is not set.

    :raises SettingProblem: with everything that is wrong.
    """
    found: dict[str, Any] = {}
    problems = []
    for each in _SETTINGS:
        variable = each.metadata["variable"]
        text = environ.get(variable, "").strip()
        if not text:
            continue
        try:
            found[each.name] = each.metadata["read"](text)
        except ValueError as error:
            problems.append(f"{variable} {error}, and is {_without_password(text)!r}.")
    if problems:
        raise SettingProblem(problems)
    return Settings(**found)


def settings_page(settings: Settings, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """Every setting as it stands; passwords are left out."""
    return tuple(
        Row(
            each.metadata["variable"],
            _without_password(_written(getattr(settings, each.name))),
            bool(environ.get(each.metadata["variable"], "").strip()),
            each.metadata["meaning"],
        )
        for each in _SETTINGS
    )


def _written(value: object) -> str:
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _without_password(text: str) -> str:
    return re.sub(r"(://[^/@:]*):[^@/]*@", r"\1:…@", text)
