"""How far people are from somebody, and who is further than others."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.index import Snapshot, current_index
from maillage.kit import typography
from maillage.observatory.access import equity as dividing
from maillage.observatory.access.capacity import CATCHMENT_KM
from maillage.observatory.access.distances import DETOUR, share_beyond
from maillage.observatory.access.equity import Indicator, compare_all
from maillage.observatory.access.ground import divisions
from maillage.observatory.access.indicators import Access, access
from maillage.observatory.access.places import KINDS, RELAY
from maillage.observatory.access.travel_times import travel_times
from maillage.observatory.access.wording import division_words, figure, gini_words, percent, place_words, unit_words, unknown
from maillage.observatory.maps.choropleth import Shade, choropleth, credit
from maillage.observatory.maps.curves import Curve, curves
from maillage.observatory.maps.dots import Dot, dots
from maillage.observatory.maps.scale import Key
from maillage.observatory.supply import asked as reading
from maillage.observatory.supply.asked import Asked, members
from maillage.observatory.supply.criteria import EVERYTHING, live, local
from maillage.observatory.supply.reach import groups
from maillage.orientation.views.territory import above
from maillage.territories import queries as territories
from maillage.territories.outlines import DRAWN
from maillage.territories.wording import forms
from maillage.vocabulary.middleware import PortalRequest

#: A map of more communes would be too heavy: their intercommunalities or départements are shaded instead.
DOTS_AT_MOST = 600


@require_safe
@login_not_required
def distances(request: PortalRequest) -> HttpResponse:
    """Distance to the nearest places, share of people beyond thresholds, hours of welcome, and how they are shared."""
    asked = reading.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    times = travel_times() if request.GET.get("mesure") != "distance" else None
    found = access(index, asked.place, today, times)
    unit = unit_words(found.unit)
    context: dict[str, Any] = {
        **_page(asked, _("Accès"), "observatory-access"),
        "found": found,
        "unit": unit,
        "has_times": travel_times() is not None,
        "by_time": times is not None,
        "detour": figure(DETOUR, decimals=1),
        "catchment": figure(CATCHMENT_KM),
        "columns": [
            _("Lieu"),
            _("Lieux situés"),
            _("La moitié des habitants à moins de"),
            *(_("Au-delà de %(n)s %(unit)s") % {"n": each, "unit": unit} for each in found.thresholds),
            _("Distance inconnue"),
        ],
        "rows": [
            [
                place_words(reach.kind),
                _("%(located)s sur %(places)s")
                % {"located": typography.number(reach.located), "places": typography.number(reach.places)},
                figure(reach.median, unit),
                *(percent(reach.beyond[each]) for each in found.thresholds),
                percent(reach.unknown) if reach.unknown else _("aucune"),
            ]
            for reach in found.reaches
        ],
        "mean_capacity": figure(found.mean_capacity, decimals=1),
        "gini": gini_words(found.inequality) if found.inequality else "",
        "lorenz": _lorenz(found),
        "lorenz_columns": [_("Habitants, les moins bien servis d’abord"), _("Part des heures d’accueil qu’ils atteignent")],
        "lorenz_rows": [[percent(x), percent(y)] for x, y in found.inequality.curve[2::2]] if found.inequality else [],
        "figure": _map(asked, found),
    }
    return render(request, "observatory/access.html", context)


@require_safe
@login_not_required
def equity(request: PortalRequest) -> HttpResponse:
    """Every indicator for rural, FRR, QPV and métropole communes against the rest."""
    asked = reading.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    found = access(index, asked.place, today, travel_times())
    parts = divisions(*asked.place.territory)
    indicators = [*_of_access(found), *_of_supply(index, asked, found, today)]
    compared = compare_all([indicator for indicator, _label, _say in indicators], parts, found.ground.people)
    tables = []
    for name in parts:
        inside, outside = division_words(name)
        first = next(iter(compared.values()))[name]
        rows = [
            [
                label,
                say(compared[indicator.code][name].inside),
                say(compared[indicator.code][name].outside),
                _said(indicator, compared[indicator.code][name]),
            ]
            for indicator, label, say in indicators
        ]
        tables.append((inside, first, [_("Indicateur"), inside, outside, _("Lecture")], rows))
    context = {**_page(asked, _("Équité"), "observatory-equity"), "tables": tables, "unknown": unknown()}
    return render(request, "observatory/equity.html", context)


Said = tuple[Indicator, str, Any]


def _of_access(found: Access) -> list[Said]:
    unit, threshold = unit_words(found.unit), found.thresholds[1]
    said: list[Said] = []
    for kind in KINDS:
        distance = found.reach(kind).distance
        known = np.where(np.isinf(distance), np.nan, distance)
        far = np.where(np.isnan(known), np.nan, (known > threshold).astype(float))
        said.append(
            (
                Indicator(f"{kind}-median", dividing.MEDIAN, known, False),
                _("%(place)s\u202f: la moitié à moins de") % {"place": place_words(kind)},
                lambda value: figure(value, unit),
            )
        )
        said.append(
            (
                Indicator(f"{kind}-far", dividing.SHARE, far, False),
                _("%(place)s\u202f: au-delà de %(n)s %(unit)s") % {"place": place_words(kind), "n": threshold, "unit": unit},
                percent,
            )
        )
    capacity = found.capacity if found.capacity is not None else np.full(len(found.ground), np.nan)
    said.append(
        (
            Indicator("capacity", dividing.MEAN, capacity, True),
            _("Heures d’accueil par semaine pour 10\u202f000 habitants"),
            lambda value: figure(value, decimals=1),
        )
    )
    return said


def _of_supply(index: Snapshot, asked: Asked, found: Access, today: date) -> list[Said]:
    """Offers that reach each commune, national ones left out, and people without any."""
    counted = live(index, EVERYTHING, today) & local(index)
    rank = {code: at for at, code in enumerate(found.ground.codes)}
    offers = np.zeros(len(rank))
    for group in groups(index, asked.place.territory):
        offers[[rank[code] for code in group.codes]] = group.offers.intersection_cardinality(counted)
    return [
        (
            Indicator("offers", dividing.MEAN, offers, True),
            _("Offres non nationales qui servent la commune"),
            lambda value: figure(value, decimals=1),
        ),
        (
            Indicator("none", dividing.SHARE, (offers == 0).astype(float), False),
            _("Habitants sans aucune offre non nationale"),
            percent,
        ),
    ]


def _said(indicator: Indicator, compared: dividing.Compared) -> str:
    inside, outside = compared.inside, compared.outside
    if not compared.is_known or inside is None or outside is None:
        return unknown() if not compared.is_known else _("pas de comparaison possible")
    if abs(inside - outside) <= 0.02 * max(abs(inside), abs(outside)):
        return _("comparable")
    better = (inside > outside) == indicator.more_is_better
    return _("mieux que le reste") if better else _("moins bien que le reste")


def _lorenz(found: Access) -> SafeString:
    if not found.inequality:
        return SafeString("")
    return curves(
        [Curve(_("Accès"), found.inequality.curve)],
        title=_("Comment les heures d’accueil se partagent entre les habitants"),
        x=_("En bas, les habitants, les moins bien servis d’abord (%)."),
        y=_("À gauche, la part des heures d’accueil (%)."),
        diagonal=_("La ligne pointillée serait un partage égal."),
    )


def _map(asked: Asked, found: Access) -> SafeString:
    """People beyond the second threshold from a relay: by département or EPCI, or each commune as a dot."""
    place, distance, people = asked.place, found.reach(RELAY).distance, found.ground.people
    unit, threshold = unit_words(found.unit), found.thresholds[1]
    if len(found.ground) <= DOTS_AT_MOST:
        ranks = np.searchsorted(found.thresholds, distance, side="left") + 1
        points = [
            Dot(float(lon), float(lat), -1 if np.isnan(far) else int(rank), int(count))
            for lon, lat, far, rank, count in zip(found.ground.lon, found.ground.lat, distance, ranks, people, strict=True)
        ]
        near = [_("jusqu’à %(n)s %(unit)s") % {"n": found.thresholds[0], "unit": unit}]
        near += [
            _("de %(start)s à %(end)s %(unit)s") % {"start": start, "end": end, "unit": unit}
            for start, end in zip(found.thresholds, found.thresholds[1:], strict=False)
        ]
        keys = [
            Key(rank, words)
            for rank, words in enumerate(
                [*near, _("plus de %(n)s %(unit)s") % {"n": found.thresholds[-1], "unit": unit}], start=1
            )
        ]
        if any(dot.rank < 0 for dot in points):
            keys.append(Key(-1, unknown()))
        return dots(
            list(place.departements),
            points,
            title=_("Distance de chaque commune au relais le plus proche"),
            keys=keys,
            note=credit(),
        )
    level = "departement" if place.level == "france" else "epci"
    if level not in DRAWN:
        return SafeString("")
    rank = {code: at for at, code in enumerate(found.ground.codes)}
    shades = []
    for part in members(place, level):
        mine = [rank[code] for code in territories.commune_codes_of(*part.territory) if code in rank]
        known = [at for at in mine if not np.isnan(distance[at])]
        share = share_beyond(distance[known], people[known], threshold) if known else None
        link = format_html('<a href="?territoire={}">{}</a>', part.key, part.name)
        shades.append(
            Shade(
                part.code,
                None if share is None else round(100 * share),
                (link, typography.number(part.population), percent(share)),
            )
        )
    return choropleth(
        level,
        shades,
        title=_("Part des habitants à plus de %(n)s %(unit)s d’un relais") % {"n": threshold, "unit": unit},
        columns=[_("Territoire"), _("Habitants"), _("Au-delà de %(n)s %(unit)s") % {"n": threshold, "unit": unit}],
        note=credit(),
        zero=_("personne ou presque"),
        zero_is_hole=False,
        say=lambda value: f"{value:.0f}\u202f%",
        breaks=(1, 20, 40, 60, 80),
    )


def _page(asked: Asked, name: str, address: str) -> dict[str, Any]:
    query = f"territoire={asked.place.key}"
    return {
        "section": "observatory",
        "asked": asked,
        "place": asked.place,
        "said": forms(asked.place),
        "problems": asked.problems,
        "trail": [
            (_("Observatoire"), reverse("observatory")),
            (_("Ce qui manque"), f"{reverse('observatory-supply')}?{query}"),
            (name, ""),
        ],
        "above": [(place.name, f"{reverse(address)}?territoire={place.key}") for place in above(asked.place)],
        "query": query,
    }
