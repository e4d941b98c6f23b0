"""GraphQL over HTTP: one operation a request, by POST or, for queries and event streams, by GET."""

import asyncio
from collections.abc import AsyncGenerator
from typing import NoReturn

from graphql import OperationType
from starlette.types import Receive, Scope, Send

from .answer import Answer, Refused
from .connections import Connections
from .errors import ClientError, Code
from .identity import Identify, bearer_token, read_headers
from .limits import Limits
from .negotiation import Media, is_json, negotiate
from .request import OperationRequest
from .run import Operation, Runner
from .sse import EventStream


class Rejected(Exception):
    """A request that is wrong as HTTP: it has a status of its own, whatever form the client reads."""

    def __init__(self, status: int, error: Exception, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error
        self.headers = headers


class ClientLeft(Exception):
    """The connection went away before the request was read: there is nobody to answer."""


class HttpApp:
    """The ASGI application for HTTP requests."""

    def __init__(self, runner: Runner, identify: Identify, connections: Connections, limits: Limits) -> None:
        self._runner = runner
        self._identify = identify
        self._connections = connections
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        media: Media = Media.JSON
        headers: tuple[tuple[bytes, bytes], ...] = ()
        try:
            media = _media(scope)
            operation = await self._operation(scope, receive)
            if media is Media.EVENT_STREAM:
                await self._stream(operation, receive, send)
                return
            if operation.kind is OperationType.SUBSCRIPTION:
                _reject(400, "A subscription needs a WebSocket (graphql-transport-ws) or `Accept: text/event-stream`.")
            answer = await self._runner.answer(operation)
            status = _status(answer, media)
        except ClientLeft:
            return
        except Rejected as rejected:
            answer, status, headers = Answer.of(rejected.error), rejected.status, rejected.headers
        except Refused as refused:
            if media is Media.EVENT_STREAM:
                await self._stream_one(refused.answer, receive, send)
                return
            answer, status = refused.answer, _status(refused.answer, media)
        except Exception as error:
            answer = Answer.of(error)
            status = _status(answer, media)
        await _respond(send, status, Media.JSON if media is Media.EVENT_STREAM else media, answer, headers)

    async def _operation(self, scope: Scope, receive: Receive) -> Operation:
        headers = read_headers(scope["headers"])
        identity = self._identify(bearer_token(headers.get("authorization")))
        by_get = scope["method"] == "GET"
        try:
            if by_get:
                request = OperationRequest.of_query_string(scope["query_string"])
            else:
                if not is_json(headers.get("content-type")):
                    _reject(415, "The content type must be `application/json`.")
                if headers.get("content-encoding", "identity").lower() != "identity":
                    _reject(415, "The body must not be compressed.")
                request = OperationRequest.of_body(await self._body(headers.get("content-length"), receive))
        except ClientError as error:
            if error.code is Code.PERSISTED_QUERY_NOT_FOUND:
                raise Refused(Answer.of(error)) from None
            raise Rejected(400, error) from None
        try:
            operation = self._runner.prepare(request, identity, headers)
        except ClientError as error:
            raise Refused(Answer.of(error)) from None
        if by_get and operation.kind is OperationType.MUTATION:
            _reject(405, "Mutations are sent by POST.", (b"allow", b"POST"))
        return operation

    async def _body(self, content_length: str | None, receive: Receive) -> bytes:
        if content_length is not None and content_length.isdecimal() and int(content_length[:20]) > self._limits.body_bytes:
            self._reject_large_body()
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientLeft
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > self._limits.body_bytes:
                        self._reject_large_body()
                    chunks.append(chunk)
                    if not message.get("more_body", False):
                        return b"".join(chunks)
        except TimeoutError:
            late = ClientError(f"The body did not arrive within {self._limits.body_seconds:g} seconds.", Code.TIMEOUT)
            raise Rejected(408, late, (b"connection", b"close")) from None

    def _reject_large_body(self) -> NoReturn:
        error = ClientError(f"The body is larger than {self._limits.body_bytes} bytes.", Code.QUERY_TOO_COMPLEX)
        raise Rejected(413, error, (b"connection", b"close"))

    async def _stream(self, operation: Operation, receive: Receive, send: Send) -> None:
        connection = self._connections.open()
        try:
            if operation.identity is not None:
                if not self._connections.claim(connection, operation.identity):
                    raise Refused(Answer.of(ClientError("Too many connections are open.", Code.RATE_LIMITED, retry_after=30)))
                connection.end_at_expiry(operation.identity, self._runner.now)
            await EventStream(self._runner.answers(operation), connection, receive, send).run(self._limits.heartbeat_seconds)
        finally:
            self._connections.close(connection)

    async def _stream_one(self, answer: Answer, receive: Receive, send: Send) -> None:
        if answer.code in _STATUS:
            await _respond(send, _STATUS[answer.code], Media.JSON, answer, ())
            return
        connection = self._connections.open()
        try:
            await EventStream(_alone(answer), connection, receive, send).run(self._limits.heartbeat_seconds)
        finally:
            self._connections.close(connection)


_STATUS: dict[Code | None, int] = {Code.UNAUTHENTICATED: 401, Code.RATE_LIMITED: 429, Code.INTERNAL_SERVER_ERROR: 500}
"""Statuses of refusals that are HTTP's business as much as GraphQL's."""


def _media(scope: Scope) -> Media:
    if scope["method"] not in ("GET", "POST"):
        _reject(405, "Only GET and POST are served.", (b"allow", b"GET, POST"))
    accept = read_headers(each for each in scope["headers"] if each[0].lower() == b"accept").get("accept")
    media = negotiate(accept)
    if media is None:
        _reject(406, f"Served are {', '.join(Media)}.")
    return media


def _status(answer: Answer, media: Media) -> int:
    """GraphQL over HTTP: what was refused before execution is 400 in the new form and 200 in the old one."""
    if answer.began:
        return 200
    return _STATUS.get(answer.code, 400 if media is Media.GRAPHQL_RESPONSE else 200)


def _reject(status: int, message: str, *headers: tuple[bytes, bytes]) -> NoReturn:
    raise Rejected(status, ClientError(message), *headers)


async def _alone(answer: Answer) -> AsyncGenerator[Answer, None]:
    yield answer


async def _respond(send: Send, status: int, media: Media, answer: Answer, extra: tuple[tuple[bytes, bytes], ...]) -> None:
    body = answer.encode()
    headers = [
        (b"content-type", f"{media.value}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *extra,
    ]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == 429 and answer.retry_after is not None:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
