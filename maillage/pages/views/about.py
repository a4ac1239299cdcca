"""What a site must say about itself: legal notice, accessibility, site map."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.pages.accessibility import statement
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
def site_map(request: PortalRequest) -> HttpResponse:
    """Every kind of page, in words."""
    regions = [place for code in request.portal.regions if (place := territories.place("region", code))]
    context = {
        "stages": [(term.label, f"{reverse('results')}?etape={term.code}") for term in terms("stage")],
        "regions": [(region, territories.departements_of_region(region.code)) for region in regions],
    }
    return render(request, "pages/site_map.html", context)
