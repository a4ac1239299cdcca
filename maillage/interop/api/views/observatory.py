"""The observatory for programs: the gap matrix, the holes in words, the searches as published (small counts hidden)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.interop.api import parameters
from maillage.interop.api.answers import Refused, answer
from maillage.interop.api.parameters import MEMBERS, TERRITORY, Parameter
from maillage.interop.api.views.orientation import portal_of
from maillage.interop.api.views.reference import members, territory_as_json
from maillage.observatory import supplied, tables
from maillage.observatory.demand.publication import Published, published, years
from maillage.observatory.models.demand import EVERY
from maillage.observatory.months import write_month
from maillage.observatory.supply.gaps import Gap, gaps
from maillage.observatory.supply.matrix import ALL, Row
from maillage.orientation import forms
from maillage.territories.values import Place

YEAR = Parameter(
    "annee",
    gettext_noop("Une année montrée\u202f; la dernière si rien n’est dit."),
    {"type": "string", "pattern": r"^$|^2\d{3}$"},
    "2026",
)
MATRIX = GAPS = (TERRITORY, MEMBERS)
DEMAND = (YEAR,)


def matrix(request: HttpRequest) -> HttpResponse:
    """What is declared for a territory at each stage, kind by kind and incubation, with who has nothing."""
    places = _asked(request)
    found = supplied.matrix_of([place.territory for place in places], timezone.localdate())
    return answer(request, {**_about(request), "items": [_row(row) for row in found.rows]})


def gap_list(request: HttpRequest) -> HttpResponse:
    """What is missing in a territory, in words and in figures."""
    places = _asked(request)
    found = supplied.matrix_of([place.territory for place in places], timezone.localdate(), supplied.WATCHED)
    return answer(request, {**_about(request), "items": [_gap(gap) for gap in gaps(found)]})


def demand(request: HttpRequest) -> HttpResponse:
    """The searches of a year as anybody may see them."""
    parameters.known_only(request, DEMAND)
    portal, today = portal_of(request), timezone.localdate()
    shown = years(portal, today)
    text = request.GET.get(YEAR.name, "")
    if text and text not in map(str, shown):
        sentence = _("annee vaut «\u202f%(value)s\u202f»\u202f: années montrées\u202f: %(years)s.") % {
            "value": forms.shortened(text),
            "years": ", ".join(map(str, shown)) or _("aucune pour l’instant"),
        }
        raise parameters.refused([(YEAR.name, text, sentence)])
    year = int(text) if text else next(iter(shown), None)
    found = published(portal, year, today) if year else None
    return answer(request, {**_about(request), "years": shown, "demand": _demand(found) if found else None})


def _asked(request: HttpRequest) -> list[Place]:
    parameters.known_only(request, MATRIX)
    place = parameters.territory(request)
    if place is None:
        regions = portal_of(request).regions
        place = parameters.place_of(f"region:{regions[0]}" if regions else "france")
    if place.level == "commune" and parameters.yes_or_no(request, MEMBERS):
        raise Refused(422, _("Une commune n’a pas de membres\u202f: retirez «\u202fmembres\u202f»."))
    return [place, *(members(place) if parameters.yes_or_no(request, MEMBERS) else ())]


def _about(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "day": today.isoformat(),
        "licence": tables.LICENCE,
        "attribution": tables.attribution(portal_of(request), today),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "territory": territory_as_json(row.place),
        "structures": row.declared,
        "last_verified": row.last_verified.isoformat() if row.last_verified else None,
        "cells": [
            {
                "stage": stage,
                "kind": kind or None,
                "offers": cell.offers,
                "structures": cell.structures,
                "local": cell.local,
                "free": cell.free,
                "on_site": cell.on_site,
                "remote": cell.remote,
                "specialised": cell.specialised,
                "people_without": cell.uncovered,
            }
            for (stage, kind), cell in sorted(row.cells.items(), key=lambda item: (item[0][0], item[0][1] != ALL, item[0][1]))
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "territory": territory_as_json(gap.place),
        "kind": gap.kind,
        "stages": list(gap.stages),
        "partial": gap.partial,
        "people_without": gap.uncovered,
        "structures": gap.declared,
        "last_verified": gap.last_verified.isoformat() if gap.last_verified else None,
        "sentence": gap.sentence,
        "caution": gap.caution,
    }


def _demand(found: Published) -> dict[str, Any]:
    shares = found.shares()
    return {
        "year": found.year,
        "first_month": write_month(found.first),
        "last_month": write_month(found.last),
        "upstream_share": round(shares[0], 4) if shares else None,
        "development_share": round(shares[1], 4) if shares else None,
        "territories": [
            {"line": key, "stage": None if stage == EVERY else stage, "searches": count}
            for (key, stage), count in found.cells.items()
        ],
        "needs": [
            {"need": None if need == EVERY else need, "searches": row.searches, "nothing_found": row.empty, "few_found": row.few}
            for need, row in found.needs.items()
        ],
        "months": [{"month": write_month(month), "searches": count} for month, count in found.months.items()],
    }
