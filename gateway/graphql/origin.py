"""Which web pages may open a WebSocket: browsers apply no same-origin rule to it, so the server must."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit


def origin_is_allowed(headers: Mapping[str, str], allowed: Collection[str] | None) -> bool:
    """Whether a handshake with these headers may go on.

    Clients other than browsers send no `Origin` and are let in. With `allowed` None the origin must be the host that was asked (the
    scheme is not compared: TLS often ends before this process); else it must be one of `allowed`, or `"*"` be among them.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    if allowed is not None:
        return "*" in allowed or origin in allowed
    host = urlsplit(origin).netloc.lower()
    return bool(host) and host == headers.get("host", "").lower()
