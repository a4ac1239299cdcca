"""Compressed pages, where compression tells nobody anything.

A compressed answer that holds both a secret and something that the asker chose leaks the secret by its length (BREACH). Pages for
anonymous visitors hold no secret; pages with a session or with a form's token are sent as they are.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: What compresses no more: the files of the nightly dump, workbooks.
COMPRESSED = frozenset({"application/gzip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})


class AnonymousGZipMiddleware(GZipMiddleware):
    """Django's compression, for answers to visitors who are not signed in and that carry no token."""

    max_random_bytes = 0  # nothing to hide, so no padding

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress, unless the request has a session or the page a token, or the answer is compressed already."""
        if response.get("Content-Type", "") in COMPRESSED:
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or response.cookies:
            return response
        return super().process_response(request, response)
