import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from gateway.graphql import Limits
from gateway.graphql.messages import shortened
from tests.graphql.demo import Demo

pytestmark = pytest.mark.anyio

PROTOCOL = "graphql-transport-ws"
INIT = {"type": "connection_init", "payload": {"Authorization": "Bearer ann"}}
ACK = {"type": "connection_ack"}


class Client:
    """Speaks JSON over one socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, *sent: Any) -> None:
        for each in sent:
            await self.socket.send(each if isinstance(each, str | bytes) else json.dumps(each))

    async def receive(self) -> Any:
        return json.loads(await asyncio.wait_for(self.socket.recv(), 5))

    async def ask(self, *sent: Any) -> Any:
        await self.send(*sent)
        return await self.receive()

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the server's close; nothing else may come before."""
        with pytest.raises(ConnectionClosed) as closing:
            await asyncio.wait_for(self.socket.recv(), 5)
        assert closing.value.rcvd is not None
        return closing.value.rcvd.code, closing.value.rcvd.reason


@asynccontextmanager
async def socket_of(address: str, *, init: Any = INIT, **options: Any) -> AsyncGenerator[Client, None]:
    options = {"subprotocols": [PROTOCOL], "proxy": None, **options}
    async with connect(f"ws://{address}/graphql", **options) as socket:
        client = Client(socket)
        if init is not None:
            assert await client.ask(init) == ACK
        yield client


@asynccontextmanager
async def opened(demo: Demo, **options: Any) -> AsyncGenerator[Client, None]:
    async with demo.served() as address, socket_of(address, **options) as client:
        yield client


def subscribe(ident: Any, query: str, **fields: Any) -> dict[str, Any]:
    return {"id": ident, "type": "subscribe", "payload": {"query": query, **fields}}


def following(ident: str, data: Any) -> dict[str, Any]:
    return {"id": ident, "type": "next", "payload": {"data": data}}


def complete(ident: str) -> dict[str, Any]:
    return {"id": ident, "type": "complete"}


# Operations


async def test_a_subscription_sends_each_event_and_completes() -> None:
    async with opened(Demo()) as client:
        await client.send(subscribe("1", "subscription ($to: Int!) { count(to: $to) { number } }", variables={"to": 2}))
        assert [await client.receive() for _ in range(3)] == [
            following("1", {"count": {"number": 0}}),
            following("1", {"count": {"number": 1}}),
            complete("1"),
        ]


async def test_queries_and_mutations_are_answered_and_completed() -> None:
    async with opened(Demo()) as client:
        named = subscribe("q", "query A { hello } query B { subject }", operationName="B")
        assert await client.ask(named) == following("q", {"subject": "ann"})
        assert await client.receive() == complete("q")
        buy = "mutation { buy(quantity: 10) { ... on SoldOut { message } } }"
        assert await client.ask(subscribe("m", buy)) == following("m", {"buy": {"message": "10 are too many"}})
        assert await client.receive() == complete("m")


async def test_an_id_can_be_used_again_once_it_completed() -> None:
    async with opened(Demo()) as client:
        for _ in range(3):
            assert await client.ask(subscribe("1", "{ hello }")) == following("1", {"hello": "hello world"})
            assert await client.receive() == complete("1")


async def test_each_operation_and_each_event_gets_a_context_of_its_own() -> None:
    async with opened(Demo()) as client:
        assert await client.ask(subscribe("1", "{ contextNumber }")) == following("1", {"contextNumber": 1})
        await client.receive()
        await client.send(subscribe("2", "subscription { count(to: 2) { contextNumber } }"))
        assert [await client.receive() for _ in range(2)] == [following("2", {"count": {"contextNumber": n}}) for n in (3, 4)]


async def test_the_context_sees_the_headers_overlaid_with_the_strings_of_the_payload() -> None:
    init = {"type": "connection_init", "payload": {"token": "bob", "X-Colour": "blue", "number": 7}}
    async with opened(Demo(), init=init, additional_headers={"X-Colour": "red", "X-Size": "big"}) as client:
        query = '{ subject colour: header(name: "x-colour") size: header(name: "x-size") number: header(name: "number") }'
        expected = {"subject": "bob", "colour": "blue", "size": "big", "number": None}
        assert await client.ask(subscribe("1", query)) == following("1", expected)


async def test_complete_from_the_client_closes_the_source_and_frees_the_id() -> None:
    demo = Demo()
    async with opened(demo) as client:
        assert await client.ask(subscribe("1", "subscription { forever }")) == following("1", {"forever": 0})
        await client.send(complete("1"))
        await demo.until("closed")
        assert await client.ask(subscribe("1", "subscription { forever }")) == following("1", {"forever": 0})
        assert await client.ask(complete("1"), subscribe("1", "{ hello }")) == following("1", {"hello": "hello world"})


async def test_closing_the_socket_closes_the_sources() -> None:
    demo = Demo()
    async with demo.served() as address:
        async with socket_of(address) as client:
            await client.ask(subscribe("1", "subscription { forever }"))
            await client.ask(subscribe("2", "subscription { forever }"))
        await demo.until("closed", 2)


@pytest.mark.parametrize("how", ["close", "complete"])
async def test_a_mutation_begun_over_a_socket_runs_to_its_end(how: str) -> None:
    demo = Demo()
    async with demo.served() as address:
        # given a mutation half-way
        async with socket_of(address) as client:
            await client.send(subscribe("1", "mutation { buySlowly { __typename } }"))
            await demo.until("begun")
            if how == "complete":
                assert await client.ask(complete("1"), {"type": "ping"}) == {"type": "pong"}
        # when the client has gone
        demo.stage.curtain.set()
        # then it is finished all the same
        await demo.until("bought")


async def test_a_query_is_cancelled_with_its_socket() -> None:
    demo = Demo()
    async with demo.served() as address:
        async with socket_of(address) as client:
            await client.send(subscribe("1", "{ wait }"))
            await demo.until("waiting")
        await demo.until("cancelled")


# Errors end one operation, never the socket


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ hello"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{" + "branch {" * 12 + "leaf" + "}" * 13}, "QUERY_TOO_COMPLEX"),
        ({"query": "{ hello }" + " " * 20_000}, "QUERY_TOO_COMPLEX"),
        ({"query": "{ hello }", "operationName": "B"}, "BAD_USER_INPUT"),
        ({"query": "subscription ($to: Int!) { count(to: $to) { number } }"}, "BAD_USER_INPUT"),
        ({"query": "query ($n: Int!) { shelf(number: $n) { __typename } }"}, "BAD_USER_INPUT"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "subscription ($to: Int = 1) { count(to: $to) { number } }", "variables": {"to": None}}, "BAD_USER_INPUT"),
        ({"query": "subscription { refuses }"}, "FORBIDDEN"),
    ],
)
async def test_an_operation_that_cannot_run_is_answered_by_an_error_and_the_socket_stays(payload: Any, code: str) -> None:
    async with opened(Demo()) as client:
        answer = await client.ask({"id": "1", "type": "subscribe", "payload": payload})
        assert (answer["id"], answer["type"], [error["extensions"]["code"] for error in answer["payload"]]) == ("1", "error", [code])
        assert await client.ask(subscribe("1", "{ hello }")) == following("1", {"hello": "hello world"})


async def test_a_source_that_breaks_ends_its_operation_masked_and_the_socket_lives_on() -> None:
    async with opened(Demo()) as client:
        assert await client.ask(subscribe("1", "subscription { breaks }")) == following("1", {"breaks": 1})
        broken = await client.receive()
        del broken["payload"][0]["extensions"]["errorId"]
        assert broken == {
            "id": "1",
            "type": "error",
            "payload": [{"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}],
        }
        assert await client.ask(subscribe("1", "{ hello }")) == following("1", {"hello": "hello world"})


async def test_a_fault_in_one_event_does_not_end_the_subscription() -> None:
    async with opened(Demo()) as client:
        await client.send(subscribe("1", "subscription { count(to: 2) { fault } }"))
        events = [await client.receive() for _ in range(3)]
    assert [event["type"] for event in events] == ["next", "next", "complete"]
    assert [event["payload"]["data"] for event in events[:2]] == [{"count": {"fault": None}}] * 2
    assert [event["payload"]["errors"][0]["extensions"]["code"] for event in events[:2]] == ["INTERNAL_SERVER_ERROR"] * 2


async def test_one_socket_holds_so_many_subscriptions_and_no_more() -> None:
    demo = Demo(Limits(subscriptions_per_socket=2))
    async with opened(demo) as client:
        for ident in "12":
            await client.ask(subscribe(ident, "subscription { forever }"))
        refused = await client.ask(subscribe("3", "subscription { forever }"))
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")
        # a query still runs, and a subscription again when another has ended
        assert (await client.ask(subscribe("4", "{ hello }")))["type"] == "next"
        await client.receive()
        await client.send(complete("1"))
        assert (await client.ask(subscribe("5", "subscription { count(to: 1) { number } }")))["type"] == "next"
        assert await client.receive() == complete("5")
        assert (await client.ask(subscribe("6", "subscription { forever }")))["type"] == "next"


async def test_one_socket_runs_so_many_operations_and_no_more() -> None:
    async with opened(Demo(Limits(operations_per_socket=1))) as client:
        await client.send(subscribe("1", "{ wait }"))
        refused = await client.ask(subscribe("2", "{ hello }"))
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")


# Opening


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"], ["something"]])
async def test_another_subprotocol_is_not_acceptable(protocols: Any) -> None:
    async with opened(Demo(), init=None, subprotocols=protocols) as client:
        assert client.socket.subprotocol is None
        assert await client.closed() == (4406, "Subprotocol not acceptable")


async def test_the_protocol_is_chosen_among_several() -> None:
    async with opened(Demo(), init=None, subprotocols=["graphql-ws", PROTOCOL]) as client:
        assert client.socket.subprotocol == PROTOCOL


@pytest.mark.parametrize(
    "payload",
    [{"authorization": "Bearer ann"}, {"AUTHORIZATION": "bearer ann"}, {"token": "ann"}, {"token": "ann", "other": None}],
)
async def test_the_token_comes_with_the_init_message(payload: Any) -> None:
    async with opened(Demo(), init=None) as client:
        assert await client.ask({"type": "connection_init", "payload": payload}) == ACK


@pytest.mark.parametrize(
    ("init", "reason"),
    [
        ({"type": "connection_init"}, "A bearer token is needed"),
        ({"type": "connection_init", "payload": None}, "A bearer token is needed"),
        ({"type": "connection_init", "payload": {}}, "A bearer token is needed"),
        ({"type": "connection_init", "payload": {"authorization": 7}}, "A bearer token is needed"),
        ({"type": "connection_init", "payload": {"token": "nonsense"}}, "The token is not valid."),
        ({"type": "connection_init", "payload": {"authorization": "ann"}}, "The authorization must be `Bearer <token>`."),
    ],
)
async def test_without_a_valid_token_the_socket_is_closed_as_forbidden(init: Any, reason: str) -> None:
    # The token of the handshake does not count: a page cannot set it, so whoever relies on it has no page.
    async with opened(Demo(), init=None, additional_headers={"authorization": "Bearer ann"}) as client:
        await client.send(init)
        assert await client.closed() == (4403, reason)


async def test_a_crash_in_the_token_check_is_told_as_an_internal_error() -> None:
    async with opened(Demo(), init=None) as client:
        await client.send({"type": "connection_init", "payload": {"token": "crash"}})
        assert await client.closed() == (4500, "Internal error")


async def test_a_socket_that_says_nothing_is_closed() -> None:
    async with opened(Demo(Limits(init_seconds=0.05)), init=None) as client:
        assert await client.closed() == (4408, "Connection initialisation timeout")


async def test_a_socket_that_only_pings_is_closed_too_but_a_greeted_one_is_not() -> None:
    demo = Demo(Limits(init_seconds=0.1))
    async with demo.served() as address, socket_of(address) as greeted:
        async with socket_of(address, init=None) as client:
            assert await client.ask({"type": "ping"}) == {"type": "pong"}
            assert (await client.closed())[0] == 4408
        assert await greeted.ask({"type": "ping"}) == {"type": "pong"}


async def test_a_second_init_closes() -> None:
    async with opened(Demo()) as client:
        await client.send(INIT)
        assert await client.closed() == (4429, "Too many initialisation requests")


async def test_subscribing_before_the_acknowledgement_closes() -> None:
    async with opened(Demo(), init=None) as client:
        await client.send(subscribe("1", "{ hello }"))
        assert await client.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize(
    ("allowed", "origin", "let_in"),
    [
        (None, None, True),
        (None, "http://{address}", True),
        (None, "https://evil.example", False),
        (None, "null", False),
        (("https://shop.example",), "https://shop.example", True),
        (("https://shop.example",), None, True),
        (("https://shop.example",), "https://evil.example", False),
        (("https://shop.example",), "https://shop.example.evil.example", False),
        (("*",), "https://evil.example", True),
    ],
)
async def test_only_pages_of_allowed_origins_are_let_in(allowed: Any, origin: str | None, let_in: bool) -> None:
    async with Demo(allowed_origins=allowed).served() as address:
        options = {"origin": origin and origin.format(address=address)}
        if let_in:
            async with socket_of(address, **options) as client:
                assert await client.ask({"type": "ping"}) == {"type": "pong"}
        else:
            with pytest.raises(InvalidStatus) as refused:
                async with socket_of(address, **options):
                    raise AssertionError("let in")
            assert refused.value.response.status_code == 403


async def test_a_principal_holds_so_many_sockets_and_no_more() -> None:
    demo = Demo(Limits(sockets_per_principal=2))
    async with demo.served() as address, socket_of(address):
        async with socket_of(address) as second:
            await second.ask(subscribe("1", "subscription { forever }"))
            async with socket_of(address, init=None) as third:
                await third.send(INIT)
                assert await third.closed() == (1013, "Too many connections are open")
            async with socket_of(address, init={"type": "connection_init", "payload": {"token": "bob"}}) as others:
                assert await others.ask({"type": "ping"}) == {"type": "pong"}
        # when one has left, there is room again
        await demo.until("closed")
        async with socket_of(address) as third:
            assert await third.ask({"type": "ping"}) == {"type": "pong"}


# Messages


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("nonsense", "The message is not valid JSON in UTF-8: "),
        ("", "The message is not valid JSON in UTF-8: "),
        ("[" * 100_000, "The message is not valid JSON in UTF-8: "),
        ('"\\ud800"', "The message is not valid JSON in UTF-8: "),
        ("null", "A message must be an object"),
        ("7", "A message must be an object"),
        ("[]", "A message must be an object"),
        ("{}", "Unknown message type"),
        ({"type": None}, "Unknown message type"),
        ({"type": ["ping"]}, "Unknown message type"),
        ({"type": "start", "id": "1"}, "Unknown message type"),
        ({"type": "next", "id": "1"}, "Unknown message type"),
        ({"type": "ping", "payload": []}, "ping: payload must be an object"),
        ({"type": "pong", "payload": "x"}, "pong: payload must be an object"),
        ({"type": "connection_init", "payload": "x"}, "connection_init: payload must be an object"),
        ({"type": "complete"}, "complete: id must be a non-empty string"),
        (subscribe("", "{ hello }"), "subscribe: id must be a non-empty string"),
        (subscribe(7, "{ hello }"), "subscribe: id must be a non-empty string"),
        ({"type": "subscribe", "id": "1"}, "subscribe: payload must be an object"),
        ({"type": "subscribe", "id": "1", "payload": {}}, "subscribe: `query` must be a string."),
        ({"type": "subscribe", "id": "1", "payload": {"query": None}}, "subscribe: `query` must be a string."),
        (subscribe("1", "{ hello }", variables=[]), "subscribe: `variables` must be an object."),
        (subscribe("1", "{ hello }", operationName=7), "subscribe: `operationName` must be a string."),
        (subscribe("1", "{ hello }", extensions="x"), "subscribe: `extensions` must be an object."),
        (b'{"type":"ping"}', "Messages must be text frames"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_message_outside_the_protocol_closes_with_the_reason(message: Any, reason: str) -> None:
    async with opened(Demo()) as client:
        await client.send(message)
        code, said = await client.closed()
        assert (code, said[: len(reason)]) == (4400, reason)


async def test_a_used_id_closes() -> None:
    async with opened(Demo()) as client:
        await client.ask(subscribe("1", "subscription { forever }"))
        await client.send(subscribe("1", "{ hello }"))
        assert await client.closed() == (4409, "Subscriber for 1 already exists")


async def test_a_close_reason_is_cut_to_what_a_frame_holds() -> None:
    async with opened(Demo()) as client:
        ident = "ş" * 100
        await client.ask(subscribe(ident, "subscription { forever }"))
        await client.send(subscribe(ident, "{ hello }"))
        assert await client.closed() == (4409, "Subscriber for " + "ş" * 54)
    assert len(shortened("a" + "ş" * 100).encode()) == 123


async def test_a_ping_is_answered_with_its_payload_and_a_pong_is_passed_over() -> None:
    async with opened(Demo()) as client:
        await client.send({"type": "pong"}, {"type": "pong", "payload": {}})
        assert await client.ask({"type": "ping", "payload": {"a": [1]}}) == {"type": "pong", "payload": {"a": [1]}}
        assert await client.ask({"type": "ping", "payload": None}) == {"type": "pong"}


async def test_a_complete_for_an_unknown_id_is_passed_over() -> None:
    async with opened(Demo()) as client:
        assert await client.ask(complete("nothing"), {"type": "ping"}) == {"type": "pong"}


async def test_a_message_too_big_closes_by_its_bytes_not_its_characters() -> None:
    demo = Demo(Limits(message_bytes=1_000))
    async with demo.served() as address:
        async with socket_of(address) as client:
            payload = {"type": "ping", "payload": {"a": "x" * 960}}
            fits = json.dumps(payload).ljust(1_000)
            assert await client.ask(fits) == {"type": "pong", "payload": payload["payload"]}
            await client.send(fits + " ")
            assert await client.closed() == (1009, "Message too big")
        async with socket_of(address) as client:
            await client.send('{"type":"ping","payload":{"a":"' + "ş" * 490 + '"}}')
            assert (await client.closed())[0] == 1009


# Ends


async def test_the_socket_is_closed_when_the_token_expires() -> None:
    demo = Demo()
    init = {"type": "connection_init", "payload": {"token": "brief"}}
    async with opened(demo, init=init) as client:
        await client.ask(subscribe("1", "subscription { forever }"))
        assert await client.closed() == (4403, "Token expired")
        await demo.until("closed")


async def test_a_token_that_expired_by_a_clock_set_forward_starts_nothing() -> None:
    demo = Demo()
    async with opened(demo, init={"type": "connection_init", "payload": {"token": "brief"}}) as client:
        demo.stage.set_forward = timedelta(days=1)
        await client.send(subscribe("1", "{ hello }"))
        assert await client.closed() == (4403, "Token expired")
    assert demo.contexts == 0


async def test_draining_closes_sockets_for_a_restart_and_waits_for_mutations() -> None:
    demo = Demo()
    async with opened(demo) as client:
        # given a mutation half-way
        await client.send(subscribe("1", "mutation { buySlowly { __typename } }"))
        await demo.until("begun")
        # when the endpoint drains
        draining = asyncio.create_task(demo.endpoint.drain())
        assert await client.closed() == (1012, "Service restart")
        assert (draining.done(), demo.stage.seen["bought"]) == (False, 0)
        demo.stage.curtain.set()
        await draining
        # then the mutation was waited for
        assert demo.stage.seen["bought"] == 1


async def test_a_socket_that_opens_while_draining_is_sent_away() -> None:
    demo = Demo()
    await demo.endpoint.drain()
    async with opened(demo, init=None) as client:
        assert await client.closed() == (1012, "Service restart")


async def test_a_client_that_does_not_read_stops_its_source_instead_of_filling_a_queue() -> None:
    demo = Demo()
    # given a client that takes one message and then stops reading
    async with opened(demo, max_queue=1, compression=None) as client:
        await client.send(subscribe("1", "subscription { text(size: 100000) }"))
        # when the buffers between are full
        produced = -1
        while produced != demo.stage.seen["produced"] or produced < 1:
            produced = demo.stage.seen["produced"]
            await asyncio.sleep(0.1)
        # then its source stands still, after no more than the kernel's buffers hold
        assert produced < 300
        # and goes on when the client reads again
        for _ in range(produced + 5):
            assert (await client.receive())["type"] == "next"
        client.socket.transport.abort()


async def test_a_source_that_never_waits_leaves_the_loop_to_others() -> None:
    demo = Demo()
    heard: list[Any] = []
    said = iter([INIT, subscribe("1", "subscription { text(size: 1) }"), {"type": "ping"}])

    async def receive() -> Any:
        if not heard:
            return {"type": "websocket.connect"}
        message = next(said, None)
        return {"type": "websocket.disconnect"} if message is None else {"type": "websocket.receive", "text": json.dumps(message)}

    async def send(message: Any) -> None:
        # a transport that takes everything at once
        heard.append(json.loads(message.get("text", "{}")).get("type"))
        assert len(heard) < 100

    scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": [PROTOCOL]}
    await asyncio.wait_for(demo.app(scope, receive, send), 5)
    assert heard[:2] == [None, "connection_ack"]
    assert "pong" in heard
