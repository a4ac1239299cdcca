"""Small helpers on requests and answers."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: what was posted is done, look at it there. Back and reload then post nothing twice."""

    status_code = 303


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 of an IPv6 one (what one subscriber holds).

    Behind the proxy that MAILLAGE_BEHIND_PROXY declares, the last address of X-Forwarded-For is the one the proxy saw.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def comes_from_here(request: HttpRequest) -> bool:
    """Was this posted by one of our own pages? For forms without a cookie: there is no session to abuse, this stops other sites' forms.

    Browsers say it themselves (Sec-Fetch-Site, Origin). One that says nothing is believed: what limits such forms besides must hold.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin)[:2] == (request.scheme, request.get_host())
