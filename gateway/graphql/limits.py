"""How much one client may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every bound of the endpoint. Bytes, counts and seconds; zero is a bound like any other, not "unlimited"."""

    body_bytes: int = 256 * 1024
    """Size of an HTTP body, counted while it is read."""
    body_seconds: float = 30
    """Time in which an HTTP body must have arrived, so that half-sent requests do not pile up."""
    characters: int = 20_000
    """Length of a document's text."""
    tokens: int = 1_000
    """Tokens of a document. This is what bounds the time of parsing and validating (0.2 s at worst)."""
    depth: int = 12
    """Nesting of fields, fragments expanded. What hangs below `__schema` and `__type` is left out: graphql-core has a rule for it."""
    aliases: int = 30
    """Aliased fields, fragments expanded."""
    directives: int = 20
    """Directives, fragments expanded."""
    fields: int = 2_000
    """Fields, fragments expanded."""
    errors: int = 5
    """Errors in one answer; further ones are cut off."""
    query_seconds: float = 10
    """Time a query may run. Mutations have none: they are never stopped half-way."""
    cached_tokens: int = 100_000
    """Tokens of all remembered documents together: parsed documents take about 1 KB per token."""
    init_seconds: float = 5
    """Time in which a WebSocket must send `connection_init`."""
    message_bytes: int = 128 * 1024
    """Size of one WebSocket message."""
    heartbeat_seconds: float = 15
    """Silence after which an event stream sends a comment, so that proxies keep it open."""
    subscriptions_per_socket: int = 25
    """Live subscriptions on one WebSocket."""
    operations_per_socket: int = 100
    """Operations of any kind under way on one WebSocket."""
    sockets_per_principal: int = 20
    """WebSockets and event streams one subject may hold open."""
