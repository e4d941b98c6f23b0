"""Who is asking: signed tokens, issued and checked here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, InvalidClaimError, JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import GuestProtocol, Key, KeySet
from joserfc.jws import JWSRegistry

from gateway.graphql import Unauthenticated

LEEWAY: Final = timedelta(seconds=30)
NAMES: Final = ("EdDSA", "Ed25519")
_LONGEST: Final = 4096
# A token says who, where and until when. One that wants to bring or name its own key is refused unread.
_HEADERS: Final = {"alg", "kid", "typ"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Role(StrEnum):
    """What a token's holder may reach."""

    OWNER = "OWNER"
    """One account, and may steer it."""
    PARTNER = "PARTNER"
    """One account, on behalf of its owner."""
    OPERATOR = "OPERATOR"
    """Every account, and what only operators do."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody a good token stands for. `account_id` is None for operators without an account of their own."""

    subject: str
    role: Role
    account_id: str | None
    expires_at: datetime | None


class OnlyEd25519(JWSRegistry):
    """The one algorithm that is allowed, under either of its names: `EdDSA` is older, and most issuers still write it."""

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in NAMES:
            raise UnsupportedAlgorithmError
        return self.algorithms["Ed25519"]


class Tokens:
    """Signs and checks JSON Web Tokens of one issuer for one audience: Ed25519, with `kid`, 30 seconds of leeway."""

    def __init__(self, keys: KeySet, *, issuer: str, audience: str, now: Callable[[], datetime]) -> None:
        self._keys = {key.kid: key for key in keys}
        self._issuer, self._audience, self._now = issuer, audience, now
        self._registry = OnlyEd25519()
        self._rules = jwt.BaseClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            role={"essential": True, "values": [role.value for role in Role]},
        )
        # Checking a signature costs more than most queries. Only good ones are remembered, and times are checked anew.
        self._signed = lru_cache(maxsize=1024)(self._read)

    @property
    def keys(self) -> KeySet:
        """What it signs and checks with."""
        return KeySet(list(self._keys.values()))

    @property
    def issuer(self) -> str:
        """Who issues what is signed with these keys."""
        return self._issuer

    def issue(self, *, subject: str, role: Role, account_id: str | None, now: datetime, ttl: timedelta) -> str:
        """A token that is good from `now` for `ttl`.

        :raises ValueError: none of the keys is private, or a role other than OPERATOR comes without an account.
        """
        key = next((key for key in self._keys.values() if key.is_private), None)
        if key is None:
            raise ValueError("No private key is among the keys, so tokens can be checked but not signed.")
        if account_id is None and role is not Role.OPERATOR:
            raise ValueError(f"A token with the role {role} needs an account.")
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "role": role.value,
            **({"acc": account_id} if account_id is not None else {}),
            "iat": seconds(now),
            "nbf": seconds(now),
            "exp": seconds(now + ttl),
        }
        return jwt.encode({"alg": NAMES[0], "kid": key.kid}, claims, key, registry=self._registry)

    def identify(self, token: str | None) -> Principal | None:
        """Who a raw token stands for; None for no token.

        :raises Unauthenticated: the token is not good, and why.
        """
        if token is None:
            return None
        if len(token) > _LONGEST:
            raise Unauthenticated(f"The token is longer than {_LONGEST} characters.")
        principal, times = self._signed(token)
        self._check_times(times)
        return principal

    def _read(self, token: str) -> tuple[Principal, Mapping[str, Any]]:
        """Whom a token with a good signature stands for, if it is from our issuer and for us; and its times, not yet looked at."""
        try:
            claims = jwt.decode(token, self._key, registry=self._registry).claims
            times = {name: claims.pop(name) for name in ("exp", "nbf", "iat") if claims.get(name) is not None}
            self._rules.validate({**claims, "exp": times.get("exp")})
            return _principal(claims, times["exp"]), times
        except BadSignatureError:
            raise Unauthenticated("The token's signature is wrong.") from None
        except UnsupportedAlgorithmError:
            raise Unauthenticated(f"The token must be signed by {NAMES[0]} (Ed25519).") from None
        except ClaimError as error:
            raise Unauthenticated(f"The token's claim {error.claim} is missing or wrong.") from None
        except (JoseError, ValueError, TypeError, RecursionError):
            raise Unauthenticated("The token is malformed.") from None

    def _key(self, guest: GuestProtocol) -> Key:
        """The key that a token's header names."""
        header = guest.headers()
        if not set(header) <= _HEADERS:
            raise Unauthenticated("The token's header may hold alg, kid and typ alone.")
        if header.get("alg") not in NAMES:
            raise UnsupportedAlgorithmError
        key = self._keys.get(header.get("kid"))
        if key is None:
            raise Unauthenticated("The token is signed with a key that is not known here.")
        return key

    def _check_times(self, times: Mapping[str, Any]) -> None:
        try:
            jwt.JWTClaimsRegistry(seconds(self._now()), int(LEEWAY.total_seconds())).validate(dict(times))
        except ExpiredTokenError:
            raise Unauthenticated("The token has expired.") from None
        except JoseError:
            raise Unauthenticated("The token is not good yet.") from None


def _principal(claims: Mapping[str, Any], exp: float) -> Principal:
    """:raises InvalidClaimError: what the claims say cannot be."""
    role, account_id, subject = Role(claims["role"]), claims.get("acc"), claims["sub"]
    if not isinstance(subject, str):
        raise InvalidClaimError("sub")
    if account_id is None and role is not Role.OPERATOR:
        raise InvalidClaimError("acc")
    if account_id is not None and not (isinstance(account_id, str) and account_id):
        raise InvalidClaimError("acc")
    try:
        return Principal(subject, role, account_id, _EPOCH + timedelta(seconds=exp))
    except (OverflowError, TypeError, ValueError):
        raise InvalidClaimError("exp") from None


def seconds(at: datetime) -> int:
    """Whole seconds since 1970, rounded down, as tokens count them."""
    return (at - _EPOCH) // timedelta(seconds=1)
