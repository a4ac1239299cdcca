"""Every public table as a file: CSV, XLSX, JSON, under Licence Ouverte 2.0, for anybody and any site."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from maillage.kit.open_data import open_data
from maillage.kit.spreadsheets import csv_bytes, xlsx_bytes
from maillage.observatory import tables
from maillage.observatory.demand.publication import years
from maillage.vocabulary.portals import Portal

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@open_data()
def data(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
    """A table; `annee` chooses the year of what is counted by year."""
    portal: Portal = request.portal  # type: ignore[attr-defined]  # PortalRequest; `open_data` wants Django's class
    today = timezone.localdate()
    text = request.GET.get("annee", "").strip()
    shown = years(portal, today)
    if text and text not in map(str, shown):
        choices = ", ".join(map(str, shown)) or _("aucune pour l’instant")
        return HttpResponseBadRequest(
            _("Cette année n’est pas montrée. Années montrées\u202f: %(years)s.") % {"years": choices},
            content_type="text/plain; charset=utf-8",
        )
    found = tables.table(kind, portal, int(text) if text else None, today)
    credit = tables.attribution(portal, today)
    name = f"observatoire-{found.name}{'-' + text if text else ''}.{suffix}"
    if suffix == "json":
        body = json.dumps(as_json(found, credit), ensure_ascii=False).encode()
        response = HttpResponse(body, content_type="application/json")
    elif suffix == "csv":
        response = HttpResponse(csv_bytes(found.columns, _written(found)), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes(found.columns, _written(found), found.title), content_type=_XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Link"] = f'<{tables.LICENCE_URL}>; rel="license"'
    return response


def as_json(found: tables.Table, credit: str) -> dict[str, Any]:
    """The table as objects, with its licence and whom to name."""
    return {
        "title": found.title,
        "licence": tables.LICENCE,
        "licence_url": tables.LICENCE_URL,
        "attribution": credit,
        "rows": [dict(zip(found.columns, row, strict=True)) for row in found.rows],
    }


def _written(found: tables.Table) -> list[tuple[Any, ...]]:
    """Cells as people read them: « oui » and « non »."""
    return [tuple({True: "oui", False: "non"}[cell] if isinstance(cell, bool) else cell for cell in row) for row in found.rows]
