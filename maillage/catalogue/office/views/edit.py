"""Create and edit sheets in the office."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue import access
from maillage.catalogue.access import Act
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.forms.fields import Chosen, territory_choices
from maillage.catalogue.forms.rows import Record
from maillage.catalogue.forms.sheets import FORMS
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.office.editing import Desk, asks_again, edit_sheet, form_page
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.page import Trail, office_page, person_of, sheet_trail, sheet_url, team_only
from maillage.kit.http import SeeOther


def _desk(request: HttpRequest, kind: str, trail: Trail, back: str, save: Callable[[Record, str], str]) -> Desk:
    def page(template: str, context: dict[str, Any], status: int) -> HttpResponse:
        shared = {"frame": "office/base.html", "places_url": reverse("office-places")}
        return office_page(request, template, {**shared, **context}, part=kind, trail=trail, status=status)

    return Desk(page, back, save)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def new_structure(request: HttpRequest) -> HttpResponse:
    """Create a structure."""
    return _new(request, Structure.KIND, None, _("Nouvelle structure"))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def new_child(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """Create an offer or a relay of a structure."""
    structure = access.sheet_for(person_of(request), Structure.KIND, uid)
    assert isinstance(structure, Structure)
    return _new(request, kind, structure, _("Nouvelle offre") if kind == Offer.KIND else _("Nouveau relais"))


def _new(request: HttpRequest, kind: str, structure: Structure | None, title: str) -> HttpResponse:
    person = person_of(request)
    ref = request.POST.get("ref", "")
    if not re.fullmatch(r"[0-9a-f]{32}", ref):
        ref = uuid.uuid4().hex
    form = FORMS[kind](request.POST or None)
    if request.method == "POST":
        if asks_again(request, form):
            form.forget_errors()
        elif form.is_valid():
            sheet = actions.create(kind, form.values(), person=person, ref=ref, structure=structure)
            messages.success(request, _("La fiche est créée, en brouillon."))
            return SeeOther(sheet_url(sheet))
    trail: Trail = [*sheet_trail(structure, (title, ""))] if structure else [(capfirst(str(KINDS[kind].many)), ""), (title, "")]
    back = sheet_url(structure) if structure else reverse("office-list", args=(kind,))
    return form_page(_desk(request, kind, trail, back, lambda values, seen: ""), form, title=title, hidden={"ref": ref})


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def edit(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Edit a sheet. Nothing that somebody else saved meanwhile is overwritten."""
    person = person_of(request)
    sheet = access.sheet_for(person, kind, uid)
    answer = access.may(person, Act.EDIT, sheet)
    trail = sheet_trail(sheet, (_("Modifier"), ""))
    if not answer.allowed and request.method != "POST":
        context = {"sheet": sheet, "reason": answer.reason}
        return office_page(request, "refused.html", context, part=kind, trail=trail, status=403)

    def save(values: Record, seen: str) -> str:
        found = actions.edit(sheet, values, person=person, seen=seen)
        return _("La fiche est enregistrée.") if found else _("Rien n’a changé\u202f: il n’y avait rien à enregistrer.")

    form = FORMS[kind](request.POST or None, sheet=sheet)
    return edit_sheet(request, sheet, form, _desk(request, kind, trail, sheet_url(sheet), save))


@require_safe
@team_only
def place_search(request: HttpRequest) -> HttpResponse:
    """The boxes of a territory editor while somebody types: those ticked, then those found (without JavaScript the form asks)."""
    name = request.GET.get("champ", "")
    if name not in ("coverage", "excluded"):
        raise Http404
    return place_boxes(request, name)


def place_boxes(request: HttpRequest, name: str) -> HttpResponse:
    """The boxes of one field of territories, ticked or found."""
    text = request.GET.get(f"{name}-search", "")[:80]
    boxes = territory_choices(Chosen(list(dict.fromkeys(request.GET.getlist(name)[:500])), text))
    return render(request, "office/territory_boxes.html", {"name": name, "choices": boxes, "search": text})
