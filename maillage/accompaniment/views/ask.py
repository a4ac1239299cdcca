"""« Demander un contact »: the form, the page that shows exactly what leaves and to whom, the sending. Nothing is kept before that.

What was typed goes from one page to the next in hidden fields: no cookie, no session, and Back finds everything again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from maillage.accompaniment import access, candidates, described, limits
from maillage.accompaniment.actions import sending
from maillage.accompaniment.enums import Channel
from maillage.accompaniment.forms import QUICKEST, AskForm, from_address, kept_pairs, read_ticket, ticket
from maillage.accompaniment.models import Request as SentRequest
from maillage.accompaniment.recipients import Box, Organiser, Sheet, Target, boxes, missing, organiser, target
from maillage.accompaniment.routing import Step
from maillage.accompaniment.telling import follow_path
from maillage.accompaniment.views.common import account_of, refused
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here, network_of
from maillage.territories import queries as territories
from maillage.vocabulary.middleware import PortalRequest

#: Others whom the check page offers instead.
OTHERS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the request will go, and what the page says of it."""

    to: Target
    keeper: Organiser
    why: str
    others: tuple[Structure, ...] = ()

    def boxes(self, counter: bool) -> list[Box]:
        """The agreements to ask."""
        return boxes(self.to, self.keeper, spoken=counter)


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_cache=True)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """For oneself, with or without an account."""
    if request.method == "POST" and not comes_from_here(request):
        return refused(request)
    return _pages(request, counter=False)


@csrf_protect
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_at_counter(request: PortalRequest) -> HttpResponse:
    """For somebody at a counter: the agent reads the agreements aloud and notes the answer."""
    if not access.may_write_at_counter(request.user):
        raise Http404
    return _pages(request, counter=True)


def _pages(request: PortalRequest, *, counter: bool) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, AskForm(initial=_first(request, counter)), counter)
    act = request.POST.get("acte", "")
    form = AskForm(request.POST)
    if act == "modifier" or not form.is_valid():
        if act == "modifier":
            form = AskForm(initial={name: _value(request, name) for name in AskForm.base_fields})
        return _form_page(request, form, counter)
    if act != "envoyer":
        return _check_page(request, form, counter)
    return _send(request, form, counter)


def _value(request: PortalRequest, name: str) -> Any:
    if name in ("besoin", "secteur"):
        return request.POST.getlist(name)
    value = request.POST.get(name, "")
    commune = territories.commune(value) if name == "commune" and "saisie" not in request.POST else None
    return f"{commune.name} {commune.postcode}" if commune else value


def _first(request: PortalRequest, counter: bool) -> dict[str, Any]:
    person = None if counter else account_of(request)
    said = {**from_address(request.GET), "moyen": Channel.ANY}
    return {**said, "nom": person.name, "courriel": person.email} if person else said


def _form_page(request: PortalRequest, form: AskForm, counter: bool) -> HttpResponse:
    about, gone = _about(request)
    structure = _structure_of(about)
    commune = form["commune"].value() or ""
    if form.is_bound and form.found_commune and not form.has_error("commune"):
        commune = f"{form.found_commune.name} {form.found_commune.postcode}"
    context = {
        "form": form,
        "problems": problems_of(form, {"commune": "commune", "secteur": "id_demande", "forme": "id_demande", "site": "id_site"}),
        "about": about,
        "structure": structure,
        "to": target(structure, about) if structure else None,
        "gone": gone,
        "counter": counter,
        "may_write_for_somebody": not counter and access.may_write_at_counter(request.user),
        "action": _action(counter),
        "commune": commune,
        "commune_error": " ".join(map(str, form.errors.get("commune", []))) if form.is_bound else "",
        "homonyms": form.homonyms,
        "hidden": _hidden(form),
        "targets": _targets(request),
        "distress": form["etape"].value() == "difficultes",
        "portal": request.portal,
    }
    return render(request, "accompaniment/ask.html", context)


def _hidden(form: AskForm) -> list[tuple[str, str]]:
    """What the form keeps without showing: what an address of the orientation said besides."""
    pairs = [("secteur", code) for code in form["secteur"].value() or []]
    chosen = form["forme"].value()
    return [*pairs, ("forme", chosen)] if chosen else pairs


def _targets(request: PortalRequest) -> list[tuple[str, str]]:
    data = request.POST if request.method == "POST" else request.GET
    return [(name, data[name][:12]) for name in ("structure", "offre", "relais") if data.get(name)]


def _action(counter: bool) -> str:
    return reverse("request-at-counter" if counter else "request")


def _about(request: PortalRequest) -> tuple[Sheet | None, bool]:
    """The sheet from which it is asked; True when the address names one that is not published any more."""
    for name, uid in _targets(request):
        sheet: Sheet | None
        uid = uid.replace("\0", "")
        if name == "structure":
            sheet = Structure.objects.visible().filter(uid=uid).first()
        elif name == "offre":
            sheet = Offer.objects.visible().filter(uid=uid).select_related("structure").first()
        else:
            sheet = Relay.objects.visible().filter(uid=uid).select_related("structure").first()
        structure = _structure_of(sheet)
        return (sheet, False) if structure is not None and structure.is_visible else (None, True)
    return None, False


def _structure_of(sheet: Sheet | None) -> Structure | None:
    return sheet if sheet is None or isinstance(sheet, Structure) else sheet.structure


def _choice(request: PortalRequest, form: AskForm) -> Choice:
    """Where it goes: what the holder picked on the check page, else the sheet it came from, else who is competent."""
    wanted = form.wanted()
    keeper = organiser(request.portal, wanted)
    about, _gone = _about(request)
    picked = request.POST.get("choix") or request.POST.get("destinataire") or ""
    if picked == keeper.uid:
        return Choice(Target(None), keeper, _why(Step.ORGANISER))
    structure = Structure.objects.visible().filter(uid=picked[:12].replace("\0", "")).first() if picked else None
    structure = structure or _structure_of(about)
    if structure is not None:
        return Choice(target(structure, about), keeper, "" if _structure_of(about) == structure else _("Vous l’avez choisie."))
    found = candidates.find(current_index(), wanted, request.portal, timezone.localdate())
    known = Structure.objects.in_bulk([each.structure for each in found[: OTHERS + 1] if each.structure])
    first = found[0]
    offer = Offer.objects.filter(pk=first.offer).first() if first.offer else None
    others = tuple(known[each.structure] for each in found[1 : OTHERS + 1] if each.structure in known)
    return Choice(target(known.get(first.structure or 0)), keeper, _why(first.step, offer), others)


def _why(step: str, offer: Offer | None = None) -> str:
    if step == Step.COMPETENT and offer:
        return _("Elle propose «\u202f%(offer)s\u202f» là où est le projet, et rien de ce que vous avez dit ne s’y oppose.") % {
            "offer": offer.name
        }
    if step == Step.NETWORK:
        return _(
            "C’est le réseau de l’économie sociale et solidaire le plus proche\u202f: il vous écoute et connaît les autres structures."
        )
    return _("C’est la chambre régionale, qui anime ce site\u202f: elle cherche avec vous la bonne structure.")


def _check_page(
    request: PortalRequest, form: AskForm, counter: bool, problem: str = "", anchor: str = "", wait: int = 0, fresh: bool = False
) -> HttpResponse:
    """Exactly what leaves, and to whom; one unticked box for each recipient."""
    choice = _choice(request, form)
    asked = choice.boxes(counter)
    fields = form.fields_of_request()
    given = "" if fresh else request.POST.get("ticket", "")
    context = {
        "form": form,
        "counter": counter,
        "action": _action(counter),
        "choice": choice,
        "boxes": asked,
        "agreed": request.POST.getlist("accord") if problem else [],
        "holder": described.holder(fields),
        "project": described.project(
            fields["stage"], fields["commune"], fields["needs"], fields["sectors"], fields["legal_form"]
        ),
        "needed": fields["needed"],
        "no_email": not fields["email"] and account_of(request) is None,
        "pairs": kept_pairs(form, request.POST),
        "picked": choice.to.structure.uid if choice.to.structure else choice.keeper.uid,
        "ticket": given or ticket(),
        "problems": [{"message": problem, "anchor": anchor}] if problem else [],
    }
    response = render(request, "accompaniment/check.html", context, status=429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _send(request: PortalRequest, form: AskForm, counter: bool) -> HttpResponse:
    try:
        uid, age = read_ticket(request.POST.get("ticket", "")[:300])
    except signing.BadSignature:
        return _check_page(
            request, form, counter, _("La page n’était pas complète. Vérifiez, puis envoyez encore une fois."), fresh=True
        )
    if age is None:
        return _check_page(
            request,
            form,
            counter,
            _("La page est restée ouverte trop longtemps. Vérifiez, puis envoyez encore une fois."),
            fresh=True,
        )
    if age < QUICKEST:
        return _check_page(
            request, form, counter, _("C’est parti trop vite pour être lu. Vérifiez, puis envoyez encore une fois.")
        )
    choice = _choice(request, form)
    asked, agreed = choice.boxes(counter), request.POST.getlist("accord")
    shown = request.POST.get("destinataire", "")
    if shown != (choice.to.structure.uid if choice.to.structure else choice.keeper.uid):
        return _check_page(request, form, counter, _("La structure choisie n’est plus publiée. Vérifiez à qui part la demande."))
    unticked = missing(asked, agreed)
    if unticked:
        said = _("Cochez l’accord pour %(name)s\u202f: sans lui, rien ne part.") % {"name": unticked[0].name}
        return _check_page(request, form, counter, said, f"accord-{asked.index(unticked[0])}")
    person = account_of(request)
    fields = form.fields_of_request()
    before = SentRequest.objects.filter(uid=uid).first()
    if before is None:
        wait = _wait(request, counter, fields)
        if wait:
            said = _(
                "Beaucoup de demandes sont parties d’ici, ou de cette adresse, en peu de temps. Rien n’est perdu\u202f: attendez %(minutes)d min, puis envoyez encore une fois, ou téléphonez."
            )
            return _check_page(request, form, counter, said % {"minutes": -(-wait // 60)}, wait=wait)
        draft = sending.Draft(
            uid=uid,
            fields=fields,
            to=choice.to,
            keeper=choice.keeper,
            agreed=[box for box in asked if box.uid in agreed],
            language=get_language() or "fr",
            portal=request.portal.code,
            person=None if counter else person,
            agent=person if counter else None,
            agent_structure=access.counter_of(person) if counter and person else None,
            at_counter=counter,
        )
        before, _new = sending.send(draft)
    return SeeOther(
        follow_path(before, "request-sheet" if counter else "request-follow", get_language() or "fr") + "?fait=envoyee"
    )


def _wait(request: PortalRequest, counter: bool, fields: dict[str, Any]) -> int:
    person = account_of(request)
    if counter and person:
        return limits.wait_at_counter(person)
    return limits.wait_before_sending(network_of(request), fields["email"], fields["phone"], person)
