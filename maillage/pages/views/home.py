"""The home page: one question, a second door, what the catalogue holds."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from maillage.catalogue.index import current_index
from maillage.kit.absolute import absolute_url
from maillage.kit.linked_data import script_text
from maillage.pages.holdings import closing_soon, holdings
from maillage.pages.linked_data import site_as_linked_data
from maillage.vocabulary.labels import terms
from maillage.vocabulary.middleware import PortalRequest


@login_not_required
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Screen 1. Public, no form to post: the answers go into the address of the next page."""
    snapshot, today = current_index(), timezone.localdate()
    stages = terms("stage")
    return render(
        request,
        "pages/home.html",
        {
            "phases": [[term for term in stages if term.extra.get("phase") == phase] for phase in ("ante", "post")],
            "holdings": holdings(snapshot, request.portal, today),
            "linked_data": script_text(
                site_as_linked_data(
                    request.portal,
                    absolute_url(request, reverse("home"), request.portal.hosts),
                    absolute_url(request, reverse("results"), request.portal.hosts),
                    get_language() or "fr",
                )
            ),
            "calls": closing_soon(snapshot, request.portal, today),
        },
    )
