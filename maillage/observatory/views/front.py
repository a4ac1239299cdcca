"""The first page of the observatory: what is missing, what is asked, how many come; and the way to every other page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.accompaniment.enums import OUTCOMES
from maillage.accompaniment.queries import Outcomes
from maillage.accounts.access import has_role
from maillage.accounts.models import Role
from maillage.kit.typography import number
from maillage.observatory import supplied, tables, wording
from maillage.observatory.demand import requests
from maillage.observatory.demand.publication import Published, published, years
from maillage.observatory.officers import reads_somewhere
from maillage.observatory.report import text
from maillage.observatory.supply.matrix import Matrix
from maillage.observatory.visitors import queries as visitors
from maillage.territories import queries as territories
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest

GAPS_SHOWN = 5


@require_safe
@login_not_required
def observatory(request: PortalRequest) -> HttpResponse:
    """Everything in a few figures, each leading to its page."""
    portal, today = request.portal, timezone.localdate()
    shown = years(portal, today)
    found = published(portal, shown[0], today) if shown else None
    gaps = supplied.holes(portal, today)
    matrix = supplied.matrix_of(supplied.departements(portal), today)
    context: dict[str, Any] = {
        "section": "observatory",
        "trail": [(_("Observatoire"), "")],
        "region": ", ".join(place.name for code in portal.regions if (place := territories.place("region", code))),
        "gaps": gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(gaps) - GAPS_SHOWN),
        "columns": [_("Département"), *(name for _code, name in choices("stage")), _("Structures")],
        "rows": [_row(matrix, at) for at in range(len(matrix.rows))],
        "found": found,
        "stages": stage_lines(found) if found else [],
        "said": text.searches(found),
        "visitors": text.visitors(visitors.years(portal.code, today)),
        "visitors_method": text.visitors_method(),
        "requests": request_lines(requests.figures(found.first, found.last) if found else None),
        "small_cells": text.small_cells_method(),
        "years": shown,
        "reports": [(year, reverse("observatory-report", args=(year,))) for year in shown],
        "kinds": tables.KINDS,
        "attribution": tables.attribution(portal, today),
        "today": today,
        "officer": reads_somewhere(request.user),
        "animates": has_role(request.user, Role.ANIMATION),
        "territories": [
            (place, reverse("observatory-territory", args=(place.level, place.code)))
            for code in portal.regions
            for place in [territories.place("region", code), *territories.departements_of_region(code)]
            if place
        ],
    }
    return render(request, "observatory/front.html", context)


def _row(matrix: Matrix, at: int) -> list[str | SafeString]:
    row = matrix.rows[at]
    address = reverse("observatory-territory", args=(row.place.level, row.place.code))
    name = format_html('<a href="{}">{}</a>', address, row.place.name)
    return [name, *(count_cell(row.cell(stage).offers, row.cell(stage).local) for stage in matrix.stages), number(row.declared)]


def count_cell(offers: int, local: int) -> str | SafeString:
    """A count of offers, none said in words; those that are not national in brackets."""
    if not offers:
        return format_html('<span class="badge badge-alarm">{}</span>', _("aucune"))
    return format_html('{} <span class="soft">({})</span>', number(offers), number(local))


def stage_lines(found: Published) -> list[tuple[str, str, int, int]]:
    """(stage, count in words, count, whole) for the bars; the bar of a hidden count is empty."""
    counts = {code: found.of("tout", code) for code, _name in choices("stage")}
    whole = max([count for count in counts.values() if count] or [1])
    return [(label("stage", code), wording.count(count), count or 0, whole) for code, count in counts.items()]


def request_lines(found: Outcomes | None) -> list[str]:
    """What became of the requests sent to structures; small counts are not said."""
    if found is None or not found.total:
        return []
    lines = []
    for outcome, count in sorted(found.by_outcome.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"{OUTCOMES[outcome]}\u202f: {number(count) if count >= 5 else _('moins de cinq')}")
    if found.median_days is not None and found.total >= 5:
        lines.append(wording.delay(found.median_days))
    return lines
