"""Screen 7: one page per commune, EPCI, département and région: who helps here, stage by stage, what is missing, neighbours."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.index import Entry, current_index
from maillage.catalogue.models.sheet import address_of
from maillage.kit.absolute import absolute_url
from maillage.kit.linked_data import script_text
from maillage.orientation import territory as reading
from maillage.orientation.forms import read
from maillage.orientation.linked_data import territory_as_linked_data
from maillage.orientation.maps import territory_map
from maillage.orientation.opening import opening
from maillage.orientation.territory import Count
from maillage.territories import queries as territories
from maillage.territories.queries import LEVELS
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.words import vocabulary

#: How many networks, relays and structures a page names before it says how many more there are.
NETWORKS_SHOWN, RELAYS_SHOWN, STRUCTURES_SHOWN = 6, 12, 30
#: Levels that have a page.
PAGES = LEVELS[:-1]


@require_safe
@login_not_required
def territory(request: PortalRequest, level: str, code: str) -> HttpResponse:
    """The page of a territory. 404 for a code that never existed; a former commune leads to the one it is part of today."""
    place = territories.place(level, code.upper()) if level in PAGES else None
    if place is None:
        raise Http404(_("Ce territoire n’existe pas."))
    if place.code != code:
        return HttpResponsePermanentRedirect(reverse("territory", args=(level, place.code)))
    today, now = timezone.localdate(), timezone.now()
    snapshot = current_index()
    supply = reading.supply(snapshot, place, today)
    networks = reading.networks_of(snapshot, place, today)
    relays = reading.relays_of(snapshot, place, today)
    structures = list(reading.structures_of(place)[: STRUCTURES_SHOWN + 1])
    commune = territories.commune(code) if level == "commune" else None
    kinds = [kind for kind in vocabulary().codes("kind") if any(row[kind].total for row in supply.cells.values())]
    context: dict[str, Any] = {
        "section": "territories",
        "place": place,
        "downloads": f"territoire={place.key}",
        "said": forms(place),
        "level_label": level_label(level),
        "trail": [
            (_("Territoires"), reverse("territories")),
            *((up.name, _url(up)) for up in reversed(above(place))),
            (place.name, ""),
        ],
        "above": above(place),
        "commune": commune,
        "zonings": [label("zoning", zoning) for zoning in sorted(territories.zonings_of(commune))] if commune else [],
        "former": list(commune.former_codes) if commune else [],
        "networks": [
            (entry, reason, address_of("structure", entry.structure_handle)) for entry, reason in networks[:NETWORKS_SHOWN]
        ],
        "relays": [
            (entry, _relay_url(entry), opening(entry.opening_hours, entry.commune, now)) for entry in relays[:RELAYS_SHOWN]
        ],
        "relays_more": max(0, len(relays) - RELAYS_SHOWN),
        "supply": supply,
        "columns": [_("Étape"), _("Toutes les offres"), *(label("kind", kind) for kind in kinds)],
        "rows": [
            [
                _stage(stage, code if commune else ""),
                _cell(supply.by_stage[stage]),
                *(_cell(supply.cells[stage][kind]) for kind in kinds),
            ]
            for stage in vocabulary().codes("stage")
        ],
        "gaps": reading.gaps(supply, place),
        "structures": structures[:STRUCTURES_SHOWN],
        "structures_more": len(structures) > STRUCTURES_SHOWN,
        "neighbours": reading.neighbours_of(place),
        "members": reading.members_of(place),
        "map": territory_map(place, commune),
        "linked_data": script_text(
            territory_as_linked_data(place, _whole(request, place), [(up, _whole(request, up)) for up in above(place)], commune)
        ),
        "limits_on": date.fromisoformat(territories.edition().outlines[:10]),
    }
    return render(request, "orientation/territory.html", context)


@require_safe
@login_not_required
def territory_list(request: PortalRequest) -> HttpResponse:
    """Find a territory: a commune by its name, or the départements and EPCI of the portal's régions."""
    typed = read(request.GET)
    commune = typed.situation.commune
    if commune:
        return HttpResponseRedirect(reverse("territory", args=("commune", commune.code)))
    problem = typed.problem("commune")
    regions = [place for code in request.portal.regions if (place := territories.place("region", code))]
    context = {
        "section": "territories",
        "typed": request.GET.get("commune", "")[:120],
        "error": problem.sentence if problem else "",
        "choices": [
            (choice.label, "?" + urlencode({"commune": choice.value})) for choice in (problem.choices if problem else ())
        ],
        "regions": [
            (
                region,
                [
                    (departement, territories.epci_of_departement(departement.code))
                    for departement in territories.departements_of_region(region.code)
                ],
            )
            for region in regions
        ],
    }
    return render(request, "orientation/territories.html", context)


def above(place: Place) -> list[Place]:
    """The territories that contain a place, from closest to widest, France left out."""
    found: list[Place | None] = []
    if place.level == "commune":
        commune = territories.commune(place.code)
        found.append(territories.place("epci", commune.epci) if commune and commune.epci else None)
    if place.level in ("commune", "epci"):
        found += [territories.place("departement", code) for code in place.departements]
    if place.level != "region":
        found += [territories.place("region", code) for code in place.regions]
    return [up for up in found if up]


def level_label(level: str) -> str:
    """What a level is called."""
    return {
        "commune": _("Commune"),
        "epci": _("Intercommunalité"),
        "departement": _("Département"),
        "region": _("Région"),
    }[level]


def _whole(request: PortalRequest, place: Place) -> str:
    return absolute_url(request, _url(place), request.portal.hosts)


def _url(place: Place) -> str:
    return reverse("territory", args=(place.level, place.code))


def _relay_url(entry: Entry) -> str:
    return address_of("structure", entry.structure_handle) + (f"#{entry.uid}" if entry.sheet == "relay" else "")


def _stage(stage: str, commune: str) -> str | SafeString:
    """The name of a stage; on the page of a commune, a link to what it gets at this stage."""
    if not commune:
        return label("stage", stage)
    return format_html(
        '<a href="{}?{}">{}</a>', reverse("results"), urlencode({"etape": stage, "commune": commune}), label("stage", stage)
    )


def _cell(count: Count) -> str | SafeString:
    """A count in words: none is said, and how many are not national offers."""
    if not count.total:
        return format_html('<span class="badge badge-alarm">{}</span>', _("aucune"))
    return format_html('{} <span class="soft">({})</span>', count.total, count.local)
