"""The public page of a sheet as visitors will read it, before it is published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from maillage.catalogue.access import AnySheet
from maillage.catalogue.models import Structure


def preview_of(request: HttpRequest, sheet: AnySheet) -> HttpResponse:
    """The public page of the sheet, with a notice that says it is a preview."""
    raise NotImplementedError((request, sheet, Structure))
