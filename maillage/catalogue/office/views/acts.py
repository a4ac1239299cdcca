"""Acts on a sheet: each has a page that says what it does, then a POST."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from maillage.catalogue import access, queries
from maillage.catalogue.access import Act, AnySheet, NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions.sheets import Conflict, NotReady
from maillage.catalogue.coverage import Difference, Served, communes_served, difference
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.office.forms import NoteForm, ReasonForm, VerifyForm
from maillage.catalogue.office.page import office_page, person_of, sheet_trail, sheet_url, status_badge, team_only
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther

FORMS: dict[str, type[NoteForm]] = {
    Act.RETURN: ReasonForm, Act.SUSPEND: ReasonForm, Act.ARCHIVE: ReasonForm, Act.VERIFY: VerifyForm
}  # fmt: skip

EXPLAINED = {
    Act.SUBMIT: lazy(
        "L’animation du réseau relira la fiche, puis la publiera ou vous la renverra. En attendant, vous ne la modifiez plus."
    ),
    Act.RETURN: lazy("La fiche redevient un brouillon : la rédaction peut la reprendre."),
    Act.PUBLISH: lazy("Les visiteurs la verront dès la prochaine page qu’ils ouvrent."),
    Act.SUSPEND: lazy("Les visiteurs ne la verront plus, jusqu’à ce qu’elle soit publiée de nouveau. Rien n’est effacé."),
    Act.ARCHIVE: lazy("La fiche sort du catalogue. Elle reste ici avec son historique, et peut être rouverte en brouillon."),
    Act.REOPEN: lazy("La fiche redevient un brouillon, avec tout son contenu."),
    Act.VERIFY: lazy("Quelqu’un de la structure a confirmé ce que dit la fiche. Son contenu ne change pas."),
}

DONE = {
    Act.SUBMIT: lazy("La fiche est envoyée en relecture."),
    Act.RETURN: lazy("La fiche est renvoyée en rédaction."),
    Act.PUBLISH: lazy("La fiche est publiée."),
    Act.SUSPEND: lazy("La fiche est suspendue."),
    Act.ARCHIVE: lazy("La fiche est archivée."),
    Act.REOPEN: lazy("La fiche est rouverte en brouillon."),
    Act.VERIFY: lazy("La fiche est marquée comme vérifiée."),
}

NOBODY = Served(frozenset(), frozenset())


def _difference(act: Act, sheet: AnySheet) -> Difference | None:
    """What showing or hiding an offer changes, and for which communes."""
    if not isinstance(sheet, Offer):
        return None
    served = communes_served(sheet.coverage, sheet.excluded, sheet.zonings)
    if act == Act.PUBLISH:
        return difference(NOBODY, served)
    if act in (Act.SUSPEND, Act.ARCHIVE) and sheet.is_visible:
        return difference(served, NOBODY)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def act(request: HttpRequest, kind: str, uid: str, act: Act) -> HttpResponse:
    """Confirm an act, then do it."""
    person = person_of(request)
    sheet = access.sheet_for(person, kind, uid)
    form_class = FORMS.get(act, NoteForm)
    initial: dict[str, Any] = {"on": queries.today(), "by": sheet.verified_by} if act == Act.VERIFY else {}
    form = form_class(request.POST or None, initial=initial)
    status, problem = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            if act == Act.VERIFY:
                data = form.cleaned_data
                actions.verify(sheet, person=person, on=data["on"], by=data["by"], note=data["note"])
            else:
                actions.move(sheet, act, person=person, seen=request.POST.get("seen", ""), note=form.cleaned_data["note"])
        except NotAllowed as refusal:
            status, problem = 403, str(refusal)
        except NotReady as refusal:
            status, problem = 409, str(refusal)
        except Conflict:
            status, problem = (
                409,
                _("La fiche a changé depuis que vous avez ouvert cette page. Relisez-la ci-dessous avant de confirmer."),
            )
        else:
            messages.success(request, str(DONE[act]))
            return SeeOther(sheet_url(sheet))
        sheet = access.sheet_for(person, kind, uid)
    answer = access.may(person, act, sheet)
    if not answer.allowed and request.method != "POST":
        status = 403
    context = {
        "sheet": sheet,
        "act": act,
        "form": form,
        "problem": problem or ("" if answer.allowed else answer.reason),
        "problems": problems_of(form),
        "allowed": answer.allowed,
        "explained": EXPLAINED[act],
        "seen": actions.version(sheet),
        "badge": status_badge(sheet),
        "difference": _difference(act, sheet) if answer.allowed else None,
        "missing": actions.what_is_missing(sheet) if act in (Act.SUBMIT, Act.PUBLISH) else [],
        "hides": _hidden_with(act, sheet),
        "waits_for_structure": act == Act.PUBLISH and not isinstance(sheet, Structure) and not sheet.structure.is_visible,
    }
    return office_page(request, "act.html", context, part=kind, trail=sheet_trail(sheet, (act.label, "")), status=status)


def _hidden_with(act: Act, sheet: AnySheet) -> int:
    """How many published offers disappear with their structure."""
    if act not in (Act.SUSPEND, Act.ARCHIVE) or not isinstance(sheet, Structure):
        return 0
    return sheet.offers.visible().count()


@require_POST
@team_only
def release(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Give fields back to the source."""
    person = person_of(request)
    sheet = access.sheet_for(person, kind, uid)
    try:
        actions.release(sheet, request.POST.getlist("champ"), person=person)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La source peut de nouveau mettre ces champs à jour, au prochain import."))
    return SeeOther(sheet_url(sheet))


@require_POST
@team_only
def confirm(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Say that what a rule inferred is right."""
    person = person_of(request)
    sheet = access.sheet_for(person, kind, uid)
    try:
        actions.confirm_deduced(sheet, request.POST.getlist("champ"), person=person)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Ces champs sont confirmés\u202f: les sources ne les changent plus."))
    return SeeOther(sheet_url(sheet))
