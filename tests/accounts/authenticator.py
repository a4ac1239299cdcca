"""A passkey in Python: answers the questions of the site as a telephone does, or as a forger would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData


@dataclass
class Passkey:
    """One key of one person."""

    origin: str = "http://localhost"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    counter: int = 0

    def _client_data(self, kind: Any, question: dict[str, Any], challenge: bytes | None) -> CollectedClientData:
        asked = challenge or websafe_decode(question["publicKey"]["challenge"])
        return CollectedClientData.create(kind, asked, self.origin)

    def register(self, question: dict[str, Any], *, challenge: bytes | None = None, site: str | None = None) -> str:
        """The answer to « remember me »."""
        wanted = site or question["publicKey"]["rp"]["id"]
        data = AuthenticatorData.create(
            hashlib.sha256(wanted.encode()).digest(),
            AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
            self.counter,
            AttestedCredentialData.create(b"\0" * 16, self.identifier, ES256.from_cryptography_key(self.key.public_key())),
        )
        said = self._client_data(CollectedClientData.TYPE.CREATE, question, challenge)
        return self._answer(clientDataJSON=bytes(said), attestationObject=bytes(AttestationObject.create("none", data, {})))

    def prove(
        self,
        question: dict[str, Any],
        *,
        challenge: bytes | None = None,
        site: str | None = None,
        key: Any = None,
        flags: Any = None,
    ) -> str:
        """The answer to « prove yourself »."""
        self.counter += 1
        wanted = site or question["publicKey"]["rpId"]
        data = AuthenticatorData.create(
            hashlib.sha256(wanted.encode()).digest(), AuthenticatorData.FLAG.UP if flags is None else flags, self.counter
        )
        said = self._client_data(CollectedClientData.TYPE.GET, question, challenge)
        signature = (key or self.key).sign(bytes(data) + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=bytes(said), authenticatorData=bytes(data), signature=signature)

    def _answer(self, **response: bytes) -> str:
        identifier = websafe_encode(self.identifier)
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps(
            {"id": identifier, "rawId": identifier, "type": "public-key", "clientExtensionResults": {}, "response": encoded}
        )
