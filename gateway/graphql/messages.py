"""The messages of graphql-transport-ws: reading those of the client, writing those of the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from .answer import Answer, decode
from .errors import ClientError

PROTOCOL = "graphql-transport-ws"

BAD_REQUEST = 4400
UNAUTHORIZED = 4401
NO_SUCH_PROTOCOL = 4406
INIT_TIMEOUT = 4408
SUBSCRIBER_EXISTS = 4409
SECOND_INIT = 4429
INTERNAL_ERROR = 4500
TOO_BIG = 1009
TRY_AGAIN_LATER = 1013
"""For too many sockets: graphql-ws clients come back after a while. 4429 means something else to them, and is final."""


class Violation(Exception):
    """What the client did breaks the protocol: the socket closes with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One well-formed message of the client."""

    type: str
    id: str
    payload: Mapping[str, Any] | None


def read_message(text: str) -> Message:
    """The message in a text frame.

    :raises Violation: it is not a message of the protocol.
    """
    try:
        message = decode(text, "The message")
    except ClientError as error:
        raise Violation(BAD_REQUEST, error.message) from None
    if not isinstance(message, dict):
        raise Violation(BAD_REQUEST, "A message must be an object")
    kind, ident, payload = message.get("type"), message.get("id"), message.get("payload")
    match kind:
        case "connection_init" | "ping" | "pong":
            if payload is not None and not isinstance(payload, dict):
                raise Violation(BAD_REQUEST, f"{kind}: payload must be an object")
            return Message(kind, "", payload)
        case "subscribe" | "complete":
            if not isinstance(ident, str) or not ident:
                raise Violation(BAD_REQUEST, f"{kind}: id must be a non-empty string")
            if kind == "subscribe" and not isinstance(payload, dict):
                raise Violation(BAD_REQUEST, "subscribe: payload must be an object")
            return Message(kind, ident, payload if isinstance(payload, dict) else None)
        case _:
            raise Violation(BAD_REQUEST, "Unknown message type")


def acknowledgement() -> bytes:
    """`connection_ack`."""
    return b'{"type":"connection_ack"}'


def pong(payload: Mapping[str, Any] | None) -> bytes:
    """`pong` with the payload of the ping it answers."""
    return orjson.dumps({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


def following(ident: str, answer: Answer) -> bytes:
    """`next`: one answer of an operation."""
    return orjson.dumps({"id": ident, "type": "next", "payload": orjson.Fragment(answer.encode())})


def failed(ident: str, answer: Answer) -> bytes:
    """`error`: the operation was refused or broke off; its last message."""
    return orjson.dumps({"id": ident, "type": "error", "payload": answer.errors})


def completed(ident: str) -> bytes:
    """`complete`: the operation is done; its last message."""
    return orjson.dumps({"id": ident, "type": "complete"})


def shortened(reason: str) -> str:
    """A close reason that fits into a control frame: 123 bytes of UTF-8 (RFC 6455, section 5.5)."""
    return reason.encode()[:123].decode("utf-8", "ignore")
