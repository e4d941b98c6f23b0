"""Runs operations in graphql-core: queries against the clock, mutations to their end, subscriptions event by event."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType
from graphql.execution import (
    Executor,
    create_source_event_stream,
    execute_subscription_event,
    map_source_to_response_event,
)
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from .answer import Answer
from .documents import Document, Documents
from .errors import ClientError, Code
from .identity import Identity
from .limits import Limits
from .masking import describe, describe_first, refusals
from .mutations import Mutations
from .request import OperationRequest

MakeContext = Callable[[Identity | None, Mapping[str, str]], object]
"""Makes the context of one operation or event from who asks and the (lower-cased) headers."""

# Strawberry's shortcut for plain values; its type says less than graphql-core asks for.
_IS_AWAITABLE = cast("Any", optimized_is_awaitable)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may run: valid, within the limits, and asked for by somebody who may ask."""

    document: Document
    node: OperationDefinitionNode
    request: OperationRequest
    identity: Identity | None
    headers: Mapping[str, str]

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation


class Runner:
    """Prepares and runs the operations of one schema."""

    def __init__(self, schema: Schema, context: MakeContext, now: Callable[[], datetime], limits: Limits) -> None:
        if schema.extensions or schema.directives or schema.config.enable_experimental_incremental_execution:
            raise ValueError("Extensions, operation directives and incremental delivery are not served: their hooks would not run.")
        self.mutations = Mutations()
        self.now = now
        self._schema = schema
        self._context = context
        self._limits = limits
        self._hide_suggestions = schema.config.disable_field_suggestions
        self._documents = Documents(schema._schema, limits, hide_suggestions=self._hide_suggestions)

    def prepare(self, request: OperationRequest, identity: Identity | None, headers: Mapping[str, str]) -> Operation:
        """The operation a request asks for.

        :raises Refused: the document cannot be parsed, is too large, or is not valid.
        :raises ClientError: a limit is passed, nobody known asks, or the operation to run cannot be told.
        """
        document = self._documents.prepare(request.query, anonymous=identity is None)
        return Operation(document, document.operation(request.operation_name), request, identity, headers)

    async def answer(self, operation: Operation) -> Answer:
        """The answer to a query or mutation. Never raises for what a resolver does."""
        if operation.kind is OperationType.MUTATION:
            return await self.mutations.complete(self._execute(operation))
        try:
            async with asyncio.timeout(self._limits.query_seconds):
                return await self._execute(operation)
        except TimeoutError:
            late = ClientError(f"The query took longer than {self._limits.query_seconds:g} seconds.", Code.TIMEOUT)
            return Answer(errors=(describe(late),))

    async def answers(self, operation: Operation) -> AsyncGenerator[Answer, None]:
        """The answers to any operation, one for each event of a subscription.

        A fault outside the fields of an event ends the stream: its last answer then has `began` false and holds the errors alone.
        """
        if operation.kind is not OperationType.SUBSCRIPTION:
            yield await self.answer(operation)
            return
        try:
            executor = self._executor(operation)
            if isinstance(executor, Answer):
                yield executor
                return
            source = create_source_event_stream(executor)
            if executor.is_awaitable(source):
                source = await source
            if isinstance(source, ExecutionResult):
                yield Answer(errors=describe_first(source.errors or (), self._limits.errors), began=False)
                return

            def run_event(event: Executor[Any]) -> Any:
                # All events share this memo, which is keyed by the identity of lists made anew for each event: left alone it grows
                # by some 2.5 KB per event for as long as the subscription lives (graphql-core 3.3.2).
                event._relevant_sub_fields = {}
                event.context_value = self._context(operation.identity, operation.headers)
                return execute_subscription_event(event)

            async with aclosing(map_source_to_response_event(executor, source, run_event)) as results:  # type: ignore[arg-type]
                async for result in results:
                    yield self._answer(result)
        except Exception as error:
            yield Answer.of(error)

    async def _execute(self, operation: Operation) -> Answer:
        try:
            executor = self._executor(operation)
            if isinstance(executor, Answer):
                return executor
            result: Any = executor.execute_operation()
            if executor.is_awaitable(result):
                result = await result
            return self._answer(result)
        except Exception as error:
            return Answer.of(error)

    def _executor(self, operation: Operation) -> Executor[Any] | Answer:
        """Ready to execute, or the refusal of the variables."""
        request = operation.request
        executor = self._schema.execution_context_class.build(
            self._schema._schema,
            operation.document.node,
            context_value=self._context(operation.identity, operation.headers),
            raw_variable_values=dict(request.variables),
            operation_name=request.operation_name,
            max_coercion_errors=self._limits.errors,
            is_awaitable=_IS_AWAITABLE,
            hide_suggestions=self._hide_suggestions,
            operation_extensions=dict(request.extensions),
        )
        if isinstance(executor, list):
            return self._refused_variables(executor)
        return executor

    def _refused_variables(self, errors: list[GraphQLError]) -> Answer:
        return Answer(errors=refusals(errors, Code.BAD_USER_INPUT, self._limits.errors), began=False)

    def _answer(self, result: ExecutionResult) -> Answer:
        return Answer(result.data, describe_first(result.errors or (), self._limits.errors))
