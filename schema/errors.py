"""Refusals as data: each has a type, made here from its class."""

from enum import StrEnum
from typing import Any

import strawberry

from gateway.billing.errors import ChangeRefused, QuoteChanged, Refusal, ScheduledConflict, refusals

from .info import Info
from .quote import Quote
from .window import enum

ErrorCode = StrEnum("ErrorCode", {code: code for code in refusals()})
enum(ErrorCode, "What was refused, for programs.", **{code: (kind.__doc__ or "").strip() for code, kind in refusals().items()})


@strawberry.interface(description="An expected refusal: nothing was changed.")
class Error:
    """An expected refusal: nothing was changed."""

    code: ErrorCode = strawberry.field(description="What was refused, for programs.")
    message: str = strawberry.field(description="What was refused and what to do about it, in the reader's language.")
    field: str | None = strawberry.field(description="The input field it is about.")


def _error_type(refusal: type[Refusal]) -> type:
    body: dict[str, Any] = {}
    if refusal is ScheduledConflict:
        body = {
            "__annotations__": {"scheduled_id": strawberry.ID},
            "scheduled_id": strawberry.field(description="The scheduled change that stands in the way."),
        }
    if refusal is QuoteChanged:
        body = {
            "__annotations__": {"quote": Quote},
            "quote": strawberry.field(description="What it would cost now."),
        }
    if refusal is ChangeRefused:
        body = {
            "__annotations__": {"index": int, "because": Error},
            "index": strawberry.field(description="Which change it is, counted from 0."),
            "because": strawberry.field(description="Its refusal."),
        }
    made: type = strawberry.type(type(refusal.__name__ + "Error", (Error,), body), description=refusal.__doc__)
    return made


ERRORS: dict[type[Refusal], type] = {refusal: _error_type(refusal) for refusal in refusals().values()}


def _handler(refusal: type[Refusal]) -> Any:
    class Handler(strawberry.ExceptionHandler):  # type: ignore[type-arg]
        """Hands a refusal back as data wherever a field's result has room for it."""

        exception_type = refusal
        error_type = ERRORS[refusal]

        def handle(self, exception: Refusal, *, field: Any, info: Info) -> Any:
            return as_data(exception, info.context.locale)

    return Handler()


def as_data(refusal: Refusal, locale: str) -> Any:
    """A refusal as the object of its type."""
    extra: dict[str, Any] = {}
    if isinstance(refusal, ScheduledConflict):
        extra = {"scheduled_id": strawberry.ID(refusal.scheduled_id)}
    if isinstance(refusal, QuoteChanged):
        extra = {"quote": refusal.quote}
    if isinstance(refusal, ChangeRefused):
        extra = {"index": refusal.index, "because": as_data(refusal.refusal, locale)}
    return ERRORS[type(refusal)](code=ErrorCode(refusal.code), message=refusal.text(locale), field=refusal.field, **extra)


HANDLERS = [_handler(refusal) for refusal in ERRORS]
