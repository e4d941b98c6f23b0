from typing import Any

import pytest

from gateway.graphql import ClientError, Code, Limits, Unauthenticated
from gateway.graphql.answer import Refused
from gateway.graphql.documents import Documents
from tests.graphql.demo import SCHEMA


def documents(limits: Limits | None = None) -> Documents:
    return Documents(SCHEMA._schema, limits or Limits(), hide_suggestions=True)


def test_a_text_is_prepared_once() -> None:
    known = documents()
    first = known.prepare("{ hello }", anonymous=False)
    assert known.prepare("{ hello }", anonymous=False) is first
    assert known.prepare("{ hello } ", anonymous=False) is not first
    assert len(known) == 2


def test_the_least_recently_used_document_is_forgotten_when_the_tokens_run_out() -> None:
    # given room for two documents of three tokens
    known = documents(Limits(cached_tokens=8))
    first = known.prepare("{ hello }", anonymous=False)
    second = known.prepare("{ subject }", anonymous=False)
    # when the first is used again and a third comes
    known.prepare("{ hello }", anonymous=False)
    known.prepare("{ fault }", anonymous=False)
    # then the second had to go
    assert len(known) == 2
    assert known.prepare("{ hello }", anonymous=False) is first
    assert known.prepare("{ subject }", anonymous=False) is not second


def test_a_document_with_errors_is_not_remembered() -> None:
    known = documents()
    with pytest.raises(Refused):
        known.prepare("{ nope }", anonymous=False)
    assert len(known) == 0


def test_a_remembered_document_is_still_refused_to_strangers() -> None:
    known = documents()
    known.prepare("{ hello }", anonymous=False)
    with pytest.raises(Unauthenticated):
        known.prepare("{ hello }", anonymous=True)


def test_strangers_are_refused_before_the_document_is_validated() -> None:
    with pytest.raises(Unauthenticated):
        documents().prepare("{ nope }", anonymous=True)


@pytest.mark.parametrize(
    "text",
    [
        "{ hello }" + " " * 19_992,
        "{" + "hello " * 999 + "}",
        "#\n" * 1_001 + "{ hello }",
        "{ branch" * 400 + "}" * 400,
    ],
    ids=["characters", "tokens", "comments", "nesting"],
)
def test_a_document_too_large_to_read_is_refused_with_its_code(text: str) -> None:
    with pytest.raises((ClientError, Refused)) as refused:
        documents().prepare(text, anonymous=False)
    error: Any = refused.value
    assert (error.answer.code if isinstance(error, Refused) else error.code) is Code.QUERY_TOO_COMPLEX


def test_suggestions_are_hidden_when_the_schema_hides_them() -> None:
    with pytest.raises(Refused) as refused:
        documents().prepare("{ helo }", anonymous=False)
    assert refused.value.answer.errors == (
        {
            "message": "Cannot query field 'helo' on type 'Query'.",
            "locations": [{"line": 1, "column": 3}],
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        },
    )


def test_the_named_operation_is_chosen() -> None:
    document = documents().prepare("query A { hello } query B { subject }", anonymous=False)
    name = document.operation("B").name
    assert name is not None
    assert name.value == "B"
    with pytest.raises(ClientError, match=r"^Unknown operation named 'C'\.$"):
        document.operation("C")
    with pytest.raises(ClientError, match=r"^Must provide operation name if query contains multiple operations\.$"):
        document.operation(None)
