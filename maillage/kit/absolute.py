"""Whole addresses, for what leaves the site: a QR code, a calendar, a sitemap, linked data."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri


def absolute_url(request: HttpRequest, path: str, hosts: Collection[str] = ()) -> str:
    """The whole address of a path of ours.

    SITE_URL when it is set, except that a request for one of `hosts` (those of its portal, from our own data) keeps that host: two
    portals share one installation. Without SITE_URL, the host of the request, which Django has checked against ALLOWED_HOSTS.
    """
    return f"{site_root(request, hosts)}{iri_to_uri(path)}"


def site_root(request: HttpRequest, hosts: Collection[str] = ()) -> str:
    """What the whole addresses of a request begin with (see `absolute_url`), without the last slash."""
    if not settings.SITE_URL:
        return f"{request.scheme}://{request.get_host()}"
    return portal_root(request, hosts) or str(settings.SITE_URL)


def portal_root(request: HttpRequest, hosts: Collection[str]) -> str:
    """The start of the addresses of a portal that is asked for by one of its own `hosts`; empty otherwise.

    The host comes from our own data: it may be written in what leaves (an e-mail), which what a request says of its host may not.
    """
    name, _, port = request.get_host().partition(":")
    if name not in hosts:
        return ""
    if settings.SITE_URL:  # behind the same proxy: the same port, whatever the request says
        port = str(urlsplit(settings.SITE_URL).port or "")
    return f"{'https' if settings.SITE_IS_HTTPS else 'http'}://{name}{port and f':{port}'}"
