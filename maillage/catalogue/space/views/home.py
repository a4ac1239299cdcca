"""Mes structures, one structure, confirming its sheets, its rhythm."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts.policy import Action
from maillage.catalogue import queries as catalogue
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions import upkeep
from maillage.catalogue.freshness import rhythm_of
from maillage.catalogue.models import Membership
from maillage.catalogue.office.page import status_badge
from maillage.catalogue.space import extensions, queries
from maillage.catalogue.space.access import person_of, structure_of
from maillage.catalogue.space.page import space_page
from maillage.catalogue.upkeep import portal_of
from maillage.kit.http import SeeOther


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """The structures somebody belongs to, and what was asked."""
    rows = queries.spaces_of(person_of(request))
    active = [row for row in rows if row.state == Membership.State.ACTIVE]
    asked = [row for row in rows if row.state == Membership.State.ASKED]
    return space_page(request, "spaces.html", {"active": active, "asked": asked})


@require_safe
def space(request: HttpRequest, uid: str) -> HttpResponse:
    """One structure: what is to be done, its sheets, where it stands in the network."""
    person = person_of(request)
    structure = structure_of(request, uid)
    day = catalogue.today()
    lines = queries.sheet_lines(structure, day)
    members = queries.members_of(structure)
    upkeep_rules = portal_of(structure).upkeep
    context = {
        "lines": [(line, status_badge(line.sheet)) for line in lines],
        "due": [line for line in lines if line.is_due or line.leaves_on],
        "silent": any(line.silent for line in lines),
        "standing": queries.standing_of(structure),
        "members": members,
        "parts": extensions.parts(person, structure),
        "rhythms": upkeep_rules.rhythms,
        "rhythm": rhythm_of(structure.rhythm_months, upkeep_rules),
        "reviewed": upkeep_rules.edits == "review",
    }
    return space_page(request, "space.html", context, structure=structure)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """« Toujours exact », from the space: sheets are shown, the person ticks those that are right."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_CONFIRM)
    sheets = queries.to_confirm(structure)
    problems, status = [], 200
    if request.method == "POST":
        ticked = set(request.POST.getlist("fiche"))
        seen = [(sheet.KIND, sheet.uid, request.POST.get(f"lu-{sheet.uid}", "")) for sheet in sheets if sheet.uid in ticked]
        if not seen:
            problems = [{"anchor": "fiches", "message": _("Cochez au moins une fiche, ou revenez à votre structure.")}]
        else:
            among = {(sheet.KIND, sheet.uid) for sheet in sheets}
            try:
                upkeep.confirm(structure, seen, day=catalogue.today(), person=person, among=among)
            except upkeep.Moved as moved:
                status, problems = 409, [{"anchor": "fiches", "message": changed_words(moved)}]
            else:
                messages.success(request, _("Merci\u202f: ces fiches sont confirmées."))
                return SeeOther(reverse("space", args=(structure.uid,)))
    context = {"sheets": [(sheet, actions.version(sheet)) for sheet in sheets], "problems": problems}
    return space_page(
        request, "confirm.html", context, structure=structure, trail=[(_("Confirmer les fiches"), "")], status=status
    )


def changed_words(moved: upkeep.Moved) -> str:
    """Why nothing was confirmed."""
    return _(
        "«\u202f%(name)s\u202f» a changé depuis que vous avez ouvert cette page. Rien n’est confirmé\u202f: relisez, puis répondez."
    ) % {"name": moved}


@require_POST
def rhythm(request: HttpRequest, uid: str) -> HttpResponse:
    """Choose the months between two confirmations."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    text = request.POST.get("mois", "")
    try:
        upkeep.choose_rhythm(structure, int(text) if text.isdecimal() and len(text) < 4 else 0, person=person)
    except (ValueError, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Le rythme est enregistré."))
    return SeeOther(reverse("space", args=(structure.uid,)))
