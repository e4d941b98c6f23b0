import pytest

from gateway.graphql.negotiation import Media, is_json, negotiate


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, Media.JSON),
        ("", Media.JSON),
        ("*/*", Media.JSON),
        ("application/*", Media.JSON),
        ("application/json", Media.JSON),
        ("APPLICATION/JSON; charset=utf-8", Media.JSON),
        ("application/graphql-response+json", Media.GRAPHQL_RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", Media.GRAPHQL_RESPONSE),
        ("application/json;q=0.9, application/graphql-response+json", Media.GRAPHQL_RESPONSE),
        ("application/json, application/graphql-response+json", Media.JSON),
        ("application/graphql-response+json, application/json", Media.GRAPHQL_RESPONSE),
        ("application/graphql-response+json;q=0, */*", Media.JSON),
        ("application/graphql-response+json, application/json, text/event-stream", Media.GRAPHQL_RESPONSE),
        ("text/event-stream", Media.EVENT_STREAM),
        ("text/*", Media.EVENT_STREAM),
        ("text/event-stream, application/json;q=0.5", Media.EVENT_STREAM),
        ("*/*;q=0.1, text/event-stream;q=0.2", Media.EVENT_STREAM),
        ("text/html", None),
        ("text/html, */*;q=0", None),
        ("application/json;q=0", None),
        ("application/json;q=nonsense", None),
        ("application/json;q=7", None),
    ],
)
def test_the_form_the_client_wants_most_is_chosen(accept: str | None, chosen: Media | None) -> None:
    assert negotiate(accept) is chosen


@pytest.mark.parametrize(
    ("content_type", "yes"),
    [
        ("application/json", True),
        ("Application/JSON", True),
        ("application/json; charset=utf-8", True),
        ('application/json;charset="UTF-8"', True),
        ("application/json; charset=utf-16", False),
        ("application/json; boundary=x", False),
        ("application/jsonp", False),
        ("text/plain; application/json", False),
        ("application/x-www-form-urlencoded", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_exact_json_type_counts_as_json(content_type: str | None, yes: bool) -> None:
    assert is_json(content_type) is yes
