"""A professional's session without a second factor opens nothing: it leads to the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from maillage.accounts import entering
from maillage.accounts.models import Person
from maillage.accounts.second_factor import has_factor
from maillage.kit.http import SeeOther

View = Callable[..., HttpResponse]


def first_factor_enough(view: View) -> View:
    """Marks the pages that a session with a first factor only may open: setting up the second, signing out."""
    view.first_factor_enough = True  # type: ignore[attr-defined]  # read by the middleware below
    return view


def second_factor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Before each view: on public pages such a session counts for nobody, on closed ones it is led to the second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or getattr(view, "first_factor_enough", False):
            return None
        if not isinstance(request.user, Person) or entering.is_enough(request):
            return None
        if not getattr(view, "login_required", True):
            request.user = AnonymousUser()
            return None
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
        page = resolve_url("second-factor" if has_factor(request.user) else "second-factor-setup")
        return SeeOther(f"{page}?{urlencode({'next': wanted})}" if wanted else page)

    middleware.process_view = process_view  # type: ignore[attr-defined]  # how Django finds it
    return middleware
