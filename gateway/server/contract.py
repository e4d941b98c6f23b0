"""The GraphQL schema, found by its import string, and its text."""

from __future__ import annotations

from typing import Any

from uvicorn.importer import ImportFromStringError, import_from_string

from .problem import OperatorProblem

SCHEMA = "schema:schema"
CONTEXT = "resolvers:make_context"


def imported(import_string: str) -> Any:
    """What an import string such as `schema:schema` names.

    :raises OperatorProblem: there is no such thing.
    """
    try:
        return import_from_string(import_string)
    except ImportFromStringError as error:
        raise OperatorProblem(f"{import_string} cannot be imported: {error}") from None


def schema_text(schema: Any) -> str:
    """A Strawberry schema as SDL, ending with one line break: what `schema.graphql` holds, byte for byte."""
    text: str = schema.as_str()
    return text.rstrip("\n") + "\n"
