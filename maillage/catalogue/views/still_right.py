"""The page of a reminder: « Toujours exact » with one button, or what is to be corrected. No account; looking at it changes nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.catalogue import queries
from maillage.catalogue.access import MODELS, AnySheet
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions import upkeep
from maillage.catalogue.hours import in_words
from maillage.catalogue.models import Structure
from maillage.catalogue.office.sentences import field_label
from maillage.catalogue.office.views.sheets import filled
from maillage.catalogue.space.forms import CorrectionForm
from maillage.catalogue.space.views.home import changed_words
from maillage.catalogue.upkeep import Asked, read_token
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here


def _sheets(structure: Structure, asked: Asked) -> list[AnySheet]:
    """The sheets of the link that visitors still read, in the order of the mail. At most one query for each kind."""
    found: dict[tuple[str, str], AnySheet] = {}
    for kind, model in MODELS.items():
        uids = [uid for each, uid in asked.sheets if each == kind]
        if uids:
            rows = model._default_manager.visible().filter(uid__in=uids).order_by("pk")
            own = rows.filter(pk=structure.pk) if model is Structure else rows.filter(structure=structure)  # type: ignore[misc]
            found |= {(kind, sheet.uid): sheet for sheet in own}
    return [found[key] for key in asked.sheets if key in found]


def _says(sheet: AnySheet) -> list[tuple[str, list[str]]]:
    """What the sheet says, in words: hours as visitors read them."""
    found = []
    week = in_words(getattr(sheet, "opening_hours", ""), queries.today())
    hours = field_label(sheet.KIND, "opening_hours")
    for name, items in filled(sheet):
        if name == hours and week is not None and not week.raw:
            items = [f"{line.days}\u202f: {line.hours}" for line in (*week.lines, *week.exceptions)]
        found.append((name.partition(" (")[0], items))
    return found


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_cache=True)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """What the sheets say, and the two answers."""
    asked = read_token(token)
    structure = Structure.objects.filter(uid=asked.structure, merged_into="").first() if asked else None
    if asked is None or structure is None:
        return render(request, "catalogue/still_right.html", {"structure": None}, status=410)
    sheets = _sheets(structure, asked)
    form = CorrectionForm(request.POST if "corriger" in request.POST else None)
    problems: list[Any] = []
    status = 200
    if request.method == "POST" and not comes_from_here(request):
        status, problems = 403, [{"anchor": "", "message": _("Ce message vient d’un autre site. Envoyez-le depuis cette page.")}]
    elif request.method == "POST" and "corriger" in request.POST:
        if form.is_valid():
            portal: str = request.portal.code  # type: ignore[attr-defined]  # set by portal_middleware
            upkeep.correct(structure, form.cleaned_data["message"], portal=portal)
            return SeeOther(reverse("still-right", args=(token,)) + "?merci=corriger")
        problems = list(problems_of(form))
    elif request.method == "POST":
        seen = [(sheet.KIND, sheet.uid, request.POST.get(f"lu-{sheet.uid}", "")) for sheet in sheets]
        try:
            upkeep.confirm(structure, seen, day=queries.today(), person=None, among=set(asked.sheets))
        except upkeep.Moved as moved:
            status, problems = 409, [{"anchor": "", "message": changed_words(moved)}]
        else:
            return SeeOther(reverse("still-right", args=(token,)) + "?merci=exact")
    context = {
        "structure": structure,
        "sheets": [(sheet, actions.version(sheet), _says(sheet)) for sheet in sheets],
        "form": form,
        "problems": problems,
        "thanks": request.GET.get("merci", ""),
    }
    return render(request, "catalogue/still_right.html", context, status=status)
