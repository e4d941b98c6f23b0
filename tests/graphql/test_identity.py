import pytest

from gateway.graphql import Unauthenticated
from gateway.graphql.identity import bearer_token, read_headers


def test_repeated_headers_are_joined_and_names_are_lower_case() -> None:
    assert read_headers([(b"Accept", b"a"), (b"X-Name", b"\xe9"), (b"accept", b"b")]) == {"accept": "a, b", "x-name": "é"}


@pytest.mark.parametrize(("authorization", "token"), [(None, None), ("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("BEARER a b", "a b")])
def test_the_bearer_token_is_taken_out_of_the_header(authorization: str | None, token: str | None) -> None:
    assert bearer_token(authorization) == token


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_another_form_of_authorization_is_refused(authorization: str) -> None:
    with pytest.raises(Unauthenticated, match=r"^The authorization must be `Bearer <token>`\.$"):
        bearer_token(authorization)
