"""Quotes as tokens: read back as written, and nothing else is taken for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from gateway.billing.errors import InvalidQuote
from gateway.billing.quote import Promise
from gateway.graphql import Unauthenticated
from gateway.server.auth import OnlyEd25519, Role, Tokens
from gateway.server.keys import new_keys
from gateway.server.quotes import Quotes

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
PROMISE = Promise(
    account_id="acc_1",
    request="r" * 64,
    effective_at=NOW + timedelta(microseconds=1),
    expires_at=NOW + timedelta(minutes=10),
    figures="f" * 64,
)
CLAIMS = {"iss": "us", "aud": "quote", "exp": 1, "acc": "acc_1", "req": "r", "eff": "2026-05-20T09:00:00Z", "fig": "f"}


@pytest.fixture
def keys() -> KeySet:
    return new_keys()


def signed(keys: KeySet, claims: dict[str, object], **header: object) -> str:
    key = keys.keys[0]
    return jwt.encode({"alg": "EdDSA", "kid": key.kid, "typ": "quote+jwt", **header}, claims, key, registry=OnlyEd25519())


def test_a_promise_is_read_as_it_was_written_to_the_microsecond(keys: KeySet) -> None:
    quotes = Quotes(keys, issuer="us")

    assert quotes.read(quotes.write(PROMISE)) == PROMISE


def test_one_that_is_over_is_read_all_the_same(keys: KeySet) -> None:
    quotes, past = Quotes(keys, issuer="us"), replace(PROMISE, expires_at=datetime(1999, 1, 1, tzinfo=UTC))

    assert quotes.read(quotes.write(past)) == past


def test_the_signed_claims_of_this_test_are_a_quote(keys: KeySet) -> None:
    assert isinstance(Quotes(keys, issuer="us").read(signed(keys, CLAIMS)), Promise)


@pytest.mark.parametrize(
    "claims",
    [
        {**CLAIMS, "aud": "us"},
        {**CLAIMS, "iss": "others"},
        {name: value for name, value in CLAIMS.items() if name != "fig"},
        {**CLAIMS, "acc": 1},
        {**CLAIMS, "exp": "soon"},
        {**CLAIMS, "exp": 10**30},
        {**CLAIMS, "eff": "one day"},
    ],
)
def test_other_claims_are_no_quote(keys: KeySet, claims: dict[str, object]) -> None:
    assert isinstance(Quotes(keys, issuer="us").read(signed(keys, claims)), InvalidQuote)


def test_other_headers_and_other_keys_are_no_quote(keys: KeySet) -> None:
    quotes, secret = Quotes(keys, issuer="us"), OctKey.generate_key(256)
    tokens = [
        signed(keys, CLAIMS, typ="JWT"),
        signed(keys, CLAIMS, kid="another"),
        signed(keys, CLAIMS, jwk={"kty": "oct"}),
        Quotes(issuer="us").write(PROMISE),
        jwt.encode({"alg": "HS256", "kid": keys.keys[0].kid, "typ": "quote+jwt"}, CLAIMS, secret),
        "",
        "a.b.c",
        "ü.ü.ü",
    ]

    assert [type(quotes.read(token)) for token in tokens] == [InvalidQuote] * len(tokens)


def test_an_access_token_is_no_quote_and_a_quote_no_access_token(keys: KeySet) -> None:
    quotes = Quotes(keys, issuer="us")
    for audience in ("us", "quote"):
        tokens = Tokens(keys, issuer="us", audience=audience, now=lambda: NOW)
        access = tokens.issue(subject="somebody", role=Role.OWNER, account_id="acc_1", now=NOW, ttl=timedelta(days=1))
        assert isinstance(quotes.read(access), InvalidQuote)
        with pytest.raises(Unauthenticated):
            tokens.identify(quotes.write(PROMISE))


def test_processes_that_share_keys_read_each_others_quotes(keys: KeySet) -> None:
    assert Quotes(keys, issuer="us").read(Quotes(keys, issuer="us").write(PROMISE)) == PROMISE


def test_where_all_keys_are_public_a_quote_is_good_in_its_own_process() -> None:
    public = KeySet([OKPKey.import_key(new_keys().keys[0].as_dict(private=False))])
    one, other = Quotes(public, issuer="us"), Quotes(public, issuer="us")

    assert one.read(one.write(PROMISE)) == PROMISE
    assert isinstance(other.read(one.write(PROMISE)), InvalidQuote)
