"""The context of one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.graphql import Identity, Unauthenticated
from gateway.server.auth import Principal
from gateway.server.services import Services

from .loaders import Loaders


@dataclass
class Context:
    """What one operation, or one pushed event, is answered with: who asks, in which language, at which instant."""

    services: Services
    asker: Principal | None
    locale: str
    now: datetime
    loaders: Loaders

    @property
    def principal(self) -> Principal:
        """Who asks; whoever has no token may only look at the schema."""
        if self.asker is None:
            raise Unauthenticated()
        return self.asker

    def renew(self) -> None:
        """Begin afresh after something was written: a new instant, nothing loaded."""
        self.now = self.services.now()
        self.loaders = Loaders(self.services.store, self.now)


def make_context(services: Services, asker: Identity | None, headers: Mapping[str, str]) -> Context:
    """The context of an operation, from who asks and the request's headers."""
    assert asker is None or isinstance(asker, Principal)
    now = services.now()
    return Context(services, asker, language(headers.get("accept-language")), now, Loaders(services.store, now))


def language(accepted: str | None) -> str:
    """The language the reader likes best of those the gateway speaks; English when none is named."""
    wanted = []
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = int(float(quality or "1") * 1000)
        except (ValueError, OverflowError):
            weight = 0
        if tag[:2].lower() in ("en", "tr") and (len(tag) == 2 or tag[2] == "-") and len(tag) <= 16:
            wanted.append((weight, tag))
    return max(wanted, key=lambda each: each[0])[1] if wanted else "en"
