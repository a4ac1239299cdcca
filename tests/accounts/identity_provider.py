"""A small OpenID Connect provider on this machine, that answers well, or badly in one way at a time."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, PASSWORD = "maillage", "a secret of the provider"

Claims = dict[str, Any]


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


OURS, FOREIGN = _key(), _key()


def _jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", "alg": "RS256"}


def unsigned(claims: Claims, header: dict[str, Any]) -> str:
    """A token whose signature is empty."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join([*parts, ""])


@dataclass
class IdentityProvider:
    """What the provider answers; each part can be replaced."""

    url: str
    nonce: str = ""
    sub: str = "agent-1"
    acr: str = "eidas2"
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], Any] = lambda claims: jwt.encode(claims, OURS, "RS256", {"kid": "one"})
    described: dict[str, Any] = field(default_factory=dict)
    token_status: int = 200
    token_answer: dict[str, Any] | None = None
    keys: list[dict[str, Any]] = field(default_factory=lambda: [_jwk(OURS, "one")])
    asked: list[dict[str, str]] = field(default_factory=list)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.described,
        }

    def claims(self) -> Claims:
        now = int(time.time())
        standard = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.sub,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 60,
            "acr": self.acr,
        }
        return self.change(standard)

    def tokens(self) -> dict[str, Any]:
        if self.token_answer is not None:
            return self.token_answer
        return {"access_token": "bearer", "token_type": "Bearer", "expires_in": 60, "id_token": self.sign(self.claims())}


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """The provider, listening."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

        def _say(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._say(200, provider.description())
            elif self.path == "/keys":
                self._say(200, {"keys": provider.keys})
            elif self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", "/keys")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            provider.asked.append({name: values[0] for name, values in sent.items()})
            self._say(provider.token_status, provider.tokens())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
