"""Operations over a WebSocket by the graphql-transport-ws protocol; the older graphql-ws is not served."""

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from typing import Any

from graphql import OperationType
from starlette.types import Receive, Scope, Send

from . import messages
from .answer import Answer, Refused
from .connections import FORBIDDEN, Connection, Connections
from .errors import ClientError, Code
from .identity import Identify, Identity, read_headers, socket_token
from .limits import Limits
from .masking import describe
from .messages import Message, Violation
from .origin import origin_is_allowed
from .request import OperationRequest
from .run import Operation, Runner


class SocketApp:
    """The ASGI application for WebSockets."""

    def __init__(
        self, runner: Runner, identify: Identify, connections: Connections, limits: Limits, allowed_origins: Collection[str] | None
    ) -> None:
        self._runner = runner
        self._identify = identify
        self._connections = connections
        self._limits = limits
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        headers = read_headers(scope["headers"])
        if not origin_is_allowed(headers, self._allowed_origins):
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        spoken = messages.PROTOCOL in scope.get("subprotocols", ())
        await send({"type": "websocket.accept", "subprotocol": messages.PROTOCOL if spoken else None})
        if not spoken:
            # Only an accepted socket can be told a code.
            await send({"type": "websocket.close", "code": messages.NO_SUCH_PROTOCOL, "reason": "Subprotocol not acceptable"})
            return
        connection = self._connections.open()
        try:
            await Socket(self._runner, self._identify, self._connections, self._limits, connection, headers, receive, send).serve()
        finally:
            self._connections.close(connection)


class Socket:
    """One accepted socket."""

    def __init__(
        self,
        runner: Runner,
        identify: Identify,
        connections: Connections,
        limits: Limits,
        connection: Connection,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
    ) -> None:
        self._runner = runner
        self._identify = identify
        self._connections = connections
        self._limits = limits
        self._connection = connection
        self._headers = headers
        self._receive = receive
        self._send = send
        self._greeted = False
        self._identity: Identity | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._subscriptions: set[str] = set()
        self._init_timer = asyncio.get_running_loop().call_later(
            limits.init_seconds, connection.end, messages.INIT_TIMEOUT, "Connection initialisation timeout"
        )

    async def serve(self) -> None:
        """Until the client leaves or something ends the connection."""
        over = self._connection.over
        reader = asyncio.create_task(self._read())
        ends: set[asyncio.Future[Any]] = {reader, over}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._init_timer.cancel()
            tasks = [reader, *self._operations.values()]
            for task in tasks:
                task.cancel()
            try:
                if over.done():
                    code, reason = over.result()
                    await self._send({"type": "websocket.close", "code": code, "reason": messages.shortened(reason)})
            except OSError:
                # It left first.
                pass
            finally:
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while (event := await self._receive())["type"] == "websocket.receive":
                text = event.get("text")
                if text is None:
                    raise Violation(messages.BAD_REQUEST, "Messages must be text frames")
                # A character is at most four bytes: short texts need no encoding to be known as small.
                if len(text) * 4 > self._limits.message_bytes and len(text.encode()) > self._limits.message_bytes:
                    raise Violation(messages.TOO_BIG, "Message too big")
                await self._handle(messages.read_message(text))
        except Violation as violation:
            self._connection.end(violation.code, violation.reason)
        except OSError:
            return
        except Exception as error:
            describe(error)
            self._connection.end(messages.INTERNAL_ERROR, "Internal error")

    async def _handle(self, message: Message) -> None:
        match message.type:
            case "connection_init":
                await self._greet(message)
            case "ping":
                await self._write(messages.pong(message.payload))
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                self._subscriptions.discard(message.id)
                task = self._operations.pop(message.id, None)
                if task is not None:
                    task.cancel()

    async def _greet(self, message: Message) -> None:
        if self._greeted:
            raise Violation(messages.SECOND_INIT, "Too many initialisation requests")
        self._greeted = True
        self._init_timer.cancel()
        payload = message.payload or {}
        try:
            identity = self._identify(socket_token(payload))
        except ClientError as error:
            raise Violation(FORBIDDEN, error.message) from None
        if identity is None:
            raise Violation(FORBIDDEN, "A bearer token is needed")
        if not self._connections.claim(self._connection, identity):
            raise Violation(messages.TRY_AGAIN_LATER, "Too many connections are open")
        self._headers.update({name.lower(): value for name, value in payload.items() if isinstance(value, str)})
        self._connection.end_at_expiry(identity, self._runner.now)
        self._identity = identity
        await self._write(messages.acknowledgement())

    async def _subscribe(self, message: Message) -> None:
        identity = self._identity
        if identity is None:
            raise Violation(messages.UNAUTHORIZED, "Unauthorized")
        if message.id in self._operations:
            raise Violation(messages.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        if identity.expires_at is not None and identity.expires_at <= self._runner.now():
            raise Violation(FORBIDDEN, "Token expired")
        try:
            operation = self._prepare(message, identity)
        except Refused as refused:
            await self._write(messages.failed(message.id, refused.answer))
            return
        if operation.kind is OperationType.SUBSCRIPTION:
            self._subscriptions.add(message.id)
        self._operations[message.id] = asyncio.create_task(self._run(message.id, operation))

    def _prepare(self, message: Message, identity: Identity) -> Operation:
        """The operation, or `Refused`: a bad document ends that operation only, closing would take all others of the socket along."""
        try:
            request = OperationRequest.of(message.payload)
        except ClientError as error:
            if error.code is Code.PERSISTED_QUERY_NOT_FOUND:
                raise Refused(Answer.of(error)) from None
            raise Violation(messages.BAD_REQUEST, f"subscribe: {error.message}") from None
        try:
            operation = self._runner.prepare(request, identity, self._headers)
        except Refused:
            raise
        except Exception as error:
            raise Refused(Answer.of(error)) from None
        too_many = len(self._operations) >= self._limits.operations_per_socket
        if operation.kind is OperationType.SUBSCRIPTION:
            too_many = too_many or len(self._subscriptions) >= self._limits.subscriptions_per_socket
        if too_many:
            raise Refused(Answer.of(ClientError("Too many operations are under way on this socket.", Code.RATE_LIMITED)))
        return operation

    async def _run(self, ident: str, operation: Operation) -> None:
        last = messages.completed(ident)
        try:
            async with aclosing(self._runner.answers(operation)) as answers:
                async for answer in answers:
                    if not answer.began:
                        last = messages.failed(ident, answer)
                        break
                    # Awaiting the transport before the next event is asked for is the back-pressure: a slow client slows its own
                    # events down, and nothing is queued for it here.
                    await self._write(messages.following(ident, answer))
                    # Neither a source that never waits nor a transport that never fills may keep the loop to themselves.
                    await asyncio.sleep(0)
            # Forgotten first: on reading the last message the client may use the id again.
            self._forget(ident)
            await self._write(last)
        except OSError:
            # The client is gone; the reader learns it too and ends the socket.
            return
        finally:
            self._forget(ident)

    def _forget(self, ident: str) -> None:
        """Unless the id already stands for a newer operation."""
        if self._operations.get(ident) is asyncio.current_task():
            del self._operations[ident]
            self._subscriptions.discard(ident)

    async def _write(self, message: bytes) -> None:
        await self._send({"type": "websocket.send", "text": message.decode()})
