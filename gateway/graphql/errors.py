"""The errors that may speak to a client.

Exception
└── ClientError              its message and code are sent as they are
    └── Unauthenticated      there is no valid token: 401, or 4403 on a WebSocket

Everything else that is raised is a fault: see `masking`.
"""

from enum import StrEnum


class Code(StrEnum):
    """What went wrong, for programs: the value of `extensions.code`."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    TIMEOUT = "TIMEOUT"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class ClientError(Exception):
    """A refusal whose message is meant for the client: resolvers raise it, and it passes the mask unchanged."""

    def __init__(self, message: str, code: Code = Code.BAD_USER_INPUT, *, retry_after: int | None = None) -> None:
        """`retry_after` is in whole seconds; it is sent as `extensions.retryAfter` and, where HTTP allows, as `Retry-After`."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after


class Unauthenticated(ClientError):
    """The token is missing, invalid or expired."""

    def __init__(self, message: str = "A valid bearer token is needed.") -> None:
        super().__init__(message, Code.UNAUTHENTICATED)
