"""The figures of the campaigns by département, form and year, and their open data."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.crowdfunding.queries import SMALL, Cell, figures
from maillage.crowdfunding.rules import rules
from maillage.crowdfunding.states import day_in_paris
from maillage.crowdfunding.views.page import Written, content, kept_page
from maillage.kit.spreadsheets import csv_bytes
from maillage.kit.typography import money, number
from maillage.territories import queries as territories
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.portals import Portal


def _row(cell: Cell) -> list[str]:
    place = territories.place("departement", cell.departement)
    names = [place.name if place else cell.departement, rules().form_name(cell.form, get_language()), str(cell.year)]
    if cell.hidden:
        return [*names, *[_("moins de %(small)s") % {"small": SMALL}] * 4]
    assert cell.campaigns is not None
    assert cell.succeeded is not None
    assert cell.collected is not None
    people = _("inconnu") if cell.contributors is None else number(cell.contributors)
    return [*names, number(cell.campaigns), number(cell.succeeded), money(cell.collected), people]


@require_safe
@login_not_required
def page(request: PortalRequest) -> HttpResponse:
    """The table of the campaigns that are over."""
    return kept_page(request, lambda: _written(request.portal))


def _written(portal: Portal) -> Written:
    today = day_in_paris(timezone.now())
    context: dict[str, Any] = {
        "rows": [_row(cell) for cell in figures(portal.regions, today)],
        "columns": [_("Département"), _("Forme"), _("Année"), _("Campagnes"), _("Réussies"), _("Collecté"), _("Contributeurs")],
        "small": SMALL,
        "today": today,
        "csv_url": reverse("crowdfunding-figures-data", args=("csv",)),
        "json_url": reverse("crowdfunding-figures-data", args=("json",)),
    }
    return content(portal, "figures.jinja", context, title=_("Chiffres du financement participatif"))


HEADER = ["departement", "forme", "annee", "masquee", "campagnes", "reussies", "collecte", "contributeurs"]


@require_safe
@login_not_required
def data(request: PortalRequest, kind: str) -> HttpResponse:
    """The same cells for programs: hidden ones are there, without figures."""
    today = day_in_paris(timezone.now())
    rows = [
        [cell.departement, cell.form, cell.year, cell.hidden, cell.campaigns, cell.succeeded, cell.collected, cell.contributors]
        for cell in figures(request.portal.regions, today)
    ]
    if kind == "json":
        about = {"au": today.isoformat(), "seuil": SMALL, "licence": "Licence Ouverte 2.0"}
        lines = [
            {
                name: float(value) if name == "collecte" and value is not None else value
                for name, value in zip(HEADER, row, strict=True)
            }
            for row in rows
        ]
        return JsonResponse({**about, "chiffres": lines})
    written = [[*row[:3], "oui" if row[3] else "non", *row[4:]] for row in rows]
    return HttpResponse(
        csv_bytes(HEADER, written),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="financement-participatif.csv"'},
    )
