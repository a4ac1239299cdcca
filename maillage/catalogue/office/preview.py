"""The public page of a sheet as visitors will read it, before it is published.

The page of an offer belongs to orientation, which stands above the catalogue: orientation lends what it needs (`offer_context`)
when it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.catalogue.access import AnySheet
from maillage.catalogue.models import Offer, Relay
from maillage.catalogue.office.page import sheet_url, status_badge
from maillage.catalogue.views.structure import structure_context

#: What the page of an offer shows; set by orientation.
offer_context: Callable[[Any, Offer], dict[str, Any]] | None = None


def preview_of(request: HttpRequest, sheet: AnySheet) -> HttpResponse:
    """The public page of the sheet under a notice that says it is a preview. A relay is seen on the page of its structure."""
    notice = {"previewed": sheet, "back": sheet_url(sheet), "badge": status_badge(sheet)}
    if isinstance(sheet, Offer):
        assert offer_context is not None, "orientation is installed"
        return render(request, "office/preview_offer.html", offer_context(request, sheet) | notice)
    if isinstance(sheet, Relay):
        structure = sheet.structure
        relays = [sheet, *(relay for relay in structure.relays.visible() if relay.pk != sheet.pk)]
    else:
        structure, relays = sheet, list(sheet.relays.visible())
    context = structure_context(structure, list(structure.offers.visible()), relays)
    return render(request, "office/preview_structure.html", context | notice)
