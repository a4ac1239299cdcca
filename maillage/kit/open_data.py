"""Open data over HTTP: whoever asks may read, from any site, and asks again only for what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response

#: Headers that let a page of another site read the answer (CORS, reads only, never with cookies).
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After, Content-Disposition",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
View = Callable[..., HttpResponseBase]


def open_data(stamp: Callable[[], str] | None = None) -> Callable[[View], View]:
    """A public view that only reads. With `stamp`, a word that changes when its answers may: then it answers 304 to who has them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return _open(HttpResponse(status=204, headers=_PREFLIGHT))
            if request.method not in {"GET", "HEAD"}:
                return _open(HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"]))
            if stamp is None:
                return _open(view(request, *args, **kwargs))
            word = f"{stamp()} {request.get_host()} {request.get_full_path()}"
            etag = f'W/"{hashlib.sha256(word.encode()).hexdigest()[:24]}"'
            held = get_conditional_response(request, etag=etag)
            response: HttpResponseBase = held if held is not None else view(request, *args, **kwargs)
            if response.status_code < 400:
                response.headers["ETag"] = etag
                response.headers.setdefault("Cache-Control", "public, no-cache")
            return _open(response)

        return login_not_required(reading)

    return decorate


def _open(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in CORS.items():
        response.headers[name] = value
    return response
