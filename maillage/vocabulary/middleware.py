"""Puts the portal of the request on the request, for views and templates."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maillage.vocabulary.portals import Portal, portal_for


class PortalRequest(HttpRequest):
    """A request that has passed `portal_middleware`: for annotations only."""

    portal: Portal


def portal_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sets `request.portal`: MAILLAGE_PORTAL, else the host's portal, else the first (see `portals.portal_for`)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.portal = portal_for(request.get_host(), settings.MAILLAGE_PORTAL)  # type: ignore[attr-defined]  # PortalRequest
        return get_response(request)

    return middleware
