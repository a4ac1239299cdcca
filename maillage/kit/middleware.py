"""Refuses requests that no honest page sends: NUL bytes and broken encodings in the address or the form."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.kit.problem import is_for_programs, problem


def _is_plain_text(raw: bytes) -> bool:
    if b"\0" in raw:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refusal(request: HttpRequest) -> HttpResponse:
    # said here because nothing has chosen the language yet: the thread still has that of its last request
    with translation.override(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        if is_for_programs(request):
            return problem(400, _("L’adresse contient un caractère qui n’est pas du texte\u202f: retirez-le."))
        return HttpResponseBadRequest(render_to_string("400.html"))


def plain_text_only_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 with a sentence; PostgreSQL refuses NUL bytes in text, and a page must never find out by a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.META.get("PATH_INFO", "").encode("utf-8", "surrogateescape")
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        clean = _is_plain_text(path) and _is_plain_text(query)
        if clean and request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
            clean = _is_plain_text(unquote_to_bytes(request.body.replace(b"+", b" ")))
        if not clean:
            return _refusal(request)
        return get_response(request)

    return middleware
