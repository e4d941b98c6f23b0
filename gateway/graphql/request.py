"""What a client asks to run, as read from a body, a query string or a socket message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from .answer import decode
from .errors import ClientError, Code

_FIELDS = ("query", "variables", "operationName", "extensions")


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """The parameters of GraphQL over HTTP; the socket protocol has the same."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: object) -> Self:
        """The request in a decoded JSON value. Unknown fields are passed over, as the specification reserves them.

        :raises ClientError: it is no object, a field has the wrong type, or there is no `query`.
        """
        if isinstance(fields, list):
            raise ClientError("Batches of operations are not accepted: send one object.")
        if not isinstance(fields, dict):
            raise ClientError("The request must be a JSON object.")
        query, name = fields.get("query"), fields.get("operationName")
        variables, extensions = fields.get("variables"), fields.get("extensions")
        if variables is not None and not isinstance(variables, dict):
            raise ClientError("`variables` must be an object.")
        if name is not None and not isinstance(name, str):
            raise ClientError("`operationName` must be a string.")
        if extensions is not None and not isinstance(extensions, dict):
            raise ClientError("`extensions` must be an object.")
        if query is None and extensions and "persistedQuery" in extensions:
            # By this message Apollo's clients stop sending hashes, by this code all others send the document itself.
            raise ClientError("PersistedQueryNotSupported", Code.PERSISTED_QUERY_NOT_FOUND)
        if not isinstance(query, str):
            raise ClientError("`query` must be a string.")
        return cls(query, name or None, variables or {}, extensions or {})

    @classmethod
    def of_body(cls, body: bytes) -> Self:
        """The request in an HTTP body.

        :raises ClientError: it is not JSON in UTF-8, repeats a field, or is not a request.
        """
        request = decode(body, "The body")
        if isinstance(request, dict):
            _refuse_repeated_fields(body)
        return cls.of(request)

    @classmethod
    def of_query_string(cls, query_string: bytes) -> Self:
        """The request in the query string of a GET.

        :raises ClientError: it is not UTF-8, repeats a parameter, `variables` or `extensions` are not JSON, or it is not a request.
        """
        try:
            pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            raise ClientError("The query string cannot be read: percent-encoded UTF-8 is expected.") from None
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name not in _FIELDS:
                continue
            if name in fields:
                raise ClientError(f"`{name}` was sent more than once.")
            as_json = name in ("variables", "extensions")
            fields[name] = (decode(value, f"`{name}`") if value else None) if as_json else value
        return cls.of(fields)


def _refuse_repeated_fields(body: bytes) -> None:
    """Raise when a top-level field comes twice: parsers differ on which one counts, so a check passed by one may be void for another."""
    if not any(body.count(b'"%s"' % name.encode()) > 1 for name in _FIELDS):
        return

    names: list[str] = []

    def keep_names(pairs: list[tuple[str, Any]]) -> None:
        # The outermost object is closed last.
        names[:] = [name for name, _ in pairs]

    try:
        json.loads(body, object_pairs_hook=keep_names)
    except RecursionError:
        raise ClientError("The body is nested too deeply.") from None
    for name in _FIELDS:
        if names.count(name) > 1:
            raise ClientError(f"`{name}` was sent more than once.")
