"""The contract itself: printed, described, whole, and never broken unawares."""

import subprocess
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    get_named_type,
)

from gateway.billing.errors import refusals
from schema import schema

ROOT = Path(__file__).parents[2]
GRAPHQL = schema._schema
OURS = {name: kind for name, kind in GRAPHQL.type_map.items() if not name.startswith("__")}
BUILT_IN = {"String", "Int", "Boolean", "ID", "Float"}


def test_the_committed_file_is_what_the_code_prints() -> None:
    assert (ROOT / "schema.graphql").read_text() == schema.as_str() + "\n"


def test_nothing_breaks_that_the_last_commit_promised() -> None:
    shown = subprocess.run(["git", "show", "HEAD:schema.graphql"], cwd=ROOT, capture_output=True, text=True, check=False)
    promised = shown.stdout if shown.returncode == 0 else (ROOT / "schema.graphql").read_text()
    assert find_breaking_changes(build_schema(promised), GRAPHQL) == []


@pytest.mark.parametrize("name", sorted(set(OURS) - BUILT_IN))
def test_everything_is_described(name: str) -> None:
    kind = OURS[name]
    assert kind.description, name
    if isinstance(kind, GraphQLEnumType):
        assert all(value.description for value in kind.values.values())
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for field_name, field in kind.fields.items():
            assert field.description, f"{name}.{field_name}"
            for argument_name, argument in getattr(field, "args", {}).items():
                assert argument.description, f"{name}.{field_name}({argument_name})"


def test_there_is_no_float_in_the_whole_contract() -> None:
    for kind in OURS.values():
        for name, field in getattr(kind, "fields", {}).items():
            assert get_named_type(field.type).name != "Float", f"{kind.name}.{name}"
            for argument in getattr(field, "args", {}).values():
                assert get_named_type(argument.type).name != "Float"


def test_scalars_say_how_they_are_written() -> None:
    own = [kind for name, kind in OURS.items() if isinstance(kind, GraphQLScalarType) and name not in BUILT_IN]
    names = ["BigInt", "CountryCode", "CurrencyCode", "Date", "DateTime", "Decimal", "Locale", "TimeZone"]
    assert sorted(kind.name for kind in own) == names
    assert all(kind.specified_by_url for kind in own)


def test_every_mutation_takes_one_input_with_a_key_and_gives_a_union_of_one_outcome_and_errors() -> None:
    mutation = GRAPHQL.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"]
        accepted = get_named_type(field.args["input"].type)
        assert isinstance(accepted, GraphQLInputObjectType)
        assert str(accepted.fields["idempotencyKey"].type) == "ID!"
        result = get_named_type(field.type)
        assert isinstance(result, GraphQLUnionType) and str(field.type) == f"{result.name}!"
        interfaces = [[each.name for each in member.interfaces] for member in result.types]
        assert interfaces == [["Outcome"]] + [["Error"]] * (len(interfaces) - 1), name
        assert {"KeyReusedError", "KeyExpiredError", "AccountClosedError"} <= {member.name for member in result.types}


# Accounts are opened and closed without looking first; a report of what is in use costs nothing.
MOVE_NO_MONEY = ("openAccount", "closeAccount", "reportRepresentatives")


def test_every_mutation_that_moves_money_has_a_preview_with_the_same_input() -> None:
    query, mutation = GRAPHQL.query_type, GRAPHQL.mutation_type
    assert query is not None and mutation is not None
    taken = {str(field.args["input"].type) for name, field in query.fields.items() if name.startswith("preview")}
    asked = {str(field.args["input"].type) for name, field in mutation.fields.items() if name not in MOVE_NO_MONEY}
    assert taken == asked and len(taken) == 20


def test_every_refusal_has_its_type_and_its_code() -> None:
    codes = OURS["ErrorCode"]
    assert isinstance(codes, GraphQLEnumType)
    assert set(codes.values) == set(refusals())
    assert {f"{kind.__name__}Error" for kind in refusals().values()} <= set(OURS)


def test_lists_that_grow_are_connections() -> None:
    account = OURS["Account"]
    assert isinstance(account, GraphQLObjectType)
    connections = {name: str(field.type) for name, field in account.fields.items() if "Connection" in str(field.type)}
    assert connections == {"creditHistory": "CreditConnection!", "pastInvoices": "InvoiceConnection!", "history": "JournalConnection!"}
