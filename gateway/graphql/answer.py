"""One answer to one operation or event, and how it is written as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

from .errors import ClientError, Code
from .masking import describe


@dataclass(frozen=True, slots=True)
class Answer:
    """Data, errors, or both. `began` is false when the operation was refused before its execution: then there is no `data` key."""

    data: Mapping[str, Any] | None = None
    errors: tuple[dict[str, Any], ...] = ()
    began: bool = True

    @classmethod
    def of(cls, error: Exception) -> Self:
        """A refusal, or the masked form of a fault."""
        return cls(errors=(describe(error),), began=False)

    @property
    def code(self) -> Code | None:
        """The code of the first error."""
        return Code(self.errors[0]["extensions"]["code"]) if self.errors else None

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the client may come back, when the first error says so."""
        return self.errors[0]["extensions"].get("retryAfter") if self.errors else None

    def encode(self) -> bytes:
        """The answer as JSON. Data that JSON cannot hold becomes a fault: the client still gets an answer."""
        payload: dict[str, Any] = {"data": self.data} if self.began else {}
        if self.errors:
            payload["errors"] = self.errors
        try:
            return encode(payload)
        except (TypeError, ValueError) as error:
            return encode({"data": None, "errors": [describe(error)]})


class Refused(Exception):
    """An operation that may not run; carries the answer that says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.errors)
        self.answer = answer


def encode(payload: object) -> bytes:
    """The payload as UTF-8 JSON.

    :raises TypeError, ValueError: JSON cannot hold a value (an unknown type, a lone surrogate, not-a-number).
    """
    try:
        return orjson.dumps(payload)
    except TypeError:
        # Whole numbers beyond 64 bits: rare, valid JSON, and beyond orjson.
        return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def decode(text: bytes | str, what: str) -> Any:
    """The value of a JSON text; `what` names it in the error.

    :raises ClientError: it is not JSON in UTF-8.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ClientError(f"{what} is not valid JSON in UTF-8: {error.msg}.") from None
