"""Chooses the form of the answer by the `Accept` header (RFC 9110, section 12.5.1; GraphQL over HTTP)."""

from enum import StrEnum
from functools import lru_cache


class Media(StrEnum):
    """The forms an answer can take, the preferred first where the client does not care."""

    JSON = "application/json"
    GRAPHQL_RESPONSE = "application/graphql-response+json"
    EVENT_STREAM = "text/event-stream"


@lru_cache(maxsize=128)
def negotiate(accept: str | None) -> Media | None:
    """The form the client wants most, None when it takes none of ours.

    The most specific range that covers a form gives its quality; among equals the one named first wins. Without a header, and under
    wildcards, JSON is answered, which every client reads.
    """
    if accept is None or not accept.strip():
        return Media.JSON
    ranges = _ranges(accept)
    best: tuple[float, int, int] | None = None
    chosen: Media | None = None
    for preference, media in enumerate(Media):
        main, _, _ = media.value.partition("/")
        for pattern in (media.value, f"{main}/*", "*/*"):
            if pattern in ranges:
                quality, position = ranges[pattern]
                rank = (quality, -position, -preference)
                if quality > 0 and (best is None or rank > best):
                    best, chosen = rank, media
                break
    return chosen


def _ranges(accept: str) -> dict[str, tuple[float, int]]:
    """Quality and position of each media range; what cannot be read is passed over."""
    ranges: dict[str, tuple[float, int]] = {}
    for position, part in enumerate(accept.lower().split(",")):
        name, *parameters = (each.strip() for each in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        if 0 <= quality <= 1:
            ranges.setdefault(name, (quality, position))
    return ranges


def is_json(content_type: str | None) -> bool:
    """Whether a body is declared as exactly `application/json`, at most with `charset=utf-8`.

    Being strict here is the defence against cross-site requests: a page cannot send this type elsewhere without asking first.
    """
    name, *parameters = (each.strip() for each in (content_type or "").lower().split(";"))
    return name == "application/json" and all(each.replace('"', "") == "charset=utf-8" for each in parameters)
