"""Serves any Strawberry schema fast and safely over HTTP, server-sent events and graphql-transport-ws.

Owns: reading requests, parsing and validating documents once, limits, error codes and masking, execution, subscriptions, the three
protocols, and the orderly end of all of them.
Does not own: what the schema means, where its data lies, how a token is checked, rate limits by cost, CORS headers, TLS.

Invariants
* Nothing runs before it was measured, validated and, save for introspection, sent by somebody known.
* Whatever a client sends, it gets a GraphQL error with a code, never a stack trace.
* Only a `ClientError` speaks to clients in its own words; any other exception is masked and logged under an `errorId`.
* A mutation that began runs to its end: no time-out, no disconnect and no closing socket stops it half-way.
* One context per operation and per pushed event: nothing it loaded is ever stale.
* No queue stands between a subscription and its client: the next event is asked for when the last one was handed to the transport.

Schemas with `SchemaExtension`s, operation directives of their own or incremental delivery are refused when the endpoint is built:
their hooks run inside Strawberry's own execution, which this room replaces.
"""

from .endpoint import Endpoint
from .errors import ClientError, Code, Unauthenticated
from .identity import Identity
from .limits import Limits

__all__ = ["ClientError", "Code", "Endpoint", "Identity", "Limits", "Unauthenticated"]
