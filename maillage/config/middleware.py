"""Headers that every answer carries, whatever made it (a page, a file, an error)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FIXED = {
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def headers_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Adds the fixed security headers; forbids caches to keep what a signed-in person sees."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and getattr(user, "is_authenticated", False):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware
