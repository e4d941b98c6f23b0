"""Quotes as signed tokens: what is promised travels with whoever was promised it, and is kept nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet

from gateway.billing.codec import instant_text
from gateway.billing.errors import InvalidQuote
from gateway.billing.quote import Promise

from .auth import NAMES, OnlyEd25519, seconds
from .keys import new_keys

_TYPE: Final = "quote+jwt"
_AUDIENCE: Final = "quote"
_LONGEST: Final = 2048
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Quotes:
    """Writes and reads quotes, with the keys that sign access tokens. Neither can be taken for the other: type and audience differ.

    Without a private key among them it makes one of its own: then a quote is good in this process alone.
    """

    def __init__(self, keys: KeySet | None = None, *, issuer: str = "billing-gateway") -> None:
        present = list(keys or ())
        self._signs = next((key for key in present if key.is_private), None) or new_keys().keys[0]
        self._keys: dict[str | None, Key] = {key.kid: key for key in (*present, self._signs)}
        self._issuer = issuer
        self._registry = OnlyEd25519()
        self._rules = jwt.BaseClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": _AUDIENCE},
            exp={"essential": True},
            acc={"essential": True},
            req={"essential": True},
            eff={"essential": True},
            fig={"essential": True},
        )

    def write(self, promise: Promise) -> str:
        """The token that stands for a promise."""
        claims = {
            "iss": self._issuer,
            "aud": _AUDIENCE,
            "exp": seconds(promise.expires_at),
            "acc": promise.account_id,
            "req": promise.request,
            "eff": instant_text(promise.effective_at),
            "fig": promise.figures,
        }
        return jwt.encode({"alg": NAMES[0], "kid": self._signs.kid, "typ": _TYPE}, claims, self._signs, registry=self._registry)

    def read(self, token: str) -> Promise | InvalidQuote:
        """The promise a token stands for, be it over or not; or the refusal, for whatever is no quote of this gateway."""
        try:
            if len(token) > _LONGEST:
                raise ValueError(f"it is longer than {_LONGEST} characters")
            read = jwt.decode(token, self._key, registry=self._registry)
            self._rules.validate(read.claims)
            return _promise(read.claims)
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            return InvalidQuote("This is not a quote of this gateway; take a new one.", "quote")

    def _key(self, guest: GuestProtocol) -> Key:
        header = guest.headers()
        key = self._keys.get(header.get("kid"))
        if key is None or set(header) != {"alg", "kid", "typ"} or header["typ"] != _TYPE:
            raise ValueError("its header is not that of a quote")
        return key


def _promise(claims: dict[str, Any]) -> Promise:
    texts = [claims[name] for name in ("acc", "req", "eff", "fig")]
    if not all(isinstance(each, str) for each in texts) or not isinstance(claims["exp"], int):
        raise ValueError("its claims are not those of a quote")
    account_id, request, effective, figures = texts
    return Promise(
        account_id=account_id,
        request=request,
        effective_at=datetime.fromisoformat(effective),
        expires_at=_EPOCH + timedelta(seconds=claims["exp"]),
        figures=figures,
    )
