"""« D’où viennent ces données »: the public sources that are read, and the catalogues of origin of the sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.templatetags.sheets import origin as origin_name
from maillage.interop.holdings import FEW, holdings
from maillage.interop.queries import SourceLine, source_lines
from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import sources as known_sources
from maillage.kit import typography
from maillage.territories import queries as territories
from maillage.vocabulary.middleware import PortalRequest

_KINDS = ((Structure, "structures"), (Relay, "relays"), (Offer, "offers"))


@require_safe
@login_not_required
def sources(request: PortalRequest) -> HttpResponse:
    """Each source with its last good read, counts, licence, attribution and quarantine; each catalogue with its sheets;

    the method of the starter catalogue, what it holds and what it lacks, and how a region contributes.
    """
    origins, known = _origins(), known_sources()
    lines = [line for line in source_lines(timezone.localdate(), known) if line.last or line.quarantine or line.code in origins]
    context = {
        "sources": [_described(line, origins.get(line.code)) for line in lines],
        "columns": [
            _("Catalogue"),
            _("Structures"),
            _("Lieux"),
            _("Offres"),
            _("Confirmées"),
            _("Dernière mise à jour"),
            _("Licences"),
        ],
        "rows": [_origin_row(source, origins[source], known.get(source)) for source in sorted(origins)],
        "edition": territories.edition(),
        "shares": _confirmed(origins.values()),
        "holdings": holdings(current_index(), request.portal, timezone.localdate()),
        "few": FEW,
    }
    return render(request, "interop/sources.html", context)


def _confirmed(origins: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many visible sheets their structure has confirmed, and how many there are."""
    every = list(origins)
    return (
        sum(origin["confirmed"] for origin in every),
        sum(origin[name] for origin in every for _model, name in _KINDS),
    )


def _origins() -> dict[str, dict[str, Any]]:
    """By catalogue of origin: visible sheets of each kind, those confirmed, the latest day, the licences."""
    origins: dict[str, dict[str, Any]] = {}
    for model, name in _KINDS:
        counted = (
            model._default_manager.visible()
            .order_by("source", "licence")
            .values("source", "licence")
            .annotate(count=Count("pk"), confirmed=Count("pk", filter=Q(verified_on__isnull=False)), latest=Max("updated"))
        )
        for row in counted:
            origin = origins.setdefault(
                row["source"], {"structures": 0, "relays": 0, "offers": 0, "confirmed": 0, "latest": None, "licences": set()}
            )
            origin[name] += row["count"]
            origin["confirmed"] += row["confirmed"]
            origin["licences"].add(row["licence"])
            origin["latest"] = max(filter(None, (origin["latest"], row["latest"])), default=None)
    return origins


def _described(line: SourceLine, origin: dict[str, Any] | None) -> dict[str, Any]:
    finished = line.last.finished_at if line.last else None
    return {
        "line": line,
        "source": line.source,
        "read_on": timezone.localdate(finished) if finished else None,
        "counts": line.last.counts if line.last else {},
        "shown": sum(origin[name] for _model, name in _KINDS) if origin else 0,
    }


def _origin_row(source: str, origin: dict[str, Any], known: Source | None) -> list[Any]:
    sheets = origin["structures"] + origin["relays"] + origin["offers"]
    name = format_html('<a href="#source-{}">{}</a>', source, known.name) if known else origin_name(source)
    return [
        name,
        *(typography.number(origin[kind]) for _model, kind in _KINDS),
        _("%(count)s sur %(sheets)s") % {"count": typography.number(origin["confirmed"]), "sheets": typography.number(sheets)},
        typography.day(origin["latest"]) if origin["latest"] else _("non datée"),
        ", ".join(sorted(licence for licence in origin["licences"] if licence)) or _("non indiquée"),
    ]
