"""What the results page answers, and the communes that somebody may be typing: read as leniently as the pages read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from maillage.catalogue.index import Snapshot, current_index
from maillage.interop.api.answers import AN_HOUR, answer, answer_bytes, as_json
from maillage.interop.api.memory import Kept, Memory
from maillage.orientation import forms, record
from maillage.orientation.contacts import contacts_for
from maillage.orientation.queries import PARIS, orient
from maillage.orientation.serialise import answer_as_json, contact_as_json
from maillage.territories import queries as territories
from maillage.territories.wording import commune_label
from maillage.vocabulary.portals import Portal

#: Results in one answer: by default and at most. `total` always counts all; `debut` gives the following ones.
RESULTS, RESULTS_AT_MOST = 20, 200
SUGGESTIONS = 8


MEMORY = Memory()


def orientation(request: HttpRequest) -> HttpResponse:
    """The parameters of the results page, plus `limite` and `debut` (first result, from 0). What is not understood is in `problems`."""
    portal, now = portal_of(request), timezone.now()
    snapshot, day = current_index(), now.astimezone(PARIS).date()
    query = request.META.get("QUERY_STRING", "")
    key = (query, get_language() or "", portal.code, day.isoformat())
    kept = MEMORY.get(snapshot, key)
    if kept is None:
        kept = _asked(request, portal, snapshot, now)
        MEMORY.keep(snapshot, key, kept)
    situation = kept.plain.situation

    def contacts() -> bytes:
        networks, relays = contacts_for(snapshot, situation, portal, now)
        people = replace(kept.plain, networks=networks, relays=relays).contacts
        return as_json([contact_as_json(contact) for contact in people])

    record.keep(kept.plain, portal.code)
    return answer_bytes(request, kept.at(int(now.timestamp()) // 60, contacts))


def _asked(request: HttpRequest, portal: Portal, snapshot: Snapshot, now: datetime) -> Kept:
    reading = forms.read(request.GET)
    limit = _whole(request, "limite", RESULTS, RESULTS_AT_MOST)
    offset = _whole(request, "debut", 0, 10**9)
    found = orient(reading.situation, portal, limit=limit, offset=offset, now=now, snapshot=snapshot, contacts=False)
    content = answer_as_json(found, reading.problems)
    del content["contacts"]
    return Kept(replace(found, results=(), near_misses=()), as_json(content))


def communes(request: HttpRequest) -> HttpResponse:
    """The communes that somebody may be typing (`q`), best first, those of the portal's région before equals."""
    portal = portal_of(request)
    near = portal.regions[0] if portal.regions else None
    found = territories.search(request.GET.get("q", ""), SUGGESTIONS, near)
    content: dict[str, Any] = {
        "communes": [
            {
                "code": item.commune.code,
                "name": item.commune.name,
                "postcodes": list(item.commune.postcodes),
                "departement": item.commune.departement,
                "label": commune_label(item.commune, item.former_name),
            }
            for item in found
        ]
    }
    return answer(request, content, cache=AN_HOUR)


def portal_of(request: HttpRequest) -> Portal:
    """The portal of the request (see `vocabulary.middleware`)."""
    portal: Portal = request.portal  # type: ignore[attr-defined]  # PortalRequest; ninja wants Django's class in signatures
    return portal


def _whole(request: HttpRequest, name: str, default: int, at_most: int) -> int:
    """A whole number of the address within bounds; the default when it is not one."""
    text = request.GET.get(name, "")
    return min(int(text), at_most) if text.isascii() and text.isdigit() and len(text) < 12 else default
