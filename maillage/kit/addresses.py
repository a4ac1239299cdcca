"""Which web addresses may be fetched: how they may be written, and which IP addresses are public. Pure, no network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import httpx

SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset(SCHEMES.values())
LONGEST = 2_000

_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
#: Names that lead inside (RFC 6761, 6762, 8375, and common usage), refused before anybody is asked for their address.
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "home.arpa", "in-addr.arpa", "ip6.arpa")  # fmt: skip
#: Not public, whatever the version of Python says of them (IANA special-purpose registries, 2025).
_CLOSED_V4 = tuple(ipaddress.IPv4Network(block) for block in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "168.63.129.16/32",  # a cloud's own services, on a public address
))  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(ipaddress.IPv6Network(block) for block in (
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "3ffe::/16",
))  # fmt: skip
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: ISATAP hides an IPv4 address in the end of an IPv6 one.
_ISATAP = (0x00005EFE, 0x02005EFE)


class Refused(Exception):
    """An address that is not fetched. The message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A web address whose writing was checked. Where its name leads is checked when it is connected to."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a key may be sent to."""
        return self.scheme, self.host, self.port


def is_public(address: str) -> bool:
    """Is this IP address one of the public Internet? False for whatever is not an address, or carries a zone."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in block for block in _CLOSED_V4)
    if ip.scope_id:
        return False
    if ip in _NAT64:  # where the network has no IPv4, every IPv4 host is reached so
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if ip not in _GLOBAL_V6 or any(ip in block for block in _CLOSED_V6):
        return False  # mapped, 6to4, Teredo and site-local addresses are among them
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return ip.is_global


def is_allowed(address: str, allowed: Collection[str]) -> bool:
    """Is this IP address one of those, or in one of those networks, that somebody allowed by name?"""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in block for block in _blocks(tuple(allowed)))


@lru_cache(maxsize=64)
def _blocks(allowed: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    found = []
    for entry in allowed:
        with suppress(ValueError):  # the name of a host
            found.append(ipaddress.ip_network(entry))
    return tuple(found)


def check_url(url: str, allowed: Collection[str] = ()) -> Checked:
    """The address, when it may be asked as it is written. Raises Refused.

    Only http and https, on their own ports, towards a name with a dot or an IP address in its one usual writing. Addresses that
    programmes read differently (user names, backslashes, octal or hexadecimal numbers, zones, blanks) are refused, not repaired.
    A host of `allowed` (name or address) may be on any port; a name that is there still has to lead to a public or allowed address.
    """
    if not isinstance(url, str) or not url or len(url) > LONGEST:
        raise Refused(f"Une adresse web est un texte de {LONGEST} caractères au plus.")
    if any(unicodedata.category(sign)[0] in "CZ" for sign in url) or "\\" in url:
        raise Refused("Une adresse web ne contient ni espace, ni caractère invisible, ni barre oblique inversée.")
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii").lower()
        port = parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused("Cette adresse web est mal écrite.") from error
    if parsed.scheme not in SCHEMES:
        raise Refused("Seules les adresses qui commencent par http:// ou https:// sont ouvertes.")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise Refused("Une adresse web ne doit pas contenir de nom d’utilisateur (« @ »).")
    if not host or "%" in host:
        raise Refused("Cette adresse web n’a pas de nom de serveur lisible.")
    port = port if port is not None else SCHEMES[parsed.scheme]
    literal = _literal(host)
    if is_allowed(literal, allowed) if literal else host in allowed:
        return Checked(str(parsed), parsed.scheme, host, port)
    if port not in PORTS:
        raise Refused(f"Le port {port} n’est pas ouvert : seuls {' et '.join(map(str, sorted(PORTS)))} le sont.")
    if literal:
        if not is_public(literal):
            raise Refused(f"L’adresse {host} n’est pas publique : elle n’est pas ouverte.")
    elif host == "localhost" or host.endswith(tuple("." + name for name in _INSIDE)):
        raise Refused(f"Le nom {host} mène à l’intérieur d’un réseau : il n’est pas ouvert.")
    elif not _NAME.fullmatch(host):
        raise Refused(f"« {host[:80]} » n’est pas le nom entier d’un serveur public.")
    return Checked(str(parsed), parsed.scheme, host, port)


def _literal(host: str) -> str:
    """The IP address that a host is, in its usual writing; "" for a name. Raises Refused for the other writings of a number.

    A host whose last part is a number is an address (WHATWG URL, « ends in a number »): resolvers read 0177.1, 0x7f000001 and
    2130706433 as 127.0.0.1.
    """
    if ":" in host or host.startswith("["):
        try:
            return str(ipaddress.IPv6Address(host.strip("[]")))
        except ValueError as error:
            raise Refused("Cette adresse IPv6 est mal écrite.") from error
    if _NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise Refused(f"« {host[:80]} » : une adresse IPv4 s’écrit en quatre nombres décimaux.") from error
    return ""
