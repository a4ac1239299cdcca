"""Whole addresses, for what leaves the site: a QR code, a calendar, a sitemap, linked data."""

from __future__ import annotations

from collections.abc import Collection

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
    host = request.get_host()
    if not settings.SITE_URL:
        return f"{request.scheme}://{host}"
    if host.rsplit(":", 1)[0] in hosts:
        return f"{'https' if settings.SITE_IS_HTTPS else 'http'}://{host}"
    return str(settings.SITE_URL)
