"""The form of a sheet on the screen, in the office and in a structure's space: what was typed is never lost, nobody is overwritten.

A desk says where the form is: how its pages are framed, what saves, where one goes back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from maillage.catalogue import queries
from maillage.catalogue.access import AnySheet, NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions.sheets import Conflict, NotReady
from maillage.catalogue.coverage import Difference, communes_served, difference
from maillage.catalogue.forms.rows import Record
from maillage.catalogue.forms.sheets import SheetForm
from maillage.catalogue.models import Offer
from maillage.catalogue.office import sentences
from maillage.catalogue.office.layout import groups
from maillage.kit.http import SeeOther

_TERRITORY = ("coverage", "excluded", "zonings")
#: Keys of a posted form that are about the page, not the sheet.
_PAGE_KEYS = re.compile(r"csrfmiddlewaretoken|seen|confirmed|merging|redisplay|ref|take-.*|(find|more|hours)-.*")


@dataclass(frozen=True)
class Desk:
    """Where a sheet is edited. `page(template, context, status)` renders; `save(values, seen)` writes and says what it did, in French."""

    page: Callable[[str, dict[str, Any], int], HttpResponse]
    back: str
    save: Callable[[Record, str], str]


def form_page(
    desk: Desk, form: SheetForm, *, title: str, hidden: dict[str, str], status: int = 200, problem: str = ""
) -> HttpResponse:
    """The form, with what is wrong in it."""
    problems = [{"anchor": anchor, "message": message} for anchor, message in form.problems()] if form.is_bound else []
    if problem:
        problems.insert(0, {"anchor": "", "message": problem})
    context = {
        "form": form,
        "sheet": form.sheet,
        "title": title,
        "groups": groups(form),
        "problems": problems,
        "hidden": hidden,
        "back": desk.back,
    }
    return desk.page("edit.html", context, status)


def asks_again(request: HttpRequest, form: SheetForm) -> bool:
    """Was something else than saving asked: a territory looked for, rows added?"""
    return "redisplay" in request.POST or form.asks_for_redisplay()


def edit_sheet(request: HttpRequest, sheet: AnySheet, form: SheetForm, desk: Desk, *, seen: str = "") -> HttpResponse:
    """Show the form of a sheet, or save what was posted: conflict, territory to confirm, problem, or 303."""
    seen = request.POST.get("seen") or seen or actions.version(sheet)
    status, problem = 200, ""
    if request.method == "POST":
        if asks_again(request, form):
            form.forget_errors()
        elif form.is_valid():
            values = form.values()
            if "merging" in request.POST:
                values, undecided = _merged(request, sheet, values)
                if undecided:
                    return _conflict_page(request, desk, sheet, form, asked=True)
            changed = _coverage_difference(sheet, values)
            if changed and request.POST.get("confirmed") != _digest(sheet, values) and seen == actions.version(sheet):
                return _confirm_page(request, desk, sheet, values, changed)
            try:
                said = desk.save(values, seen)
            except Conflict as conflict:
                return _conflict_page(request, desk, conflict.current, form)
            except NotAllowed as refusal:
                status, problem = 403, str(refusal)
            except NotReady as refusal:
                problem = str(refusal)
            else:
                messages.success(request, said)
                return SeeOther(desk.back)
    title = _("Modifier «\u202f%(name)s\u202f»") % {"name": sheet.name}
    return form_page(desk, form, title=title, hidden={"seen": seen}, status=status, problem=problem)


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


def _confirm_page(request: HttpRequest, desk: Desk, sheet: AnySheet, values: Record, changed: Difference) -> HttpResponse:
    context = {
        "sheet": sheet,
        "difference": changed,
        "data": _kept_data(request),
        "takes": [(name, value) for name, value in request.POST.items() if name.startswith("take-")],
        "merging": "merging" in request.POST,
        "seen": request.POST.get("seen", ""),
        "confirmed": _digest(sheet, values),
    }
    return desk.page("confirm_coverage.html", context, 200)


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


def _conflict_page(request: HttpRequest, desk: Desk, current: AnySheet, form: SheetForm, *, asked: bool = False) -> HttpResponse:
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
        "back": desk.back,
        "last": _last_change(current),
    }
    return desk.page("conflict.html", context, 409)


def _last_change(sheet: AnySheet) -> sentences.Line | None:
    entry = queries.history(sheet).first()
    return sentences.line(entry) if entry else None
