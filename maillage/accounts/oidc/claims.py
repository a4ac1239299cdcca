"""Is this ID token the provider's answer to the question that this session asked? Every claim is checked, exactly, or the answer is no.

OpenID Connect Core 1.0, section 3.1.3.7. PyJWT checks the signature and the times; what it leaves to the caller is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

#: Seconds of difference between two clocks that are forgiven, and how old a token may be.
LEEWAY, OLDEST = 30, 600
#: Signatures by a private key of the provider. Never « none », never a shared secret.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})


class Refused(Exception):
    """The token proves nothing; the message is a code for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says this is, and how it knows."""

    issuer: str
    sub: str
    acr: str = ""


def _key(token: str, keys: Mapping[str, Any], algorithm: str) -> Any:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Refused("not-a-token") from error
    if header.get("alg") != algorithm or algorithm not in ALGORITHMS:
        raise Refused("algorithm")
    if "crit" in header:
        raise Refused("crit")
    published = [key for key in keys.get("keys", []) if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    named = [key for key in published if key.get("kid") == header.get("kid")]
    if len(named) != 1:
        raise Refused("unknown-key")
    try:
        return jwt.PyJWK.from_json(json.dumps(named[0]), algorithm=algorithm).key
    except jwt.PyJWTError as error:
        raise Refused("bad-key") from error


def verify(
    token: Any, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, algorithm: str, now: float
) -> Identity:
    """The identity that the token proves. Raises Refused.

    `keys` is the provider's published set (JWKS), `nonce` the one this session sent, `now` seconds since 1970.
    """
    if not isinstance(token, str):
        raise Refused("not-a-token")
    try:
        claims = jwt.decode(
            token,
            key=_key(token, keys, algorithm),
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise Refused(type(error).__name__) from error
    audience = claims["aud"]
    if audience != client_id and audience != [client_id]:  # for us and for nobody else
        raise Refused("audience")
    if claims.get("azp", client_id) != client_id:
        raise Refused("azp")
    if claims["iss"] != issuer:
        raise Refused("issuer")
    if not nonce or claims["nonce"] != nonce:
        raise Refused("nonce")
    if claims["iat"] < now - OLDEST:
        raise Refused("too-old")
    sub = claims["sub"]
    if not isinstance(sub, str) or not sub.strip() or sub != sub.strip() or len(sub) > 191:
        raise Refused("sub")
    acr = claims.get("acr")
    return Identity(issuer, sub, acr if isinstance(acr, str) else "")
