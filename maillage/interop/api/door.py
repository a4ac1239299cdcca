"""The door of the API: what is the same for every question, before and after ninja."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from maillage.interop.api.answers import Refused, opened
from maillage.kit.http import network_of
from maillage.kit.problem import problem
from maillage.kit.rate import RateLimit

METHODS = "GET, HEAD, OPTIONS"
#: What a script of another site may send: enough to ask again only for what changed.
_ACCEPTED = "Accept, Accept-Language, Content-Type, If-None-Match"
#: Questions of one network in a minute, kind of question by kind of question (MAILLAGE_API_PER_MINUTE).
LIMIT = RateLimit(settings.MAILLAGE_API_PER_MINUTE, 60)

View = Callable[..., HttpResponse]


def open_door(view: View, name: str, limit: RateLimit = LIMIT) -> View:
    """A public view for programs: read only, limited in number, in the language of `lang`, its refusals told as problems."""

    @wraps(view)
    @csrf_exempt
    @login_not_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in ("GET", "HEAD"):
            response = problem(405, _("Cette adresse se lit seulement\u202f: utilisez GET."))
            response.headers["Allow"] = METHODS
            return response
        seconds = limit.wait(f"{name} {network_of(request)}") if limit.allowed else 0
        if seconds:
            return too_often(seconds)
        try:
            language = request.GET.get("lang", settings.LANGUAGE_CODE)
        except SuspiciousOperation:  # thousands of parameters
            return problem(400, _("L’adresse est trop longue\u202f: posez plusieurs questions plus courtes."))
        if language not in dict(settings.LANGUAGES):
            return _language(language)
        asked, request.method = request.method, "GET"  # ninja knows GET only; the server cuts the body of an answer to HEAD
        try:
            with translation.override(language):
                return view(request, *args, **kwargs)
        except Refused as refused:
            return refused.answer()
        finally:
            request.method = asked

    return guarded


def _preflight() -> HttpResponse:
    response = opened(HttpResponse(status=204))
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = _ACCEPTED
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def too_often(seconds: float) -> HttpResponse:
    """429, with the seconds to wait."""
    wait = max(1, ceil(seconds))
    response = problem(429, _("Trop de questions en une minute. Recommencez dans %(count)d secondes.") % {"count": wait})
    response.headers["Retry-After"] = str(wait)
    return response


def _language(said: str) -> HttpResponse:
    sentence = _("lang vaut «\u202f%(value)s\u202f»\u202f: choisissez parmi %(choices)s.") % {
        "value": said[:20],
        "choices": ", ".join(dict(settings.LANGUAGES)),
    }
    return Refused(422, sentence, [{"parameter": "lang", "value": said[:120], "sentence": sentence}]).answer()
