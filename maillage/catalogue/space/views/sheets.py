"""A sheet of the structure: what it says, what would make it better, what happened to it; edit it, add one, send it for review."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts.policy import Action, Field
from maillage.catalogue import queries as catalogue
from maillage.catalogue.access import Act, NotAllowed
from maillage.catalogue.actions import edits
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions.sheets import Conflict, NotReady
from maillage.catalogue.forms.rows import Record
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.office import sentences
from maillage.catalogue.office.editing import Desk, asks_again, edit_sheet, form_page
from maillage.catalogue.office.page import status_badge
from maillage.catalogue.office.views.edit import place_boxes
from maillage.catalogue.office.views.sheets import public_url, quality_of
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space.access import person_of, sheet_of, structure_of
from maillage.catalogue.space.forms import own_form
from maillage.catalogue.space.page import space_page
from maillage.kit.http import SeeOther
from maillage.kit.typography import typographic

PER_PAGE = 15


def _address(structure: Structure, sheet: Any) -> str:
    return reverse("space-sheet", args=(structure.uid, sheet.KIND, sheet.uid))


@require_safe
def sheet(request: HttpRequest, uid: str, kind: str, sheet_uid: str) -> HttpResponse:
    """One sheet, for those who may read its history; names of people only for those who keep it."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_HISTORY)
    found = sheet_of(request, structure, kind, sheet_uid)
    names = may_in_structure(person, structure, Action.STRUCTURE_HISTORY, Field.PEOPLE)
    page = Paginator(catalogue.history(found), PER_PAGE).get_page(request.GET.get("page"))
    waits = edits.waiting_edit(found)
    context = {
        "sheet": found,
        "badge": status_badge(found),
        "refused": edits.may_own(person, Act.EDIT, found),
        "submits": not edits.may_own(person, Act.SUBMIT, found),
        "missing": actions.what_is_missing(found),
        "seen": actions.version(found),
        "quality": quality_of(found),
        "edit": waits,
        "edit_changes": list(sentences.field_changes(kind, waits.changes)) if waits else [],
        "public": public_url(found),
        "pager": page,
        "pager_query": "",
        "names": names,
        "lines": [sentences.line(entry, names=names) for entry in page],
    }
    return space_page(request, "sheet.html", context, structure=structure, trail=[(typographic(found.name), "")])


def _desk(request: HttpRequest, structure: Structure, title: str, back: str, save: Any) -> Desk:
    def page(template: str, context: dict[str, Any], status: int) -> HttpResponse:
        shared = {"frame": "space/base.html", "places_url": reverse("space-places")}
        trail = [(typographic(title), "")]
        return space_page(
            request, template, {**shared, **context}, structure=structure, trail=trail, status=status, folder="office"
        )

    return Desk(page, back, save)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: str, kind: str, sheet_uid: str) -> HttpResponse:
    """Edit a sheet of the structure: at once, or read first when the portal says so."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    found = sheet_of(request, structure, kind, sheet_uid)
    back = _address(structure, found)
    if request.method != "POST" and (reason := edits.may_own(person, Act.EDIT, found)):
        messages.error(request, reason)
        return SeeOther(back)
    read = actions.version(found)  # of what is published: what waits is laid over it for the form alone

    def save(values: Record, seen: str) -> str:
        outcome = edits.edit(sheet_of(request, structure, kind, sheet_uid), values, person=person, seen=seen)
        if not outcome.changes:
            return _("Rien n’a changé\u202f: il n’y avait rien à enregistrer.")
        if outcome.live:
            return _("La fiche est enregistrée.")
        return _("Votre modification est enregistrée. L’animation du réseau la relit avant de la montrer.")

    form = own_form(kind, request.POST or None, sheet=edits.with_waiting(sheet_of(request, structure, kind, sheet_uid)))
    return edit_sheet(request, found, form, _desk(request, structure, _("Modifier"), back, save), seen=read)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """A new offer or relay, as a draft."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    ref = request.POST.get("ref", "")
    if not re.fullmatch(r"[0-9a-f]{32}", ref):
        ref = uuid.uuid4().hex
    form = own_form(kind, request.POST or None)
    title = _("Nouvelle offre") if kind == Offer.KIND else _("Nouveau relais")
    status, problem = 200, ""
    if request.method == "POST":
        if asks_again(request, form):
            form.forget_errors()
        elif form.is_valid():
            try:
                made = edits.create(kind, form.values(), person=person, ref=ref, structure=structure)
            except NotAllowed as refusal:
                status, problem = 403, str(refusal)
            else:
                messages.success(request, _("La fiche est créée, en brouillon. Envoyez-la en relecture quand elle est prête."))
                return SeeOther(_address(structure, made))
    desk = _desk(request, structure, title, reverse("space", args=(structure.uid,)), None)
    return form_page(desk, form, title=title, hidden={"ref": ref}, status=status, problem=problem)


@require_POST
def submit(request: HttpRequest, uid: str, kind: str, sheet_uid: str) -> HttpResponse:
    """Send a draft for review, or take back what waits to be read."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    found = sheet_of(request, structure, kind, sheet_uid)
    try:
        if "reprendre" in request.POST:
            waits = edits.waiting_edit(found)
            if waits is not None:
                edits.take_back(waits, person=person)
            messages.success(request, _("Votre modification est reprise\u202f: la fiche reste comme elle est."))
        else:
            seen = request.POST.get("seen", "")
            actions.move(found, Act.SUBMIT, person=person, seen=seen, require=edits.require_own)
            messages.success(request, _("La fiche est envoyée en relecture."))
    except (NotAllowed, NotReady) as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("La fiche a changé depuis que vous avez ouvert cette page. Relisez-la, puis envoyez-la."))
    return SeeOther(_address(structure, found))


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The boxes of a territory editor while somebody types."""
    name = request.GET.get("champ", "")
    if name not in ("coverage", "excluded"):
        raise Http404
    return place_boxes(request, name)
