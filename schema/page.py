"""Pages of lists that grow: keyset cursors, newest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import strawberry

from gateway.graphql import ClientError, Code

First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on after.")]


@strawberry.type(description="Whether there is more.")
class PageInfo:
    """Whether there is more."""

    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether this page was asked for after a cursor.")
    start_cursor: str | None = strawberry.field(description="The first one's place.")
    end_cursor: str | None = strawberry.field(description="The last one's place: ask for what comes after it.")


def page_info(cursors: list[str], more: bool, after: str | None) -> PageInfo:
    """The page info of a page with these cursors."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=bool(after),
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def checked(first: int) -> int:
    """A page size within bounds."""
    if not 1 <= first <= 100:
        raise ClientError("`first` must lie between 1 and 100.", Code.BAD_USER_INPUT)
    return first


def cursor(place: str) -> str:
    """The opaque text that stands for a place."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place(after: str | None) -> str | None:
    """The place a cursor stands for."""
    if not after:
        return None
    try:
        return urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
    except ValueError as error:
        raise ClientError("`after` is not a cursor of this list.", Code.BAD_USER_INPUT) from error


def bad_cursor() -> ClientError:
    """A cursor that belongs to another list."""
    return ClientError("`after` is not a cursor of this list.", Code.BAD_USER_INPUT)
