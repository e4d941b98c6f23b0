import asyncio
import gzip
import json
import logging
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from strawberry.extensions import SchemaExtension

from gateway.graphql import ClientError, Code, Endpoint, Limits
from tests.graphql.demo import BEARER, SCHEMA, Demo, make_schema

pytestmark = pytest.mark.anyio

NEW = "application/graphql-response+json"
OLD = "application/json"
URL = "/graphql"


async def post(demo: Demo, query: str, accept: str = NEW, **fields: Any) -> tuple[int, Any]:
    async with demo.client() as client:
        response = await client.post(URL, json={"query": query, **fields}, headers={"accept": accept})
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    return response.status_code, response.json()


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


# Answers


@pytest.mark.parametrize("media", [NEW, OLD])
async def test_a_query_is_answered_in_the_form_asked_for(media: str) -> None:
    assert await post(Demo(), "query ($n: String) { hello(name: $n) }", media, variables={"n": "İzmir ₺"}) == (
        200,
        {"data": {"hello": "hello İzmir ₺"}},
    )


async def test_an_answer_may_not_be_kept_nor_its_type_guessed() -> None:
    async with Demo().client() as client:
        response = await client.post(URL, json={"query": "{ hello }"})
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-length"] == str(len(response.content))


async def test_a_query_comes_by_get_too() -> None:
    async with Demo().client() as client:
        response = await client.get(
            URL,
            params={
                "query": "query A($n: String) { hello(name: $n) } query B { subject }",
                "operationName": "A",
                "variables": '{"n":"a&b"}',
                "extensions": "",
            },
        )
    assert (response.status_code, response.json()) == (200, {"data": {"hello": "hello a&b"}})


async def test_an_empty_operation_name_counts_as_none() -> None:
    assert await post(Demo(), "{ hello }", operationName="") == (200, {"data": {"hello": "hello world"}})


async def test_each_operation_gets_a_context_of_its_own_with_identity_and_headers() -> None:
    demo = Demo()
    query = '{ contextNumber subject header(name: "x-colour") }'
    async with demo.client(authorization="bearer  bob", **{"X-Colour": "red"}) as client:
        answers = [(await client.post(URL, json={"query": query})).json()["data"] for _ in range(2)]
    assert answers == [{"contextNumber": number, "subject": "bob", "header": "red"} for number in (1, 2)]


async def test_a_number_wider_than_64_bits_is_written_as_it_is() -> None:
    assert await post(Demo(), '{ anything(what: "big") }') == (200, {"data": {"anything": 2**70}})


# Unions and masking


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("mutation { buy(quantity: 2) { ... on Bought { quantity } } }", {"buy": {"quantity": 2}}),
        ("mutation { buy(quantity: 10) { ... on SoldOut { message } } }", {"buy": {"message": "10 are too many"}}),
        ("{ shelf(number: 3) { ... on Bought { quantity } } }", {"shelf": {"quantity": 3}}),
        ("{ shelf(number: 10) { ... on SoldOut { message } } }", {"shelf": {"message": "no shelf 10"}}),
    ],
)
async def test_expected_refusals_are_members_of_the_result_union(query: str, answer: Any) -> None:
    assert await post(Demo(), query) == (200, {"data": answer})


async def test_a_fault_is_masked_and_logged_under_its_number(caplog: pytest.LogCaptureFixture) -> None:
    status, answer = await post(Demo(), "{ hello fault }")
    number = answer["errors"][0]["extensions"].pop("errorId")
    assert (status, answer) == (
        200,
        {
            "data": {"hello": "hello world", "fault": None},
            "errors": [
                {
                    "message": "Internal error",
                    "locations": [{"line": 1, "column": 9}],
                    "path": ["fault"],
                    "extensions": {"code": "INTERNAL_SERVER_ERROR"},
                }
            ],
        },
    )
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("gateway.graphql", logging.ERROR)
    assert record.getMessage() == f"fault {number} at ['fault']"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "dsn=secret"


async def test_a_fault_where_no_null_may_stand_nulls_the_data_and_stays_masked() -> None:
    status, answer = await post(Demo(), "{ hello hardFault }")
    assert (status, answer["data"], codes(answer)) == (200, None, ["INTERNAL_SERVER_ERROR"])
    assert "secret" not in json.dumps(answer)


@pytest.mark.parametrize("located", ["true", "false"])
async def test_an_error_of_graphql_core_raised_by_a_resolver_is_a_fault_too(located: str) -> None:
    status, answer = await post(Demo(), f"{{ locatedFault(located: {located}) }}")
    assert (status, answer["data"], codes(answer)) == (200, {"locatedFault": None}, ["INTERNAL_SERVER_ERROR"])
    assert "secret" not in json.dumps(answer)


async def test_a_client_error_passes_the_mask_with_message_and_code() -> None:
    _, answer = await post(Demo(), "{ refusal }")
    assert answer["errors"] == [
        {
            "message": "There is no such thing.",
            "locations": [{"line": 1, "column": 3}],
            "path": ["refusal"],
            "extensions": {"code": "NOT_FOUND"},
        }
    ]


@pytest.mark.parametrize("what", ["surrogate", "object"])
async def test_data_that_json_cannot_hold_is_a_fault(what: str) -> None:
    status, answer = await post(Demo(), f'{{ anything(what: "{what}") }}')
    assert (status, answer["data"], codes(answer)) == (200, None, ["INTERNAL_SERVER_ERROR"])


async def test_at_most_five_errors_are_returned() -> None:
    _, answer = await post(Demo(), "{" + " ".join(f"a{n}: fault" for n in range(9)) + "}")
    assert len(answer["errors"]) == 5
    _, answer = await post(Demo(), "{ a b c d e f g h }")
    assert len(answer["errors"]) == 5


async def test_a_crash_in_the_token_check_is_masked() -> None:
    async with Demo().client(authorization="Bearer crash") as client:
        response = await client.post(URL, json={"query": "{ hello }"})
    assert (response.status_code, codes(response.json())) == (500, ["INTERNAL_SERVER_ERROR"])
    assert "secret" not in response.text


# Refused before execution


@pytest.mark.parametrize(
    ("query", "fields", "code"),
    [
        ("{ hello", {}, "GRAPHQL_PARSE_FAILED"),
        ("", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello(name: 5) }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { shelf(number: $n) { __typename } }", {}, "BAD_USER_INPUT"),
        ("query ($n: Int!) { shelf(number: $n) { __typename } }", {"variables": {"n": "x"}}, "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", {}, "BAD_USER_INPUT"),
        ("{ hello }", {"operationName": "C"}, "BAD_USER_INPUT"),
        ("{" + "branch {" * 12 + "leaf" + "}" * 13, {}, "QUERY_TOO_COMPLEX"),
        ("{ hello }" + " " * 20_000, {}, "QUERY_TOO_COMPLEX"),
    ],
)
async def test_a_refused_operation_has_its_code_and_no_data(query: str, fields: dict[str, Any], code: str) -> None:
    for media, expected in ((NEW, 400), (OLD, 200)):
        status, answer = await post(Demo(), query, media, **fields)
        assert (status, list(answer), codes(answer)) == (expected, ["errors"], [code])


async def test_null_for_an_argument_that_takes_none_blames_the_client() -> None:
    query = 'query ($n: String = "a") { hello(name: $n) }'
    assert (await post(Demo(), query, variables={"n": None}))[1] == {
        "data": None,
        "errors": [
            {
                "message": "Argument 'name' has invalid value: Expected variable '$n' provided to non-null type 'String!' not to be None.",
                "locations": [{"line": 1, "column": 40}],
                "path": ["hello"],
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ],
    }


async def test_null_for_an_input_that_may_only_be_left_out_blames_the_client() -> None:
    query = "query ($n: String) { maybe(name: $n) }"
    status, answer = await post(Demo(), query, variables={"n": None})
    assert (status, answer["data"], codes(answer)) == (200, None, ["BAD_USER_INPUT"])
    assert answer["errors"][0]["message"].startswith("Expected value of type 'str', found null.")


async def test_misspelt_fields_get_no_suggestion_when_the_schema_hides_them() -> None:
    _, answer = await post(Demo(), "{ helo }")
    assert answer["errors"][0]["message"] == "Cannot query field 'helo' on type 'Query'."


async def test_a_persisted_query_without_its_text_is_answered_so_that_clients_send_the_text() -> None:
    fields = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}}
    async with Demo().client() as client:
        posted = await client.post(URL, json=fields, headers={"accept": NEW})
        got = await client.get(URL, params={"extensions": json.dumps(fields["extensions"])})
    expected = {"errors": [{"message": "PersistedQueryNotSupported", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]}
    assert (posted.status_code, posted.json()) == (400, expected)
    assert (got.status_code, got.json()) == (200, expected)


# Malformed requests

QUERY = b'{"query":"{ hello }"'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"text"',
        b"true",
        b"[]",
        b'[{"query":"{ hello }"}]',
        b"{",
        b"{}",
        b'{"query":"\xff"}',
        '{"query":"{ hello }"}'.encode("utf-16"),
        gzip.compress(b'{"query":"{ hello }"}'),
        b"[" * 100_000,
        QUERY + b',"variables":{"n":' + b"[" * 100_000,
        QUERY + b',"variables":{"n":' + b"9" * 5_000 + b"}}",
        QUERY + b',"variables":{"n":NaN}}',
        b'{"query":"\\ud800"}',
        b'{"query":null}',
        b'{"query":7}',
        b'{"query":{}}',
        QUERY + b',"variables":[]}',
        QUERY + b',"variables":"{}"}',
        QUERY + b',"operationName":7}',
        QUERY + b',"extensions":[]}',
        QUERY + b',"query":"{ subject }"}',
        QUERY + b',"variables":{},"variables":{"n":1}}',
        QUERY + b',"variables":' + b'{"query":' * 990 + b"1" + b"}" * 990 + b"}",
    ],
    ids=lambda body: repr(body[:40]),
)
@pytest.mark.parametrize("media", [NEW, OLD])
async def test_a_malformed_body_is_a_clear_client_error(body: bytes, media: str) -> None:
    async with Demo().client() as client:
        response = await client.post(URL, content=body, headers={"content-type": "application/json", "accept": media})
    assert (response.status_code, list(response.json()), codes(response.json())) == (400, ["errors"], ["BAD_USER_INPUT"])
    assert response.headers["content-type"] == f"{media}; charset=utf-8"


async def test_a_field_name_may_come_again_inside_the_variables() -> None:
    demo = Demo()
    body = b'{"query":"query ($n: String) { hello(name: $n) }","variables":{"n":"a","query":{"query":"x"}}}'
    async with demo.client() as client:
        response = await client.post(URL, content=body, headers={"content-type": "application/json"})
    # An unknown variable is nobody's business (specification, section 6.1.2).
    assert response.json() == {"data": {"hello": "hello a"}}


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=%7Bhello%7D&query=%7Bsubject%7D",
        "query=%ff",
        "query=%7Bhello%7D&variables=[]",
        "query=%7Bhello%7D&variables=nonsense",
        "query=%7Bhello%7D&extensions=7",
        "&".join(["query=%7Bhello%7D"] + ["a=b"] * 100),
    ],
)
async def test_a_malformed_query_string_is_a_clear_client_error(query_string: str) -> None:
    async with Demo().client() as client:
        response = await client.get(f"{URL}?{query_string}")
    assert (response.status_code, codes(response.json())) == (400, ["BAD_USER_INPUT"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
async def test_other_methods_are_told_the_allowed_ones(method: str) -> None:
    async with Demo().client() as client:
        response = await client.request(method, URL)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_mutation_by_get_is_refused_and_not_run() -> None:
    demo = Demo()
    async with demo.client() as client:
        response = await client.get(URL, params={"query": "mutation { buy(quantity: 1) { __typename } }"})
    assert (response.status_code, response.headers["allow"], codes(response.json())) == (405, "POST", ["BAD_USER_INPUT"])
    assert demo.stage.seen["bought"] == 0
    assert demo.contexts == 0


async def test_a_form_nobody_serves_is_not_acceptable() -> None:
    async with Demo().client() as client:
        response = await client.post(URL, json={"query": "{ hello }"}, headers={"accept": "text/html"})
    assert (response.status_code, response.headers["content-type"]) == (406, "application/json; charset=utf-8")
    assert codes(response.json()) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "text/plain; application/json"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": ""},
        {},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_a_body_that_is_not_plain_json_is_unsupported_and_not_run(headers: dict[str, str]) -> None:
    demo = Demo()
    body = b'{"query":"mutation { buy(quantity: 1) { __typename } }"}'
    async with demo.client() as client:
        response = await client.post(URL, content=body, headers=headers)
    assert (response.status_code, codes(response.json())) == (415, ["BAD_USER_INPUT"])
    assert demo.stage.seen["bought"] == 0


# Size and time


async def test_a_body_too_large_by_its_own_account_is_refused_unread() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("the body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", b"262145")]
    await Demo().app({"type": "http", "method": "POST", "path": URL, "query_string": b"", "headers": headers}, receive, send)
    assert sent[0]["status"] == 413
    assert dict(sent[0]["headers"])[b"connection"] == b"close"
    assert codes(json.loads(sent[1]["body"])) == ["QUERY_TOO_COMPLEX"]


async def test_a_body_without_a_length_is_counted_while_it_is_read() -> None:
    read = 0

    async def chunks() -> AsyncGenerator[bytes, None]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 10

    async with Demo(Limits(body_bytes=95)).client() as client:
        response = await client.post(URL, content=chunks(), headers={"content-type": "application/json"})
    assert "content-length" not in response.request.headers
    assert (response.status_code, codes(response.json())) == (413, ["QUERY_TOO_COMPLEX"])


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    body = b'{"query":"{ hello }"}'
    async with Demo(Limits(body_bytes=len(body))).client() as client:
        response = await client.post(URL, content=body, headers={"content-type": "application/json"})
    assert response.json() == {"data": {"hello": "hello world"}}


async def test_a_body_that_does_not_arrive_times_out() -> None:
    demo = Demo(Limits(body_seconds=0.05))
    async with demo.served() as address:
        reader, writer = await asyncio.open_connection(*address.split(":"))
        writer.write(b"POST /graphql HTTP/1.1\r\nhost: demo\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"TIMEOUT"' in answer


async def test_a_query_that_takes_too_long_ends_with_its_code() -> None:
    demo = Demo(Limits(query_seconds=0.05))
    assert await post(demo, "{ hello wait }") == (
        200,
        {"data": None, "errors": [{"message": "The query took longer than 0.05 seconds.", "extensions": {"code": "TIMEOUT"}}]},
    )


async def test_no_time_out_stands_around_a_mutation() -> None:
    demo = Demo(Limits(query_seconds=0.01))
    answering = asyncio.create_task(post(demo, "mutation { buySlowly { __typename } }"))
    await demo.until("begun")
    await asyncio.sleep(0.05)
    demo.stage.curtain.set()
    assert await answering == (200, {"data": {"buySlowly": {"__typename": "Bought"}}})


# Who may ask


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Bearer", "Bearer ", "Basic YTpi", "ann", "Bearer ann, Bearer bob"])
async def test_a_bad_token_is_unauthenticated_whatever_it_asks(authorization: str) -> None:
    async with Demo().client(authorization=authorization) as client:
        response = await client.post(URL, json={"query": "{ __typename }"})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert (list(response.json()), codes(response.json())) == (["errors"], ["UNAUTHENTICATED"])


@pytest.mark.parametrize("query", ["{ __typename }", '{ __type(name: "Bought") { name } }', "{ __schema { queryType { name } } }"])
async def test_strangers_may_read_the_schema(query: str) -> None:
    async with Demo().client(accept=OLD) as client:
        response = await client.post(URL, json={"query": query})
    assert response.status_code == 200
    assert "errors" not in response.json()


@pytest.mark.parametrize("query", ["{ hello }", "{ __typename hello }", "mutation { buy(quantity: 1) { __typename } }", "{ nope }"])
@pytest.mark.parametrize("accept", [OLD, NEW, "text/event-stream"])
async def test_strangers_may_do_nothing_else(query: str, accept: str) -> None:
    demo = Demo()
    async with demo.client(accept=accept) as client:
        response = await client.post(URL, json={"query": query})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert (codes(response.json()), demo.contexts) == (["UNAUTHENTICATED"], 0)


# The rest


@pytest.mark.parametrize("media", [NEW, OLD])
async def test_a_subscription_in_plain_json_is_told_where_to_go(media: str) -> None:
    status, answer = await post(Demo(), "subscription { count(to: 1) { number } }", media)
    assert (status, answer["errors"][0]["message"]) == (
        400,
        "A subscription needs a WebSocket (graphql-transport-ws) or `Accept: text/event-stream`.",
    )


async def test_a_mutation_outlives_its_caller_and_draining_waits_for_it() -> None:
    demo = Demo()
    # given a mutation half-way whose caller is cancelled
    answering = asyncio.create_task(post(demo, "mutation { buySlowly { __typename } }"))
    await demo.until("begun")
    answering.cancel()
    await asyncio.wait({answering})
    # when the endpoint drains
    draining = asyncio.create_task(demo.endpoint.drain())
    await asyncio.sleep(0.02)
    assert (draining.done(), demo.stage.seen["bought"]) == (False, 0)
    demo.stage.curtain.set()
    await draining
    # then it ran to its end
    assert demo.stage.seen["bought"] == 1


async def test_a_refusal_while_the_context_is_made_has_its_status_and_says_when_to_come_back() -> None:
    def busy(*_: object) -> object:
        raise ClientError("Too many requests.", Code.RATE_LIMITED, retry_after=7)

    demo = Demo()
    demo.endpoint = Endpoint(SCHEMA, identify=demo.identify, context=busy, now=demo.stage.now)
    demo.app = Starlette(routes=demo.endpoint.routes(URL))
    for query in ("{ hello }", "mutation { buy(quantity: 1) { __typename } }"):
        async with demo.client() as client:
            response = await client.post(URL, json={"query": query})
        assert (response.status_code, response.headers["retry-after"]) == (429, "7")
        assert response.json() == {"errors": [{"message": "Too many requests.", "extensions": {"code": "RATE_LIMITED", "retryAfter": 7}}]}


async def test_a_connection_serves_on_after_a_request_that_was_refused_unread() -> None:
    async with Demo().served() as address, httpx2.AsyncClient(base_url=f"http://{address}") as client:
        big = {"query": "{ hello }", "variables": {"a": "x" * 100_000}}
        refused = await client.post(URL, json=big, headers={"authorization": "Bearer nonsense"})
        answered = await client.post(URL, json=big, headers=BEARER)
    assert (refused.status_code, answered.json()) == (401, {"data": {"hello": "hello world"}})


async def test_only_the_exact_path_is_served() -> None:
    async with Demo().client() as client:
        response = await client.post(f"{URL}/more", json={"query": "{ hello }"})
    assert response.status_code == 404


async def test_a_schema_with_hooks_that_would_not_run_is_refused() -> None:
    demo = Demo()
    with pytest.raises(ValueError, match="would not run"):
        Endpoint(make_schema(extensions=[SchemaExtension]), identify=demo.identify, context=demo.context, now=demo.stage.now)


async def test_the_token_is_read_in_any_case_of_its_scheme() -> None:
    async with Demo().client(authorization=BEARER["authorization"].upper().replace("ANN", "ann")) as client:
        response = await client.post(URL, json={"query": "{ subject }"})
    assert response.json() == {"data": {"subject": "ann"}}
