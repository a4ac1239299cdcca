"""A small HTTP server on loopback, scripted by a function: what the outside world answers, broken in every way we need."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Said:
    """One answer. `body` may be pieces that come one by one; `raw` is written to the wire instead of all the rest."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass
class Server:
    """A running server: its root address, and what it was asked."""

    url: str
    port: int
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Asked], Said], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that answers what the function says, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers.items()), self.rfile.read(length))
            server.asked.append(asked)
            said = answer(asked)
            try:
                if said.raw is not None:
                    self.wfile.write(said.raw)
                    self.close_connection = True
                    return
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                whole = isinstance(said.body, bytes)
                if whole:
                    self.send_header("Content-Length", str(len(said.body)))  # type: ignore[arg-type]
                else:
                    self.send_header("Connection", "close")
                self.end_headers()
                if self.command == "HEAD":
                    return
                for piece in [said.body] if whole else said.body:  # type: ignore[union-attr]
                    self.wfile.write(piece)  # type: ignore[arg-type]
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client had enough
            if not isinstance(said.body, bytes):
                self.close_connection = True

        do_GET = do_HEAD = do_POST = _answer

        def log_message(self, *words: object) -> None:
            """Silent."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.block_on_close = False
    if tls:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
        httpd.handle_error = lambda *whom: None  # type: ignore[method-assign]  # a client that hangs up at the handshake
    server = Server(f"http{'s' if tls else ''}://127.0.0.1:{httpd.server_port}", httpd.server_port)
    running = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    running.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        running.join()
