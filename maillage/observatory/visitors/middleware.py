"""Counts the pages that people see. After the answer is made; a few microseconds; never an error."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maillage.observatory.visitors import counting


def visitors_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Whole HTML pages (200) read by GET, without a session: those who sign in keep the catalogue, they are not visitors."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "GET" or response.status_code != 200:
            return response
        if response.headers.get("Content-Type", "").startswith("text/html"):
            kept = settings.SESSION_COOKIE_NAME in request.COOKIES
            if not kept and "HTTP_SEC_PURPOSE" not in request.META:  # a page fetched ahead may never be seen
                counting.count(request, request.portal.code)  # type: ignore[attr-defined]  # PortalRequest
        elif counting.is_robot_path(request.path):
            counting.count(request, "", robot=True)
        return response

    return middleware
