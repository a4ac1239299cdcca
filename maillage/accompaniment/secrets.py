"""Private links: the holder's, and the one by which a structure answers without an account.

The secret is made from the installation's key and the id of the row, so that a later e-mail can give the same link again; the database
holds its digest only. Whoever reads the database cannot make a link; whoever holds a link cannot make another
(docs/decisions/0036-links-of-requests.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

FOLLOW, ANSWER = "suivi", "reponse"


def new_uid() -> str:
    """The id of a new request: 80 random bits, in letters and digits that are easy to say."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_for(purpose: str, uid: str) -> str:
    """The secret of a new link."""
    return _made(settings.SECRET_KEY, purpose, uid)


def secret_again(purpose: str, uid: str, digest: str) -> str:
    """The secret that has this digest, made with the present key or a former one; empty when those keys are gone."""
    made = (_made(key, purpose, uid) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return next((secret for secret in made if hmac.compare_digest(digest_of(secret), digest)), "")


def _made(key: str, purpose: str, uid: str) -> str:
    said = f"maillage.accompaniment:{purpose}:{uid}".encode()
    return base64.urlsafe_b64encode(hmac.new(key.encode(), said, hashlib.sha256).digest()[:24]).decode()
