import json
from typing import Any

import pytest

from gateway.graphql import Code
from gateway.graphql.answer import Answer


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (Answer({"a": "₺"}), '{"data":{"a":"₺"}}'),
        (Answer({"a": 2**64, "b": "₺"}), '{"data":{"a":18446744073709551616,"b":"₺"}}'),
        (Answer(None, ({"message": "m"},)), '{"data":null,"errors":[{"message":"m"}]}'),
        (Answer(None, ({"message": "m"},), began=False), '{"errors":[{"message":"m"}]}'),
    ],
)
def test_an_answer_has_data_when_it_began_and_errors_when_there_are_some(answer: Answer, written: str) -> None:
    assert answer.encode().decode() == written


@pytest.mark.parametrize("value", ["\ud800", object(), {2: float("nan"), 3: 2**64}, [2**64, float("inf")]])
def test_what_json_cannot_hold_becomes_a_masked_fault(value: Any) -> None:
    written = json.loads(Answer({"a": value}).encode())
    assert (written["data"], written["errors"][0]["message"]) == (None, "Internal error")
    assert written["errors"][0]["extensions"]["code"] == Code.INTERNAL_SERVER_ERROR
