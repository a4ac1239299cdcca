"""Screen 5: networks and relays. The table is the content; the map after it shows the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.hours import Week, in_words
from maillage.catalogue.index import Entry, Snapshot, current_index
from maillage.catalogue.models.sheet import address_of
from maillage.kit.absolute import absolute_url
from maillage.kit.linked_data import script_text
from maillage.orientation.forms import read
from maillage.orientation.linked_data import places_as_linked_data
from maillage.orientation.maps import places_map
from maillage.orientation.matching import wording
from maillage.orientation.opening import Opening, opening
from maillage.territories import queries as territories
from maillage.territories.queries import Commune, distance_km, parse_key, territories_of
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import choices
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.words import vocabulary

#: A place further than this (km, as the crow flies) helps nobody, unless it says that it serves the commune.
FAR_KM = 100.0
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A network or a relay as the table shows it. `number` is its mark on the map, 0 when it is not there."""

    entry: Entry
    url: str
    commune: Commune | None
    reason: str
    km: float | None
    state: Opening
    week: Week | None
    number: int = 0

    def cells(self) -> list[SafeString]:
        """The cells of the table, in the order of `columns`."""
        return [render_to_string(f"orientation/relay/{cell}.html", {"row": self}) for cell in ("who", "where", "when", "reach")]


@require_safe
@login_not_required
def relays(request: PortalRequest) -> HttpResponse:
    """Who welcomes people near a commune, or in the whole région when no commune is said."""
    reading = read(request.GET)
    commune = reading.situation.commune
    level = request.GET.get("niveau", "")
    level = level if vocabulary().knows("level", level) else ""
    now, today = timezone.now(), timezone.localdate()
    snapshot = current_index()
    found = _near(snapshot, commune, today) if commune else _of_regions(snapshot, request.portal.regions, today)
    counts = {code: sum(entry.level == code for entry, _reason, _km in found) for code, _label in choices("level")}
    kept = [each for each in found if not level or each[0].level == level]
    pager = Paginator(kept, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(entry, reason, km, now, today) for entry, reason, km in pager.object_list]
    spots = [
        (number, row.entry.lon, row.entry.lat)
        for number, row in enumerate(rows, start=1)
        if row.entry.lon is not None and row.entry.lat is not None
    ]
    departements = {row.commune.departement for row in rows if row.commune}
    drawn = places_map(spots, departements, commune)
    numbers = {spot.number for spot in drawn.spots} if drawn else set()
    problem = reading.problem("commune")
    place = territories.place("commune", commune.code) if commune else None
    context: dict[str, Any] = {
        "section": "relays",
        "commune": commune,
        "place": place,
        "said": forms(place) if place else None,
        "typed": request.GET.get("commune", "")[:120] if problem else (commune.name if commune else ""),
        "error": problem.sentence if problem else "",
        "homonyms": [
            (choice.label, "?" + urlencode({"commune": choice.value, **({"niveau": level} if level else {})}))
            for choice in (problem.choices if problem else ())
        ],
        "level": level,
        "levels": [(code, text, counts[code]) for code, text in choices("level")],
        "pager": pager,
        "pager_query": urlencode({**({"commune": commune.code} if commune else {}), **({"niveau": level} if level else {})}),
        "columns": [_("Qui"), _("Où"), _("Quand"), _("Joindre")],
        "rows": [replace(row, number=number if number in numbers else 0).cells() for number, row in enumerate(rows, start=1)],
        "total": len(kept),
        "map": drawn,
        "linked_data": script_text(
            places_as_linked_data([(row.entry, absolute_url(request, row.url, request.portal.hosts)) for row in rows], today)
        ),
    }
    return render(request, "orientation/relays.html", context)


Found = tuple[Entry, str, float | None]


def _near(snapshot: Snapshot, commune: Commune, today: date) -> list[Found]:
    """Networks that cover the commune, closest coverage first; then places by distance, and those that serve it from wherever."""
    keys = [territory.key for territory in territories_of(commune)]
    networks: list[tuple[int, float, Found]] = []
    for entry in snapshot.networks:
        covering = next((rank for rank, key in enumerate(keys) if key in entry.coverage), None)
        if covering is not None and entry.is_shown_on(today):
            km = _km(entry, commune)
            networks.append((covering, inf if km is None else km, (entry, wording.covers(keys[covering]), km)))
    places: list[tuple[float, Found]] = []
    for entry in snapshot.relays:
        km = _km(entry, commune)
        serves = next((key for key in keys if key in entry.coverage), None)
        if not entry.is_shown_on(today) or (serves is None and (entry.coverage or km is None or km > FAR_KM)):
            continue
        reason = wording.covers(serves) if serves else wording.distance(km) if km is not None else ""
        places.append((inf if km is None else km, (entry, reason, km)))
    networks.sort(key=lambda item: (item[0], item[1], item[2][0].name, item[2][0].uid))
    places.sort(key=lambda item: (item[0], item[1][0].name, item[1][0].uid))
    return _each_once([*(found for _rank, _distance, found in networks), *(found for _distance, found in places)])


def _of_regions(snapshot: Snapshot, regions: tuple[str, ...], today: date) -> list[Found]:
    """Networks of these régions (INSEE codes), widest first, then their places, by département and name."""

    def order(entry: Entry) -> tuple[bool, int, str, str, str]:
        commune = territories.commune(entry.commune) if entry.commune else None
        widest = max((territories.LEVELS.index(place.level) for key in entry.coverage if (place := _place(key))), default=0)
        is_network = entry.kind == "network"
        return (not is_network, -widest if is_network else 0, commune.departement if commune else "", entry.name, entry.uid)

    entries = sorted((entry for entry in (*snapshot.networks, *snapshot.relays) if entry.is_shown_on(today)), key=order)
    return _each_once([(entry, _reach(entry), None) for entry in entries if _is_in(entry, regions)])


def _reach(entry: Entry) -> str:
    if not entry.coverage:
        return ""
    return _("Couvre %(places)s") % {"places": wording.listed([wording.place_name(key) for key in entry.coverage])}


def _each_once(found: list[Found]) -> list[Found]:
    """A structure with two roles is one row, the first; a place that tells nothing more than its structure's row is left out."""
    once = list({(entry.sheet, entry.pk): (entry, reason, km) for entry, reason, km in reversed(found)}.values())[::-1]
    said = {entry.structure: entry for entry, _reason, _km in once if entry.sheet != "relay"}
    return [each for each in once if each[0].sheet != "relay" or not _repeats(each[0], said.get(each[0].structure))]


def _repeats(place: Entry, structure: Entry | None) -> bool:
    """Does a place say only what the row of its structure says: same address, no hours, no other way to reach it?"""
    if structure is None or place.opening_hours or place.by_appointment:
        return False
    same = (place.commune, place.address) == (structure.commune, structure.address)
    return same and place.phone in ("", structure.phone) and place.email in ("", structure.email)


def _is_in(entry: Entry, regions: tuple[str, ...]) -> bool:
    commune = territories.commune(entry.commune) if entry.commune else None
    if commune and commune.region in regions:
        return True
    places = [place for key in entry.coverage if (place := _place(key)) and place.level != "france"]
    return any(set(place.regions) & set(regions) for place in places)


def _place(key: str) -> Place | None:
    """The place of a coverage key; None for a key that names no territory of today."""
    try:
        return territories.place(*parse_key(key))
    except ValueError:
        return None


def _km(entry: Entry, commune: Commune) -> float | None:
    if entry.lon is None or entry.lat is None:
        return None
    return distance_km(commune.lon, commune.lat, entry.lon, entry.lat)


def _row(entry: Entry, reason: str, km: float | None, now: datetime, today: date) -> Row:
    url = address_of("structure", entry.structure_handle) + (f"#{entry.uid}" if entry.sheet == "relay" else "")
    return Row(
        entry,
        url,
        territories.commune(entry.commune) if entry.commune else None,
        reason,
        km,
        opening(entry.opening_hours, entry.commune, now),
        in_words(entry.opening_hours, today),
    )
