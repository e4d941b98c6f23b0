"""Long subscriptions must not grow: graphql-core 3.3.2 keeps a memo entry for each selection set of each event."""

import gc
from typing import Any

import pytest
from graphql import parse, subscribe

from gateway.graphql import Limits
from gateway.graphql.request import OperationRequest
from gateway.graphql.run import Runner
from tests.graphql.demo import NOON, SCHEMA, Context, Somebody, Stage

pytestmark = pytest.mark.anyio

EVENTS = 2_000
QUERY = f"subscription {{ count(to: {EVENTS + 10}) {{ number branch {{ leaf branch {{ leaf }} branches {{ leaf }} }} }} }}"


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


async def test_two_thousand_events_leave_nothing_behind() -> None:
    runner = Runner(SCHEMA, lambda identity, headers: Context(identity, headers, Stage(), 0), lambda: NOON, Limits())
    answers = runner.answers(runner.prepare(OperationRequest(QUERY), Somebody("ann"), {}))
    # given a subscription that has warmed up
    for _ in range(5):
        await anext(answers)
    before = objects()
    # when two thousand events pass
    for _ in range(EVENTS - 1):
        await anext(answers)
    answer = await anext(answers)
    # then as much is alive as before
    assert objects() - before < 100
    assert answer.data is not None
    assert answer.data["count"]["number"] == EVENTS + 4
    await answers.aclose()


async def test_graphql_core_itself_still_needs_the_cure() -> None:
    context = Context(None, {}, Stage(), 0)
    subscribing: Any = subscribe(SCHEMA._schema, parse(QUERY), context_value=context, executor_class=SCHEMA.execution_context_class)
    events = await subscribing
    for _ in range(5):
        await anext(events)
    before = objects()
    for _ in range(EVENTS):
        await anext(events)
    # Once this fails, graphql-core has stopped leaking and the cure in `run` can go.
    assert objects() - before > 5 * EVENTS
    await events.aclose()
