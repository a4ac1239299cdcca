"""For machines and for the page's own search as you type: JSON, open to everyone, no cookie."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from maillage.orientation import forms, record
from maillage.orientation.queries import orient
from maillage.orientation.serialise import answer_as_json
from maillage.territories import queries as territories
from maillage.territories.wording import commune_label
from maillage.vocabulary.middleware import PortalRequest

#: Results in one answer: by default and at most. `total` always counts all; `debut` gives the following ones.
RESULTS, RESULTS_AT_MOST = 20, 200
SUGGESTIONS = 8


@login_not_required
@require_safe
def orientation(request: PortalRequest) -> JsonResponse:
    """GET /api/v1/orientation: the parameters of the results page, plus `limite` and `debut` (first result, from 0)."""
    reading = forms.read(request.GET)
    limit = _whole(request, "limite", RESULTS, RESULTS_AT_MOST)
    offset = _whole(request, "debut", 0, 10**9)
    answer = orient(reading.situation, request.portal, limit=limit, offset=offset)
    record.keep(answer, request.portal.code)
    return _json(answer_as_json(answer, reading.problems))


@login_not_required
@require_safe
def communes(request: PortalRequest) -> JsonResponse:
    """GET /api/v1/communes?q=: the communes that somebody may be typing, best first, those of the portal's région before equals."""
    near = request.portal.regions[0] if request.portal.regions else None
    found = territories.search(request.GET.get("q", ""), SUGGESTIONS, near)
    response = _json(
        {
            "communes": [
                {
                    "code": item.commune.code,
                    "name": item.commune.name,
                    "postcodes": list(item.commune.postcodes),
                    "departement": item.commune.departement,
                    "label": commune_label(item.commune, item.former_name),
                }
                for item in found
            ]
        }
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _whole(request: HttpRequest, name: str, default: int, at_most: int) -> int:
    """A whole number of the address within bounds; the default when it is not one."""
    text = request.GET.get(name, "")
    return min(int(text), at_most) if text.isascii() and text.isdigit() and len(text) < 12 else default


def _json(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
