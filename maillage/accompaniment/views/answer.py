"""The structure's page: by its signed link, without an account, or in its space. Looking changes nothing but the line that says who looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accompaniment import access, described, queries
from maillage.accompaniment.actions import answering
from maillage.accompaniment.actions.answering import present_is
from maillage.accompaniment.enums import State
from maillage.accompaniment.forms import AcceptForm, DeclineForm, KnownForm, ToStructureForm
from maillage.accompaniment.models import Handover
from maillage.accompaniment.proposals import proposals
from maillage.accompaniment.states import ANSWERABLE, Impossible
from maillage.accompaniment.views.common import done, impossible, private
from maillage.accounts.models import Person
from maillage.catalogue.space.page import space_page
from maillage.journal.actions import looked
from maillage.journal.models import Category
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.kit.typography import typographic
from maillage.vocabulary.middleware import PortalRequest


@private(access.by_answer_link, "GET", "HEAD", "POST")
def answer_by_link(request: PortalRequest, handover: Handover, *, secret: str) -> HttpResponse:
    """Answer without an account."""
    return answer_pages(request, handover, reverse("request-answer", args=(secret,)), None)


@require_safe
def received(request: PortalRequest, uid: str) -> HttpResponse:
    """« Demandes »: what a structure received, for those who answer for it."""
    structure = access.structure_for(request, uid)
    handovers = list(queries.of_structure(structure)[:200])
    context = {
        "waiting": [each for each in handovers if not each.answered_at and each.request.state in ANSWERABLE],
        "others": [each for each in handovers if each.answered_at or each.request.state not in ANSWERABLE],
        "delay": queries.delay_of(structure),
    }
    trail = [(_("Demandes"), "")]
    return space_page(request, "received.html", context, structure=structure, trail=trail, folder="accompaniment")


@require_http_methods(["GET", "HEAD", "POST"])
def received_one(request: PortalRequest, uid: str, request_uid: str) -> HttpResponse:
    """One request, in the space of the structure."""
    person = request.user
    assert isinstance(person, Person)
    handover = access.handover_for(request, uid, request_uid)
    return answer_pages(request, handover, reverse("structure-request", args=(uid, request_uid)), person)


def answer_pages(request: PortalRequest, handover: Handover, url: str, person: Person | None) -> HttpResponse:
    """The page and its acts, the same by link and in the space."""
    if request.method != "POST":
        return _page(request, handover, url, person)
    act = request.POST.get("acte", "")
    try:
        if act == "ouvrir":
            answering.opened(handover, person)
            return SeeOther(url)
        form = _form(act, handover, request)
        if form is None:
            return _page(
                request, handover, url, person, problems=[{"message": _("Choisissez une des réponses de la page."), "anchor": ""}]
            )
        if not access.sight_of_recipient(handover).personal or handover.opened_at is None:
            raise Impossible("closed to this recipient")
        if not form.is_valid():
            anchors = problems_of(form)
            return _page(request, handover, url, person, problems=anchors, **{FORMS[act]: form, "open_part": act})
        ACTS[act](handover, form, person)
    except Impossible:
        return impossible(request, url)
    return SeeOther(f"{url}?fait=reponse")


FORMS = {"accepter": "accept_form", "decliner": "decline_form", "rediriger": "redirect_form", "connue": "known_form"}


def _form(act: str, handover: Handover, request: PortalRequest) -> Any:
    if act == "accepter":
        return AcceptForm(request.POST, prefix="a")
    if act == "decliner":
        return DeclineForm(request.POST, prefix="d")
    if act == "connue":
        return KnownForm(request.POST, prefix="c")
    return ToStructureForm(request.POST, prefix="r", proposed=_proposed(handover)) if act == "rediriger" else None


def _accept(handover: Handover, form: AcceptForm, person: Person | None) -> None:
    answering.accept(handover, word=form.cleaned_data["mot"].strip(), caller=form.cleaned_data["qui"].strip(), person=person)


def _decline(handover: Handover, form: DeclineForm, person: Person | None) -> None:
    answering.decline(handover, reason=form.cleaned_data["motif"], word=form.cleaned_data["mot"].strip(), person=person)


def _know(handover: Handover, form: KnownForm, person: Person | None) -> None:
    answering.know(handover, word=form.cleaned_data["mot"].strip(), person=person)


def _redirect(handover: Handover, form: ToStructureForm, person: Person | None) -> None:
    assert form.structure is not None
    answering.redirect(handover, to=form.structure, word=form.cleaned_data["mot"].strip(), person=person)


ACTS: dict[str, Callable[[Handover, Any, Person | None], None]] = {
    "accepter": _accept,
    "decliner": _decline,
    "rediriger": _redirect,
    "connue": _know,
}


def _proposed(handover: Handover) -> dict[str, str]:
    """Who else may be competent, for the list of the form."""
    return {each.uid: each.name for each in proposals(handover.request, 5)}


def _trail(handover: Handover) -> list[tuple[str, str]]:
    """Mes structures › the structure › its requests › this one."""
    assert handover.structure is not None
    uid = handover.structure.uid
    return [
        (_("Mes structures"), reverse("spaces")),
        (typographic(handover.structure.name), reverse("space", args=(uid,))),
        (_("Demandes"), reverse("structure-requests", args=(uid,))),
        (handover.request.reference, ""),
    ]


def _page(request: PortalRequest, handover: Handover, url: str, person: Person | None, **more: Any) -> HttpResponse:
    demand = handover.request
    sight = access.sight_of_recipient(handover)
    shown = sight.personal and handover.opened_at is not None
    if shown and request.method in ("GET", "POST"):
        for category in (Category.CONTACT, Category.PROJECT):
            looked(person, demand, category, organisation=handover.recipient_name, person=demand.person)
    mine = present_is(demand, handover)
    context = {
        "demand": demand,
        "handover": handover,
        "url": url,
        "account": person is not None,
        "trail": _trail(handover) if person and handover.structure else [],
        "done": done(request),
        "shown": shown,
        "sight": sight,
        "mine": mine,
        "answerable": shown and mine and demand.state in ANSWERABLE,
        "withdrawn": demand.state == State.WITHDRAWN,
        "project": described.project_of(demand),
        "holder": described.holder_of(demand) if shown else [],
        "story": described.story(access.story_for(demand, sight), for_holder=False, personal=shown),
        "accept_form": AcceptForm(prefix="a"),
        "decline_form": DeclineForm(prefix="d"),
        "known_form": KnownForm(prefix="c"),
        "redirect_form": ToStructureForm(prefix="r", proposed=_proposed(handover)),
        "open_part": "",
        "problems": [],
        **more,
    }
    return render(request, "accompaniment/answer.html", context)
