"""What a site must say about itself: legal notice, accessibility, where the sheets come from, site map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.templatetags.sheets import origin as origin_name
from maillage.kit import typography
from maillage.pages.accessibility import statement
from maillage.pages.provenance import FEW, provenance
from maillage.territories import queries as territories
from maillage.vocabulary.labels import terms
from maillage.vocabulary.middleware import PortalRequest


@require_safe
@login_not_required
def legal(request: PortalRequest) -> HttpResponse:
    """Who publishes and hosts this portal, and what becomes of data. What is not filled in is said to be missing."""
    notice = request.portal.legal
    names = {
        "publisher": _("Éditeur"),
        "address": _("Siège"),
        "phone": _("Téléphone"),
        "email": _("Adresse électronique"),
        "director": _("Directrice ou directeur de la publication"),
        "hosting": _("Hébergeur"),
    }
    context = {
        "notice": notice,
        "lines": [(names[name], getattr(notice, name), name) for name in names],
        "missing": [names[name] for name in notice.missing()],
    }
    return render(request, "pages/legal.html", context)


@require_safe
@login_not_required
def accessibility(request: PortalRequest) -> HttpResponse:
    """The accessibility statement (loi 2005-102, art. 47), made from data."""
    today = timezone.localdate()
    found = statement()
    return render(
        request,
        "pages/accessibility.html",
        {"statement": found, "expired": found.has_expired(today), "contact": request.portal.legal},
    )


@require_safe
@login_not_required
def sources(request: PortalRequest) -> HttpResponse:
    """« D’où viennent ces fiches »: the method, what the catalogue holds and lacks, and by catalogue of origin how many sheets are confirmed."""
    origins: dict[str, dict[str, Any]] = {}
    for model, name in ((Structure, "structures"), (Relay, "relays"), (Offer, "offers")):
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
    context = {
        "columns": [
            _("Catalogue"),
            _("Structures"),
            _("Lieux"),
            _("Offres"),
            _("Confirmées"),
            _("Dernière mise à jour"),
            _("Licences"),
        ],
        "rows": [_origin_row(source, origins[source]) for source in sorted(origins)],
        "edition": territories.edition(),
        "shares": _confirmed(origins.values()),
        "provenance": provenance(current_index(), request.portal, timezone.localdate()),
        "few": FEW,
    }
    return render(request, "pages/sources.html", context)


def _confirmed(origins: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many visible sheets their structure has confirmed, and how many there are."""
    every = list(origins)
    return (
        sum(origin["confirmed"] for origin in every),
        sum(origin["structures"] + origin["relays"] + origin["offers"] for origin in every),
    )


def _origin_row(source: str, origin: dict[str, Any]) -> list[str]:
    sheets = origin["structures"] + origin["relays"] + origin["offers"]
    return [
        origin_name(source),
        *(typography.number(origin[name]) for name in ("structures", "relays", "offers")),
        _("%(count)s sur %(sheets)s") % {"count": typography.number(origin["confirmed"]), "sheets": typography.number(sheets)},
        typography.day(origin["latest"]) if origin["latest"] else _("non datée"),
        ", ".join(sorted(licence for licence in origin["licences"] if licence)) or _("non indiquée"),
    ]


@require_safe
@login_not_required
def site_map(request: PortalRequest) -> HttpResponse:
    """Every kind of page, in words."""
    regions = [place for code in request.portal.regions if (place := territories.place("region", code))]
    context = {
        "stages": [(term.label, f"{reverse('results')}?etape={term.code}") for term in terms("stage")],
        "regions": [(region, territories.departements_of_region(region.code)) for region in regions],
    }
    return render(request, "pages/site_map.html", context)
