"""The one way out over HTTP: `safe_fetch`. Every address is checked, at every hop, and the checked address is the one connected to.

What it refuses, and why: docs/decisions/0013-one-way-out.md (ASVS 1.3.6, 13.2.4, 15.3.2). It knows nothing of Django. Where
an address may lead is in `maillage.kit.addresses`; this module resolves, connects, follows and counts.
"""

from __future__ import annotations

import json
import os
import ssl
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

import maillage
from maillage.kit.addresses import Checked, Refused, check_url
from maillage.kit.network import CheckedBackend, FetchError, Resolver, TooLate, system_addresses

__all__ = ["Answer", "FetchError", "Limits", "Refused", "safe_fetch"]

USER_AGENT = f"Maillage/{maillage.__version__}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READ = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost: bytes of the answer once unpacked (0: the body is not read), seconds for everything (names, hops, body), hops."""

    bytes: int = 1_000_000
    seconds: float = 10.0
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever the status. `url` is the last hop; header names are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises FetchError when it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise FetchError(f"{_host(self.url)} a répondu autre chose que du JSON.") from error


def safe_fetch(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, params: Mapping[str, Any] | None = None,
    body: Any = None, limits: Limits = Limits(), allow: Collection[str] = (), resolve: Resolver | None = None,
) -> Answer:  # fmt: skip
    """Ask one address, following at most `limits.redirects` hops, each checked like the first.

    `body` is sent as JSON. `allow` names addresses that are not public and that may be reached all the same, on any port (with
    those of MAILLAGE_FETCH_ALLOW): "127.0.0.1", "10.1.2.0/24". `headers` go no further than the first host: a redirection
    elsewhere must not carry keys away. `resolve` gives the addresses of a name (tests).

    Raises Refused when an address may not be reached, FetchError when it does not answer within the limits.
    """
    deadline = time.monotonic() + limits.seconds
    allowed = (*allow, *_listed("MAILLAGE_FETCH_ALLOW"))
    checked = check_url(_with_params(url, params), allowed)
    sent = {**(headers or {}), **({"Content-Type": "application/json"} if body is not None else {})}
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    with _Way(allowed, resolve or system_addresses, deadline) as way:
        for _ in range(limits.redirects + 1):
            status, answered, chunks = way.ask(method, checked, sent, content)
            with chunks:
                location = answered.get("location")
                if status not in _REDIRECTS or not location or limits.redirects == 0:
                    body_read = _read(chunks, answered, limits.bytes, checked) if limits.bytes else b""
                    return Answer(status, checked.url, answered, body_read)
            target = check_url(_joined(checked, location), allowed)
            if checked.scheme == "https" and target.scheme == "http":
                raise Refused(f"{checked.host} renvoie vers une adresse qui n’est pas chiffrée : ce n’est pas suivi.")
            if target.origin != checked.origin:
                sent = {}
            if status == 303 or (status in (301, 302) and method == "POST"):
                method, content, sent = "GET", b"", {name: value for name, value in sent.items() if name != "Content-Type"}
            checked = target
    raise FetchError(f"{checked.host} renvoie d’adresse en adresse, plus de {limits.redirects} fois.")


class _Way:
    """A connection pool without memory: no cookie, no proxy but ours, no address that was not checked, no time after the deadline."""

    def __init__(self, allowed: Collection[str], resolve: Resolver, deadline: float) -> None:
        proxy = os.environ.get("MAILLAGE_EGRESS_PROXY", "").strip()
        self.deadline = deadline
        self.transport = _Transport(CheckedBackend(None if proxy else allowed, resolve, deadline), proxy)

    def __enter__(self) -> _Way:
        return self

    def __exit__(self, *error: object) -> None:
        self.transport.close()

    def ask(self, method: str, to: Checked, headers: Mapping[str, str], content: bytes) -> tuple[int, dict[str, str], _Chunks]:
        """One request, no redirection followed: status, headers, and the body still to be read."""
        usual = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
        try:
            request = httpx.Request(method, to.url, headers={**usual, **headers}, content=content or None)
        except (ValueError, UnicodeError) as error:
            raise FetchError(
                "Un en-tête de la demande contient un caractère qui ne s’envoie pas : vérifiez la clé d’accès."
            ) from error
        left = max(self.deadline - time.monotonic(), 0.001)
        request.extensions["timeout"] = {"connect": left, "read": left, "write": left, "pool": left}
        with _told(to.host):
            response = self.transport.handle_request(request)
        return response.status_code, {name.lower(): value for name, value in response.headers.items()}, _Chunks(response, to)


class _Transport(httpx.BaseTransport):
    """httpx's request on httpcore's pool, through a network backend of ours (httpx offers no such place)."""

    def __init__(self, backend: httpcore.NetworkBackend, proxy: str) -> None:
        context = _tls(os.environ.get("SSL_CERT_FILE", ""))
        if proxy:
            through = httpx.Proxy(proxy)
            self.pool: httpcore.ConnectionPool = httpcore.HTTPProxy(
                str(through.url), proxy_auth=through.raw_auth, ssl_context=context, network_backend=backend, keepalive_expiry=0
            )
        else:
            self.pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend, keepalive_expiry=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and give the answer with its body unread."""
        answer = self.pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer), request=request)

    def close(self) -> None:
        """Close every connection."""
        self.pool.close()


@lru_cache(maxsize=2)
def _tls(certificates: str) -> ssl.SSLContext:
    """Reading the certificates takes longer than most fetches: once for each file of certificates."""
    return httpx.create_ssl_context()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()


class _Chunks:
    """The body of an answer as it comes, still packed."""

    def __init__(self, response: httpx.Response, to: Checked) -> None:
        self.response = response
        self.to = to

    def __enter__(self) -> _Chunks:
        return self

    def __exit__(self, *error: object) -> None:
        self.response.close()

    def __iter__(self) -> Iterator[bytes]:
        with _told(self.to.host):
            yield from self.response.iter_raw()


@contextmanager
def _told(host: str) -> Iterator[None]:
    """Turns what the network says into a sentence about the host."""
    try:
        yield
    except (TooLate, httpcore.TimeoutException) as error:
        raise FetchError(f"{host} n’a pas fini de répondre à temps.") from error
    except httpcore.ProxyError as error:
        raise FetchError(f"Le relais de sortie (MAILLAGE_EGRESS_PROXY) refuse d’aller à {host}.") from error
    except httpcore.ConnectError as error:
        if "certificate" in str(error).lower():
            raise FetchError(f"Le certificat de {host} n’est pas le sien ou n’est plus valable : rien n’a été envoyé.") from error
        raise FetchError(f"{host} ne répond pas.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise FetchError(f"{host} a coupé la réponse ou ne parle pas HTTP.") from error


def _listed(name: str) -> Iterable[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _with_params(url: str, params: Mapping[str, Any] | None) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{httpx.QueryParams(dict(params))}"


def _joined(checked: Checked, location: str) -> str:
    try:
        return str(httpx.URL(checked.url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(f"{checked.host} renvoie vers une adresse illisible.") from error


def _host(url: str) -> str:
    return httpx.URL(url).host


def _read(chunks: Iterable[bytes], headers: Mapping[str, str], most: int, to: Checked) -> bytes:
    """The body, unpacked as it comes and never beyond `most` bytes: a small gzip may hold gigabytes."""
    too_big = FetchError(f"La réponse de {to.host} dépasse {most} octets : elle n’est pas lue.")
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{to.host} a répondu dans une compression qui n’a pas été demandée.")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in packing else None
    kept, size, came = [], 0, 0
    for chunk in chunks:
        came += len(chunk)
        if unpack:
            try:
                chunk = unpack.decompress(chunk, most + 1 - size)
            except zlib.error as error:
                raise FetchError(f"La réponse compressée de {to.host} est abîmée.") from error
        kept.append(chunk)
        size += len(chunk)
        if size > most or came > most:
            raise too_big
    if unpack and came and not unpack.eof:
        if unpack.unconsumed_tail:
            raise too_big
        raise FetchError(f"La réponse compressée de {to.host} est abîmée.")
    return b"".join(kept)
