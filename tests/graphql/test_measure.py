import time

import pytest
from graphql import get_introspection_query, parse

from gateway.graphql import ClientError, Code, Limits
from gateway.graphql.measure import only_introspects, refuse_if_too_large


def nested(levels: int) -> str:
    return "{" + "branch{" * (levels - 1) + "leaf" + "}" * levels


def doubling(fragments: int) -> str:
    """Each fragment spreads the next one twice: 2 ** fragments fields when written out."""
    spreads = " ".join(f"fragment F{n} on Branch {{ a: branch {{ ...F{n + 1} }} b: branch {{ ...F{n + 1} }} }}" for n in range(fragments))
    return f"{{ branch {{ ...F0 }} }} {spreads} fragment F{fragments} on Branch {{ leaf }}"


@pytest.mark.parametrize(
    ("text", "limits", "what"),
    [
        (nested(13), Limits(), "12 depth"),
        ("{ branch { ...F } } fragment F on Branch { branch { leaf } }", Limits(depth=2), "2 depth"),
        ("{ ... { ... { branch { leaf } } } }", Limits(depth=1), "1 depth"),
        ("{" + " ".join(f"a{n}: hello" for n in range(31)) + "}", Limits(), "30 aliases"),
        ("{ ...F ... { ...F } } fragment F on Query { a: hello b: hello }", Limits(aliases=3), "3 aliases"),
        ("{ a: __schema { b: types { name } } }", Limits(aliases=1), "1 aliases"),
        ("{ hello " + "@skip(if: false) " * 21 + "}", Limits(), "20 directives"),
        ("query ($x: Int @a) @b { hello @c ... @d { ...F @e } }", Limits(directives=4), "4 directives"),
        ("{ ...F ...F } fragment F on Query { hello subject }", Limits(fields=3), "3 fields"),
        ("{ a } query Second { a b }", Limits(fields=1), "1 fields"),
    ],
)
def test_an_operation_over_a_limit_is_refused_and_told_which(text: str, limits: Limits, what: str) -> None:
    with pytest.raises(ClientError) as refused:
        refuse_if_too_large(parse(text), limits)
    assert (refused.value.message, refused.value.code) == (f"The operation is too large: more than {what}.", Code.QUERY_TOO_COMPLEX)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (nested(12), Limits()),
        ("{" + " ".join(f"a{n}: hello" for n in range(30)) + "}", Limits()),
        ("{ hello " + "@skip(if: false) " * 20 + "}", Limits()),
        ("{ ...F ...F } fragment F on Query { hello subject }", Limits(fields=4)),
        (get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True), Limits()),
        ("{ ...F } fragment F on Query { ...F hello }", Limits()),
        ("{ ...Missing }", Limits()),
    ],
)
def test_an_operation_at_its_limits_passes(text: str, limits: Limits) -> None:
    refuse_if_too_large(parse(text), limits)


def test_fragments_that_double_one_another_are_measured_in_linear_time() -> None:
    document = parse(doubling(40))
    began = time.process_time()
    with pytest.raises(ClientError, match="too large"):
        refuse_if_too_large(document, Limits())
    # Written out these are 2**41 fields; the bound is generous, for slow machines.
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("{ __typename }", True),
        ('{ __schema { types { name } } alias: __type(name: "A") { name } }', True),
        ("{ ...F ... on Query { __typename } } fragment F on Query { ...F __schema { description } }", True),
        ("{ __typename hello }", False),
        ("{ __typename: hello }", False),
        ("{ ...F } fragment F on Query { ... { hello } }", False),
        ("{ ...Missing }", False),
        ("{ __typename } query Second { hello }", False),
        ("mutation { __typename }", False),
        ("subscription { __typename }", False),
    ],
)
def test_a_document_only_introspects_when_all_its_root_fields_do(text: str, only: bool) -> None:
    assert only_introspects(parse(text)) is only
