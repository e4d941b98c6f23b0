"""What a client is told about an error: a refusal in its own words, a fault by its number only."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, ValueNode
from strawberry.exceptions import StrawberryInputCoercionError

from .errors import ClientError, Code

log = logging.getLogger("gateway.graphql")


def describe(error: Exception) -> dict[str, Any]:
    """The error as an entry of `errors`, always with `extensions.code`.

    A fault is logged with its traceback under the `errorId` that the client gets instead of the message.
    """
    cause = _cause(error)
    entry = _where(error)
    if isinstance(cause, ClientError):
        entry["message"] = cause.message
        entry["extensions"] = {"code": cause.code.value}
        if cause.retry_after is not None:
            entry["extensions"]["retryAfter"] = cause.retry_after
    elif _blames_an_argument(cause):
        entry["message"] = str(getattr(cause, "message", cause))
        entry["extensions"] = {"code": Code.BAD_USER_INPUT.value}
    else:
        number = secrets.token_hex(8)
        log.error("fault %s at %s", number, entry.get("path"), exc_info=cause)
        entry["message"] = "Internal error"
        entry["extensions"] = {"code": Code.INTERNAL_SERVER_ERROR.value, "errorId": number}
    return entry


def describe_first(errors: Sequence[Exception], at_most: int) -> tuple[dict[str, Any], ...]:
    """The first errors described; how many more there were is only logged, so that one answer cannot flood client or log."""
    if len(errors) > at_most:
        log.warning("%d further errors of one answer were cut off", len(errors) - at_most)
    return tuple(describe(error) for error in errors[:at_most])


def refusals(errors: Sequence[GraphQLError], code: Code, at_most: int) -> tuple[dict[str, Any], ...]:
    """Errors of graphql-core about the request (its text, validity, variables): about what the client wrote, so it may read them."""
    return tuple({**_where(error), "message": error.message, "extensions": {"code": code.value}} for error in errors[:at_most])


def _where(error: Exception) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": ""}
    if isinstance(error, GraphQLError):
        if error.locations:
            entry["locations"] = [location.formatted for location in error.locations]
        if error.path:
            entry["path"] = error.path
    return entry


def _cause(error: Exception) -> Exception:
    """What was raised, below the wrappings in which graphql-core locates it."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _blames_an_argument(cause: Exception) -> bool:
    """Whether a value the client wrote is to blame: graphql-core then points at that value, else at a field or nowhere."""
    if isinstance(cause, StrawberryInputCoercionError):
        return True
    return type(cause) is GraphQLError and bool(cause.nodes) and all(isinstance(node, ValueNode) for node in cause.nodes or ())
