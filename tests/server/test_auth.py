"""Tokens: a good one names its holder, any other is refused with the reason."""

import base64
import json
import time
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from gateway.graphql import Unauthenticated
from gateway.server.auth import Principal, Role, Tokens
from tests.server.scene import NOON, Clock

KEYS = KeySet([OKPKey.generate_key("Ed25519", auto_kid=True)])
OTHERS = KeySet([OKPKey.generate_key("Ed25519", auto_kid=True)])
HOUR = timedelta(hours=1)
CLAIMS = {
    "iss": "us",
    "aud": "you",
    "sub": "ayse",
    "role": "OWNER",
    "acc": "acc_1",
    "iat": int(NOON.timestamp()),
    "nbf": int(NOON.timestamp()),
    "exp": int(NOON.timestamp()) + 3600,
}


def tokens(clock: Clock | None = None, keys: KeySet = KEYS, issuer: str = "us", audience: str = "you") -> Tokens:
    return Tokens(keys, issuer=issuer, audience=audience, now=clock or Clock())


def issued(by: Tokens | None = None, role: Role = Role.OWNER, account_id: str | None = "acc_1", ttl: timedelta = HOUR) -> str:
    return (by or tokens()).issue(subject="ayse", role=role, account_id=account_id, now=NOON, ttl=ttl)


def signed(header: dict[str, Any] | None = None, without: str | None = None, **claims: Any) -> str:
    """A token signed with the right key, whatever it says."""
    key = KEYS.keys[0]
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if name != without}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jwt.encode({"alg": "EdDSA", "kid": key.kid, **(header or {})}, said, key, algorithms=["EdDSA", "Ed25519"])


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def refusal(token: str, by: Tokens | None = None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        (by or tokens()).identify(token)
    return refused.value.message


def test_no_token_is_nobody() -> None:
    assert tokens().identify(None) is None


def test_a_token_names_its_holder_account_role_and_end() -> None:
    assert tokens().identify(issued()) == Principal("ayse", Role.OWNER, "acc_1", NOON + HOUR)


def test_an_operator_needs_no_account() -> None:
    assert tokens().identify(issued(role=Role.OPERATOR, account_id=None)) == Principal("ayse", Role.OPERATOR, None, NOON + HOUR)


def test_no_other_role_can_be_issued_without_an_account() -> None:
    with pytest.raises(ValueError, match="A token with the role PARTNER needs an account"):
        issued(role=Role.PARTNER, account_id=None)


def test_public_keys_check_but_do_not_sign() -> None:
    public = tokens(keys=KeySet.import_key_set(KEYS.as_dict()))

    assert public.identify(issued()) == Principal("ayse", Role.OWNER, "acc_1", NOON + HOUR)
    with pytest.raises(ValueError, match="No private key is among the keys"):
        issued(public)


@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
def test_both_names_of_the_algorithm_are_known(name: str) -> None:
    principal = tokens().identify(signed({"alg": name}))

    assert principal is not None and principal.subject == "ayse"


def test_a_token_is_good_until_30_seconds_after_its_end() -> None:
    clock = Clock()
    checks = tokens(clock)
    token = issued()

    clock.at = NOON + HOUR + timedelta(seconds=29)
    assert checks.identify(token) is not None
    clock.at = NOON + HOUR + timedelta(seconds=30)
    assert refusal(token, checks) == "The token has expired."


def test_a_token_is_not_good_before_its_time_but_for_30_seconds() -> None:
    late = int(NOON.timestamp()) + 31

    assert refusal(signed(nbf=late)) == "The token is not good yet."
    assert refusal(signed(iat=late)) == "The token is not good yet."
    assert tokens().identify(signed(nbf=late - 1)) is not None


def test_a_token_for_another_audience_or_from_another_issuer_is_refused() -> None:
    assert refusal(issued(tokens(audience="them"))) == "The token's claim aud is missing or wrong."
    assert refusal(issued(tokens(issuer="them"))) == "The token's claim iss is missing or wrong."


def test_a_token_signed_with_another_key_is_refused() -> None:
    assert refusal(issued(tokens(keys=OTHERS))) == "The token is signed with a key that is not known here."


def test_another_key_under_a_known_name_is_refused() -> None:
    stranger = OKPKey.generate_key("Ed25519", {"kid": KEYS.keys[0].kid})

    assert refusal(issued(tokens(keys=KeySet([stranger])))) == "The token's signature is wrong."


def test_a_tampered_token_is_refused() -> None:
    header, _, signature = issued().split(".")

    assert refusal(f"{header}.{part({**CLAIMS, 'acc': 'acc_2'})}.{signature}") == "The token's signature is wrong."


def test_an_unsigned_token_is_refused() -> None:
    header = part({"alg": "none", "kid": KEYS.keys[0].kid})

    assert refusal(f"{header}.{part(CLAIMS)}.") == "The token must be signed by EdDSA (Ed25519)."


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    secret = OctKey.import_key(KEYS.keys[0].as_dict()["x"])
    token = jwt.encode({"alg": "HS256", "kid": KEYS.keys[0].kid}, dict(CLAIMS), secret)

    assert refusal(token) == "The token must be signed by EdDSA (Ed25519)."


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "crit"])
def test_a_token_that_brings_its_own_key_is_refused(name: str) -> None:
    brought = {"jku": "https://evil.example/keys", "x5u": "https://evil.example/cert", "jwk": OTHERS.keys[0].as_dict(), "crit": ["exp"]}
    header = part({"alg": "EdDSA", "kid": KEYS.keys[0].kid, name: brought[name]})
    _, claims, signature = issued().split(".")

    assert refusal(f"{header}.{claims}.{signature}") in {"The token's header may hold alg, kid and typ alone.", "The token is malformed."}


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "role", "exp", "acc"])
def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    assert refusal(signed(without=claim)) == f"The token's claim {claim} is missing or wrong."


@pytest.mark.parametrize(
    ("claim", "value"),
    [("role", "ADMIN"), ("role", 7), ("acc", 7), ("acc", ""), ("sub", 7), ("sub", ""), ("exp", 10**18), ("iss", ["them"])],
)
def test_a_token_with_an_impossible_claim_is_refused(claim: str, value: object) -> None:
    assert refusal(signed(**{claim: value})) == f"The token's claim {claim} is missing or wrong."


@pytest.mark.parametrize(("claim", "value"), [("exp", "soon"), ("exp", True), ("nbf", "now"), ("exp", float("nan"))])
def test_a_time_that_is_no_number_is_refused(claim: str, value: object) -> None:
    assert refusal(signed(**{claim: value})) in {"The token is not good yet.", f"The token's claim {claim} is missing or wrong."}


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "..", "eyJ.eyJ.", "\ud800.a.b", "ü.ü.ü", f"{part({'alg': 'EdDSA'})}.W10.AA", "a" * 4000]
)
def test_what_is_no_token_is_refused_and_never_a_fault(text: str) -> None:
    assert refusal(text) in {"The token is malformed.", "The token is signed with a key that is not known here."}


def test_a_token_of_any_length_is_refused_unread() -> None:
    assert refusal("a" * 4097) == "The token is longer than 4096 characters."


def test_a_good_signature_is_checked_once_and_times_each_time() -> None:
    clock = Clock()
    checks = tokens(clock)
    token = issued()
    checks.identify(token)

    began = time.perf_counter()
    for _ in range(100):
        checks.identify(token)
    assert checks._signed.cache_info().hits == 100
    assert time.perf_counter() - began < 1

    clock.at = datetime(2030, 1, 1, tzinfo=UTC)
    assert refusal(token, checks) == "The token has expired."
