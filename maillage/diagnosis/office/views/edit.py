"""Changing a draft: its texts, one criterion, a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.catalogue.office.page import office_page, person_of, team_only
from maillage.diagnosis.models import GridVersion
from maillage.diagnosis.office import actions
from maillage.diagnosis.office.actions import Conflict, NotAllowed
from maillage.diagnosis.office.forms import CriterionForm, TextsForm
from maillage.diagnosis.office.views.grids import PART, found, trail, version_url
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther

#: The parameter that says which state of the draft the page showed.
SEEN = "vu"


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def texts(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Title, introduction, gate question and families."""
    version = _draft(code, number)
    form = TextsForm(request.POST or None, content=version.content)
    if request.method == "POST" and form.is_valid() and _saved(request, version, form.write, form):
        return SeeOther(version_url(version))
    return _page(request, version, form, _("Textes de la grille"))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def new_criterion(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A criterion more."""
    version = _draft(code, number)
    initial = {"position": len(version.content["criterion"]) + 1}
    form = CriterionForm(request.POST or None, content=version.content, initial=initial)

    def add(content: dict[str, Any]) -> None:
        content["criterion"].insert(form.cleaned_data["position"] - 1, form.entry())

    if request.method == "POST" and form.is_valid() and _saved(request, version, add, form):
        return SeeOther(version_url(version))
    return _page(request, version, form, _("Nouveau critère"))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def criterion(request: HttpRequest, code: str, number: int, criterion: str) -> HttpResponse:
    """One criterion: its texts, its place; or take it away."""
    version = _draft(code, number)
    entries = version.content["criterion"]
    rank = next((rank for rank, entry in enumerate(entries) if entry["code"] == criterion), None)
    if rank is None:
        raise Http404
    initial = CriterionForm.values_of(entries[rank], rank + 1)
    removing = request.POST.get("acte") == "retirer"
    form = CriterionForm(None if removing else request.POST or None, content=version.content, initial=initial)

    def remove(content: dict[str, Any]) -> None:
        content["criterion"] = [entry for entry in content["criterion"] if entry["code"] != criterion]

    def replace(content: dict[str, Any]) -> None:
        remove(content)
        content["criterion"].insert(form.cleaned_data["position"] - 1, form.entry())

    if (
        request.method == "POST"
        and (removing or form.is_valid())
        and _saved(request, version, remove if removing else replace, form)
    ):
        return SeeOther(version_url(version))
    return _page(request, version, form, initial["title_fr"], removable=True)


def _draft(code: str, number: int) -> GridVersion:
    version = found(code, number)
    if version.is_published:
        raise Http404
    return version


def _saved(request: HttpRequest, version: GridVersion, alter: Callable[[dict[str, Any]], None], form: forms.Form) -> bool:
    try:
        actions.change(version, alter, seen=request.POST.get(SEEN, ""), person=person_of(request))
    except Conflict:
        sentence = _(
            "Quelqu’un a enregistré ce brouillon depuis que vous l’avez ouvert. Votre texte est gardé ici\u202f: relisez, puis enregistrez encore une fois."
        )
        if form.is_bound:
            form.add_error(None, sentence)
        else:
            messages.error(request, sentence)
        return False
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _("C’est enregistré dans le brouillon."))
    return True


def _page(request: HttpRequest, version: GridVersion, form: forms.Form, title: str, *, removable: bool = False) -> HttpResponse:
    now = GridVersion.objects.values_list("digest", flat=True).get(pk=version.pk)
    context = {
        "version": version,
        "title": title,
        "form": form,
        "seen": now,
        "removable": removable,
        "back": version_url(version),
        "problems": problems_of(form),
    }
    return office_page(
        request, "grid_edit.html", context, part=PART, trail=trail((version.name, version_url(version)), (title, ""))
    )
