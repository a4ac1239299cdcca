"""Create and edit sheets: the form, the conflict of two people, and what a change of territory changes."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue import access, queries
from maillage.catalogue.access import Act, AnySheet, NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions.sheets import Conflict, NotReady
from maillage.catalogue.coverage import Difference, communes_served, difference
from maillage.catalogue.forms.fields import Chosen, territory_choices
from maillage.catalogue.forms.rows import Record
from maillage.catalogue.forms.sheets import FORMS, SheetForm
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.office import sentences
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.layout import groups
from maillage.catalogue.office.page import Trail, office_page, person_of, sheet_trail, sheet_url, team_only
from maillage.kit.http import SeeOther

_TERRITORY = ("coverage", "excluded", "zonings")
#: Keys of a posted form that are about the page, not the sheet.
_PAGE_KEYS = re.compile(r"csrfmiddlewaretoken|seen|confirmed|merging|redisplay|ref|take-.*|(find|more|hours)-.*")


def _form_page(
    request: HttpRequest,
    form: SheetForm,
    *,
    kind: str,
    title: str,
    trail: Trail,
    hidden: dict[str, str],
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    problems = [{"anchor": anchor, "message": message} for anchor, message in form.problems()] if form.is_bound else []
    if problem:
        problems.insert(0, {"anchor": "", "message": problem})
    context = {
        "form": form,
        "kind": kind,
        "sheet": form.sheet,
        "title": title,
        "groups": groups(form),
        "problems": problems,
        "hidden": hidden,
    }
    return office_page(request, "edit.html", context, part=kind, trail=trail, status=status)


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
        if _redisplay(request, form):
            form.forget_errors()
        elif form.is_valid():
            sheet = actions.create(kind, form.values(), person=person, ref=ref, structure=structure)
            messages.success(request, _("La fiche est créée, en brouillon."))
            return SeeOther(sheet_url(sheet))
    trail: Trail = [*sheet_trail(structure, (title, ""))] if structure else [(capfirst(str(KINDS[kind].many)), ""), (title, "")]
    return _form_page(request, form, kind=kind, title=title, trail=trail, hidden={"ref": ref})


def _redisplay(request: HttpRequest, form: SheetForm) -> bool:
    return "redisplay" in request.POST or form.asks_for_redisplay()


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
    form = FORMS[kind](request.POST or None, sheet=sheet)
    seen = request.POST.get("seen") or actions.version(sheet)
    status, problem = 200, ""
    if request.method == "POST":
        if _redisplay(request, form):
            form.forget_errors()
        elif form.is_valid():
            values = form.values()
            if "merging" in request.POST:
                values, undecided = _merged(request, sheet, values)
                if undecided:
                    return _conflict_page(request, sheet, form, trail, asked=True)
            changed = _coverage_difference(sheet, values)
            if changed and request.POST.get("confirmed") != _digest(sheet, values) and seen == actions.version(sheet):
                return _confirm_page(request, sheet, values, changed, trail)
            try:
                found = actions.edit(sheet, values, person=person, seen=seen)
            except Conflict as conflict:
                return _conflict_page(request, conflict.current, form, trail)
            except NotAllowed as refusal:
                status, problem = 403, str(refusal)
            except NotReady as refusal:
                problem = str(refusal)
            else:
                messages.success(
                    request, _("La fiche est enregistrée.") if found else _("Rien n’a changé : il n’y avait rien à enregistrer.")
                )
                return SeeOther(sheet_url(sheet))
    title = _("Modifier « %(name)s »") % {"name": sheet.name}
    return _form_page(request, form, kind=kind, title=title, trail=trail, hidden={"seen": seen}, status=status, problem=problem)


def _kept_data(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, to send again from the next page."""
    return [(name, value) for name, values in request.POST.lists() if not _PAGE_KEYS.fullmatch(name) for value in values]


def _coverage_difference(sheet: AnySheet, values: Record) -> Difference | None:
    """What the typed values change over all communes, for an offer that visitors see; None when nothing does."""
    if not isinstance(sheet, Offer) or not sheet.is_visible:
        return None
    before = communes_served(sheet.coverage, sheet.excluded, sheet.zonings)
    after = communes_served(*(values.get(name, getattr(sheet, name)) for name in _TERRITORY))
    return difference(before, after) or None


def _digest(sheet: AnySheet, values: Record) -> str:
    """What a confirmation confirms: this coverage instead of that one, nothing else."""
    before = [getattr(sheet, name) for name in _TERRITORY]
    after = [values.get(name, getattr(sheet, name)) for name in _TERRITORY]
    return hashlib.sha256(repr((before, after)).encode()).hexdigest()[:24]


def _confirm_page(request: HttpRequest, sheet: AnySheet, values: Record, changed: Difference, trail: Trail) -> HttpResponse:
    context = {
        "sheet": sheet,
        "difference": changed,
        "data": _kept_data(request),
        "takes": [(name, value) for name, value in request.POST.items() if name.startswith("take-")],
        "merging": "merging" in request.POST,
        "seen": request.POST.get("seen", ""),
        "confirmed": _digest(sheet, values),
    }
    return office_page(request, "confirm_coverage.html", context, part=sheet.KIND, trail=trail)


def _merged(request: HttpRequest, sheet: AnySheet, values: Record) -> tuple[Record, list[str]]:
    """The values after the person chose, field by field; and the fields still to be decided."""
    kept, undecided = dict(values), []
    for name in actions.changes(sheet, values):
        choice = request.POST.get(f"take-{name}")
        if choice == "theirs":
            kept.pop(name)
        elif choice != "mine":
            undecided.append(name)
    return kept, undecided


def _conflict_page(
    request: HttpRequest, current: AnySheet, form: SheetForm, trail: Trail, *, asked: bool = False
) -> HttpResponse:
    """Both versions side by side; the person chooses, field by field. Nothing was written."""
    differing: list[dict[str, Any]] = []
    for name, (theirs, mine) in actions.changes(current, form.values()).items():
        differing.append(
            {
                "name": name,
                "label": sentences.field_label(current.KIND, name),
                "theirs": sentences.words(current.KIND, name, theirs),
                "mine": sentences.words(current.KIND, name, mine),
                "choice": request.POST.get(f"take-{name}", ""),
            }
        )
    context = {
        "sheet": current,
        "differing": differing,
        "data": _kept_data(request),
        "seen": actions.version(current),
        "asked": asked,
        "last": _last_change(current),
    }
    return office_page(request, "conflict.html", context, part=current.KIND, trail=trail, status=409)


def _last_change(sheet: AnySheet) -> sentences.Line | None:
    entry = queries.history(sheet).first()
    return sentences.line(entry) if entry else None


@require_safe
@team_only
def place_search(request: HttpRequest) -> HttpResponse:
    """The boxes of a territory editor while somebody types: those ticked, then those found (without JavaScript the form asks)."""
    name = request.GET.get("champ", "")
    if name not in ("coverage", "excluded"):
        raise Http404
    text = request.GET.get(f"{name}-search", "")[:80]
    boxes = territory_choices(Chosen(list(dict.fromkeys(request.GET.getlist(name)[:500])), text))
    return render(request, "office/territory_boxes.html", {"name": name, "choices": boxes, "search": text})
