"""The ground under `fetch`: names are resolved once, addresses checked, connections made to a checked address and timed."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Collection
from typing import Any

import httpcore

from maillage.kit.addresses import Refused, is_allowed, is_public

Resolver = Callable[[str, int], Collection[str]]


class FetchError(Exception):
    """The other side could not be asked, or its answer not be read. The message is a French sentence, without secrets."""


class TooLate(Exception):
    """The time of the whole fetch is spent."""


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name once, refuses it if one of its addresses is not public, connects to a checked address and to no other.

    TLS still names and verifies the host: httpcore takes it from the URL, not from the address. `allowed` is None on the way to
    the proxy of the deployment, which is trusted and does the resolving.
    """

    def __init__(self, allowed: Collection[str] | None, resolve: Resolver, deadline: float) -> None:
        self.allowed = allowed
        self.resolve = resolve
        self.deadline = deadline
        self.sockets = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers."""
        addresses = list(dict.fromkeys(self._resolved(host, port)))
        if not addresses:
            raise FetchError(f"Le nom {host} n’a pas d’adresse : vérifiez-le.")
        for address in addresses if self.allowed is not None else ():
            if not (is_public(address) or is_allowed(address, self.allowed or ())):
                raise Refused(f"{host} mène à une adresse qui n’est pas publique ({address}) : elle n’est pas ouverte.")
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                stream = self.sockets.connect_tcp(address, port, self._left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _TimedStream(stream, self._left)
        raise failure or httpcore.ConnectError("no address")

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> httpcore.NetworkStream:
        """Never: there is no way out through a file."""
        raise Refused("Une adresse web ne mène pas à un fichier de cette machine.")

    def sleep(self, seconds: float) -> None:
        """Wait before a retry. There is none."""

    def _resolved(self, host: str, port: int) -> Collection[str]:
        """The addresses of a name, in the time that is left: the system's resolver has no time limit of its own."""
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        found: list[Collection[str] | Exception] = []

        def ask() -> None:
            try:
                found.append(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                found.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._left())
        if not found:
            raise TooLate
        if isinstance(found[0], Exception):
            raise FetchError(f"Le nom {host} est introuvable : vérifiez-le, ou la connexion de ce serveur.") from found[0]
        return found[0]

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooLate
        return left


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends at the deadline: a byte a second does not hold us."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self.stream = stream
        self.left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self.stream.start_tls(ssl_context, server_hostname, self.left()), self.left)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def system_addresses(host: str, port: int) -> Collection[str]:
    """What the system's resolver says."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
