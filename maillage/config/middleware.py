"""Headers that every answer carries, whatever made it (a page, a file, an error)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from maillage.vocabulary.portals import portals

FIXED = {
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


#: What a load balancer asks, by IP address and without TLS.
PROBES = frozenset({"/livez", "/healthz", "/readyz"})


def probe_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lets the health addresses answer under any host name: a probe knows an IP address, not the site's name."""
    known = next((host for portal in portals().values() for host in portal.hosts), "localhost")

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            request.META["HTTP_HOST"] = known
        return get_response(request)

    return middleware


def headers_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Adds the fixed security headers; forbids caches to keep what a signed-in person sees."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if getattr(response, "xframe_options_exempt", False):  # the widget: its frame-ancestors names who may show it
            del response.headers["X-Frame-Options"]
        user = getattr(request, "user", None)
        if user is not None and getattr(user, "is_authenticated", False):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware
