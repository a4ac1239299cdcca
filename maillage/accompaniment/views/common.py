"""What the pages of requests share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.accompaniment.access import LinkEnded
from maillage.accounts.models import Person
from maillage.kit.http import comes_from_here
from maillage.vocabulary.middleware import PortalRequest

View = Callable[..., HttpResponseBase]


def private(opens: Callable[[str], Any], *methods: str) -> Callable[[View], View]:
    """Decorates the view of a private link: opens it, refuses posts of other sites, keeps the page out of caches and search engines."""

    def decorate(view: View) -> View:
        @csrf_exempt  # the secret of the address is what a token would be, and posts come from here
        @cache_control(private=True, no_cache=True)  # not no-store: Back must find again what was typed
        @login_not_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: PortalRequest, secret: str, **rest: Any) -> HttpResponseBase:
            response: HttpResponseBase
            try:
                opened = opens(secret)
            except LinkEnded:
                response = render(request, "accompaniment/ended.html", {"typed": _typed(request)}, status=410)
            else:
                if request.method == "POST" and not comes_from_here(request):
                    response = refused(request)
                else:
                    response = view(request, opened, secret=secret, **rest)
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

        return answer

    return decorate


def refused(request: PortalRequest) -> HttpResponse:
    """A post of another site. What was typed is shown, to be copied."""
    return render(request, "accompaniment/elsewhere.html", {"typed": _typed(request)}, status=403)


def impossible(request: PortalRequest, back: str) -> HttpResponse:
    """The request moved meanwhile: nothing was written. What was typed is shown, to be copied."""
    return render(request, "accompaniment/moved.html", {"typed": _typed(request), "back": back}, status=409)


def _typed(request: PortalRequest) -> list[str]:
    written = [name for name in request.POST if name.split("-")[-1] in ("mot", "demande", "suite")]
    return [text.strip() for name in written for text in request.POST.getlist(name) if text.strip()]


def account_of(request: PortalRequest) -> Person | None:
    """Who is signed in, if somebody is."""
    return request.user if isinstance(request.user, Person) else None


DONE = {
    "mot": lambda: _("Votre mot est transmis."),
    "accord": lambda: _("C’est noté. La demande avance."),
    "retrait": lambda: _("Accord retiré\u202f: cette structure ne voit plus rien, dès maintenant."),
    "efface": lambda: _("C’est effacé. Cette page ne contient plus rien de vous."),
    "pris": lambda: _("L’animation du réseau reprend votre demande et vous donne des nouvelles."),
    "reponse": lambda: _("Votre réponse est transmise. Merci."),
    "merci": lambda: _("Merci. La structure lira votre réponse."),
    "propose": lambda: _("La personne est prévenue\u202f: rien ne part avant son accord."),
    "transmise": lambda: _("La demande est transmise."),
    "close": lambda: _("La demande est close, et la personne prévenue."),
}


def done(request: PortalRequest) -> str:
    """What was just done, from the address of the page where a post leads."""
    said = DONE.get(request.GET.get("fait", ""))
    return said() if said else ""
