"""Screen 4: the page of an offer, its conditions held against the visitor's situation, and its deadlines as a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue import addresses
from maillage.catalogue.coverage import places_of
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.kit.absolute import absolute_url
from maillage.kit.linked_data import script_text
from maillage.kit.typography import typographic
from maillage.orientation.calendars import has_deadlines
from maillage.orientation.calendars import offer_calendar as calendar_file
from maillage.orientation.contacts import contacts_for
from maillage.orientation.forms import read
from maillage.orientation.linked_data import offer_as_linked_data
from maillage.orientation.matching.explanation import NO, TO_CHECK, YES, Point
from maillage.orientation.plan import PARAMETER, plan_query, read_uids
from maillage.orientation.queries import check, select
from maillage.orientation.ranking import UNWEIGHED, ranked
from maillage.orientation.situation import PARAMETERS, Situation
from maillage.territories import queries as territories
from maillage.vocabulary.labels import choices
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: How many similar offers are proposed.
SIMILAR = 4


@require_safe
@login_not_required
def offer(request: PortalRequest, handle: str) -> HttpResponse:
    """The page of an offer. 410 with what resembles it when it is no longer public; 404 when visitors never saw it."""
    found = addresses.find(Offer.objects.select_related("structure"), handle)
    sheet = found.sheet
    moved = addresses.canonical(request, handle, found)
    if moved:
        return moved
    if found.gone:
        similar = similar_offers(sheet, read(request.GET).situation, request.portal, timezone.localdate())
        return render(request, "catalogue/gone.html", {"sheet": sheet, "others": similar}, status=410)
    return render(request, "orientation/offer.html", offer_context(request, sheet))


def offer_context(request: PortalRequest, sheet: Offer) -> dict[str, Any]:
    """What the page of an offer shows, whatever its state: the office shows the same page before it is published."""
    reading = read(request.GET)
    situation = reading.situation
    today = timezone.localdate()
    match, points = check(sheet, situation, today)
    # how one is received and what it costs are choices, not facts about the project: told below, never « à vérifier »
    points = tuple(point for point in points if point.field not in UNWEIGHED or point.state != TO_CHECK)
    networks, _relays = contacts_for(current_index(), situation, request.portal, timezone.now())
    url = absolute_url(request, sheet.get_absolute_url(), request.portal.hosts)
    structure_url = absolute_url(request, sheet.structure.get_absolute_url(), request.portal.hosts)
    chosen = read_uids(request.GET.getlist(PARAMETER))
    query = plan_query(situation, chosen)
    return {
        "sheet": sheet,
        "structure": sheet.structure,
        # who gives a contact only to those who ask: the offer, else its structure when the offer has none of its own
        "asked_contact": sheet if sheet.hidden_contact or sheet.phone or sheet.email else sheet.structure,
        "section": "find",
        "trail": [
            (_("Résultats"), reverse("results") + (f"?{situation.query()}" if situation.pairs() else "")),
            (typographic(sheet.name), ""),
        ],
        "situation": situation,
        "query": query,
        "problems": [{"message": problem.sentence, "anchor": ""} for problem in reading.problems],
        "match": match,
        "points": points,
        "counts": {"no": _count(points, NO), "to_check": _count(points, TO_CHECK), "yes": _count(points, YES)},
        "asked": asked(points, situation),
        "kept": [*situation.pairs(), *((PARAMETER, uid) for uid in chosen)],
        "place": territories.place("commune", sheet.commune) if sheet.commune else None,
        "covered": [place for _key, place in places_of(sheet.coverage) if place],
        "excluded": [place for _key, place in places_of(sheet.excluded) if place],
        "is_open": sheet.is_open_on(today),
        "is_over": sheet.closes is not None and sheet.closes < today,
        "has_deadlines": has_deadlines(sheet, today),
        "similar": similar_offers(sheet, situation, request.portal, today),
        "in_plan": sheet.uid in chosen,
        "plan_query": plan_query(situation, dict.fromkeys([*chosen, sheet.uid])),
        "contact": networks[0] if networks else None,
        "linked_data": script_text(offer_as_linked_data(sheet, url, structure_url)),
    }


@require_safe
@login_not_required
def offer_calendar(request: PortalRequest, handle: str) -> HttpResponse:
    """The deadlines of an offer, for the visitor's own calendar. 404 when it has none."""
    found = addresses.find(Offer.objects.select_related("structure"), handle)
    if found.gone or not (found.sheet.opens or found.sheet.closes):
        raise Http404(_("Cette offre n’a pas de date limite."))
    url = absolute_url(request, found.sheet.get_absolute_url(), request.portal.hosts)
    response = HttpResponse(calendar_file(found.sheet, url), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"echeances-{found.sheet.uid}.ics") or ""
    return response


def similar_offers(sheet: Offer, situation: Situation, portal: Portal, today: date) -> list[Offer]:
    """Visible offers of the same kind for the same needs, at the visitor's stage and place when they were said, best ranked first."""
    alike = Situation(stage=situation.stage, commune=situation.commune, kinds=(sheet.kind,), needs=tuple(sheet.needs))
    selection = select(alike, today)
    if len(selection.results) <= 1:
        selection = select(replace(alike, needs=()), today)
    positions = ranked(selection, selection.results, portal.regions)[: SIMILAR + 1]
    keys = [int(selection.snapshot.columns.pk[position]) for position in positions]
    offers = {
        other.pk: other for other in Offer.objects.visible().filter(pk__in=keys).exclude(pk=sheet.pk).select_related("structure")
    }
    return [offers[key] for key in keys if key in offers][:SIMILAR]


def asked(points: Sequence[Point], situation: Situation) -> list[dict[str, Any]]:
    """The questions whose answers would settle what is « à vérifier », as fields of a small GET form, each once."""
    fields: dict[str, dict[str, Any]] = {}
    facts = vocabulary().terms("fact")
    lists = {"stage": "stage", "legal_form": "legal_form", "sectors": "sector", "audiences": "audience"}
    labels = {
        "stage": _("Où en est le projet\u202f?"),
        "commune": _("Commune"),
        "legal_form": _("Forme juridique"),
        "sectors": _("Secteur"),
        "audiences": _("Public"),
    }
    for point in points:
        if point.state != TO_CHECK or point.field in fields:
            continue
        if point.field in facts:
            term = facts[point.field]
            yes_no = term.extra["kind"] == "yes-no"
            fields[point.field] = {
                "name": term.extra["parameter"],
                "label": _(term.extra["question"]),
                "choices": [("oui", _("Oui")), ("non", _("Non"))] if yes_no else [],
                "number": not yes_no,
            }
        elif point.field in lists and not situation.values(point.field):
            fields[point.field] = {
                "name": PARAMETERS[point.field],
                "label": labels[point.field],
                "choices": choices(lists[point.field]),
                "number": False,
            }
        elif point.field == "commune":
            fields[point.field] = {"name": "commune", "label": labels["commune"], "choices": [], "number": False}
    return list(fields.values())


def _count(points: Sequence[Point], state: str) -> int:
    return sum(point.state == state for point in points)
