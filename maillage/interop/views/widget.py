"""The widget: a page for the frames of partner sites, its colours, the script that makes the frame, and the page that explains it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.interop import widget as reading
from maillage.kit.absolute import absolute_url
from maillage.orientation.forms import read
from maillage.territories import queries as territories
from maillage.territories.queries import parse_key
from maillage.territories.values import Place
from maillage.vocabulary.labels import label
from maillage.vocabulary.middleware import PortalRequest

AN_HOUR = "public, max-age=3600"


@require_safe
@login_not_required
def widget(request: PortalRequest) -> HttpResponse:
    """The offers of a territory at a stage, for a frame. What the address says that nobody understands is left out: partners read the guide."""
    situation = read(request.GET).situation
    place = _place(request.GET.get("territoire", ""))
    found = reading.shown(
        situation, place, place.regions if place else request.portal.regions, timezone.localdate(), _count(request)
    )
    colours = {"couleur": reading.colour(request.GET.get("couleur", "")), "theme": _theme(request)}
    context = {
        "shown": found,
        "place": territories.place("commune", situation.commune.code) if situation.commune else place,
        "stage": label("stage", situation.stage) if situation.stage else "",
        "query": situation.query(),
        "all": reverse("results") + (f"?{situation.query()}" if situation.pairs() else ""),
        "colours": urlencode({key: value for key, value in colours.items() if value}),
        "parent": reading.parent_origin(request.GET.get("parent", ""), settings.MAILLAGE_WIDGET_PARENTS),
    }
    return framed(render(request, "interop/widget.html", context))


def framed(response: HttpResponse) -> HttpResponse:
    """Lets the sites of MAILLAGE_WIDGET_PARENTS show this answer in a frame; with none, nobody may, as everywhere else."""
    if settings.MAILLAGE_WIDGET_PARENTS:
        response._csp_replace = {"frame-ancestors": list(settings.MAILLAGE_WIDGET_PARENTS)}  # type: ignore[attr-defined]  # django-csp
        response.xframe_options_exempt = True
    else:
        response._csp_replace = {"frame-ancestors": [NONE]}  # type: ignore[attr-defined]  # django-csp
    return response


@require_safe
@login_not_required
def widget_style(request: PortalRequest) -> HttpResponse:
    """The colours of the widget, for any `couleur` and `theme`."""
    accent = reading.colour(request.GET.get("couleur", "")) or request.portal.accent
    response = HttpResponse(reading.stylesheet(accent, _theme(request)), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = AN_HOUR
    return response


@require_safe
@login_not_required
def widget_script(request: HttpRequest) -> HttpResponse:
    """The script that partners put on their page; its address never changes."""
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = AN_HOUR
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def script() -> bytes:
    """The bytes of the script."""
    return files("maillage.ui").joinpath("static", "widget.js").read_bytes()


@require_safe
@login_not_required
def embed(request: PortalRequest) -> HttpResponse:
    """How a partner site shows the widget: what to copy, what may be chosen."""
    region = territories.place("region", request.portal.regions[0]) if request.portal.regions else None
    example = {"territoire": region.key if region else "france", "etape": "creation"}
    names = {
        "data-territoire": _(
            "Un territoire\u202f: departement:53, epci:200048551, region:52… ou data-commune avec un code INSEE."
        ),
        "data-etape": _("Une étape\u202f: idee, emergence… Les codes sont ceux de l’interface publique."),
        "data-besoin": _("Un ou plusieurs besoins, séparés par des virgules."),
        "data-nature": _("Une ou plusieurs natures d’appui, séparées par des virgules."),
        "data-nombre": _("Combien d’offres montrer, de 1 à 10."),
        "data-couleur": _(
            "Votre couleur, en six chiffres hexadécimaux. Elle est foncée ou éclaircie si elle ne se lit pas assez bien."
        ),
        "data-theme": _("clair, sombre, ou auto\u202f: ce que préfère l’appareil du visiteur."),
        "data-langue": _("fr ou en."),
        "data-titre": _("Le nom du cadre, pour les lecteurs d’écran."),
    }
    context: dict[str, Any] = {
        "script": absolute_url(request, reverse("widget-script"), request.portal.hosts),
        "example": example,
        "alone": reverse("widget") + f"?{urlencode(example)}",
        "columns": [_("Attribut"), _("Ce qu’il choisit")],
        "rows": [[format_html("<code>{}</code>", name), meaning] for name, meaning in names.items()],
        "open_to_all": "*" in settings.MAILLAGE_WIDGET_PARENTS,
        "parents": [parent for parent in settings.MAILLAGE_WIDGET_PARENTS if parent != "*"],
        "trail": [(_("Interface publique"), reverse("api")), (_("Widget"), "")],
    }
    return render(request, "interop/embed.html", context)


def _place(text: str) -> Place | None:
    try:
        return territories.place(*parse_key(text.strip())) if text.strip() else None
    except ValueError:
        return None


def _count(request: HttpRequest) -> int:
    text = request.GET.get("nombre", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else reading.OFFERS
    return min(max(1, asked), reading.OFFERS_AT_MOST)


def _theme(request: HttpRequest) -> str:
    theme = request.GET.get("theme", "")
    return theme if theme in reading.THEMES else "auto"
