"""Who is asking: the bearer token in the headers, and when it stops being good."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from .errors import Unauthenticated


class Identity(Protocol):
    """Somebody a token stands for."""

    @property
    def subject(self) -> str:
        """Stable name of the principal: what connections are counted by."""

    @property
    def expires_at(self) -> datetime | None:
        """Aware instant at which the token stops being good; None when it never does."""


Identify = Callable[[str | None], Identity | None]
"""From a raw bearer token (None: none was sent) to an identity (None: anonymous). Raises `Unauthenticated` for a bad token."""


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """ASGI headers by lower-case name; repeated ones joined by a comma, as HTTP means them."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def bearer_token(authorization: str | None) -> str | None:
    """The token of an `Authorization` value, None when there is no such value.

    :raises Unauthenticated: it is not of the form `Bearer <token>`.
    """
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("The authorization must be `Bearer <token>`.")
    return token.strip()


def socket_token(payload: Mapping[str, object]) -> str | None:
    """The token of a `connection_init` payload: `authorization` (in any case) as in HTTP, else the bare `token`.

    :raises Unauthenticated: `authorization` is not of the form `Bearer <token>`.
    """
    for name, value in payload.items():
        if name.lower() == "authorization" and isinstance(value, str):
            return bearer_token(value)
    token = payload.get("token")
    return token if isinstance(token, str) and token else None
