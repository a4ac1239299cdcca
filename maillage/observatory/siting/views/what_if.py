"""« Et si… ? »: the scenario is in the address, its effects are on the page."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer
from maillage.kit import typography
from maillage.observatory.access.distances import DETOUR
from maillage.observatory.access.indicators import MINUTES
from maillage.observatory.access.places import RELAY
from maillage.observatory.access.travel_times import travel_times
from maillage.observatory.access.wording import figure, percent, unit_words
from maillage.observatory.maps.choropleth import credit
from maillage.observatory.maps.dots import Dot, dots
from maillage.observatory.maps.scale import Key
from maillage.observatory.siting import scenario as reading
from maillage.observatory.siting.scenario import Read
from maillage.observatory.siting.what_if import OfferEffect, RelayEffect, on_offers, on_relays
from maillage.observatory.supply import asked as supply
from maillage.observatory.supply.asked import members
from maillage.observatory.supply.criteria import local
from maillage.observatory.supply.reach import groups, reaching
from maillage.orientation.views.territory import above
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label
from maillage.vocabulary.middleware import PortalRequest

#: How many relays, offers and territories a list proposes; communes named beside a figure.
PROPOSED, NAMED = 300, 12
#: Communes drawn as dots: only those that change when there are more.
DRAWN_AT_MOST = 600


@require_safe
@login_not_required
def what_if(request: PortalRequest) -> HttpResponse:
    """Drop a relay, close one, extend or close an offer: who gains, who loses."""
    asked = supply.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    times = travel_times()
    read = reading.read(request.GET, asked.place, index, has_times=times is not None)
    relays = on_relays(index, asked.place, read.scenario, read.threshold, today, times if read.unit == MINUTES else None)
    context: dict[str, Any] = {
        "section": "observatory",
        "place": asked.place,
        "said": forms(asked.place),
        "above": [(up.name, f"{reverse('observatory-what-if')}?territoire={up.key}") for up in above(asked.place)],
        "trail": [
            (_("Observatoire"), reverse("observatory")),
            (_("Ce qui manque"), f"{reverse('observatory-supply')}?territoire={asked.place.key}"),
            (_("Et si…"), ""),
        ],
        "problems": [*[problem for problem in asked.problems if problem.anchor == "territoire"], *read.problems],
        "read": read,
        "hidden": [pair for pair in read.pairs() if pair[0] != "seuil"],
        "typed": request.GET.get("commune", "")[:120] if read.commune_error else "",
        "choices": [(text, f"?{read.query(also=('ouvrir', code))}") for text, code in read.choices],
        "changes": _changes(read),
        "relay_sentence": _relay_sentence(read, relays) if read.scenario.opened or read.scenario.closed else "",
        "columns": [_("Relais"), _("Aujourd’hui"), _("Avec ce scénario")],
        "rows": _relay_rows(relays),
        "gained": [found.name for code in relays.gained_communes[:NAMED] if (found := territories.commune(code))],
        "gained_more": max(0, len(relays.gained_communes) - NAMED),
        "offers": [
            (effect, _offer_sentence(effect), _stages(effect.first), _stages(effect.last))
            for effect in on_offers(index, asked.place, read.scenario, today)
        ],
        "relays_here": _relays_here(index, asked.place, today),
        "offers_here": _offers_here(index, asked.place),
        "places": [asked.place, *_parts(asked.place)],
        "detour": figure(DETOUR, decimals=1),
        "unit": unit_words(read.unit),
        "by_time": read.unit == MINUTES,
        "other_measure": _other_measure(read) if times else "",
        "unknown": percent(share) if (share := relays.after.reach(RELAY).unknown) and relays.after.relays else "",
        "figure": _map(asked.place, relays, read) if read.scenario.opened or read.scenario.closed else "",
    }
    return render(request, "observatory/what_if.html", context)


def _changes(read: Read) -> list[tuple[str, str]]:
    """Each change in words, and the address without it."""
    found = [
        (_("une permanence ouvre à %(name)s") % {"name": commune.name}, ("ouvrir", commune.code))
        for commune in read.scenario.opened
    ]
    found += [
        (_("%(name)s ferme") % {"name": typography.typographic(entry.name)}, ("fermer", entry.uid))
        for entry in read.scenario.closed
    ]
    for offer, extended in read.scenario.offers:
        name = typography.typographic(offer.name)
        if extended:
            words = _("«\u202f%(name)s\u202f» couvre aussi %(place)s") % {"name": name, "place": forms(extended).the}
            found.append((words, ("etendre", f"{offer.uid}@{extended.key}")))
        else:
            found.append((_("«\u202f%(name)s\u202f» s’arrête") % {"name": name}, ("retirer", offer.uid)))
    return [(words, f"?{read.query(without=pair)}") for words, pair in found]


def _relay_sentence(read: Read, effect: RelayEffect) -> str:
    values = {
        "gained": typography.number(effect.gained),
        "lost": typography.number(effect.lost),
        "n": read.threshold,
        "unit": unit_words(read.unit),
    }
    sentences = []
    if effect.gained or not effect.lost:
        sentences.append(
            ngettext(
                "%(gained)s habitant gagnerait un accès à moins de %(n)s %(unit)s.",
                "%(gained)s habitants gagneraient un accès à moins de %(n)s %(unit)s.",
                effect.gained,
            )
            % values
        )
    if effect.lost:
        sentences.append(
            ngettext(
                "%(lost)s habitant n’aurait plus de relais à moins de %(n)s %(unit)s.",
                "%(lost)s habitants n’auraient plus de relais à moins de %(n)s %(unit)s.",
                effect.lost,
            )
            % values
        )
    return " ".join(sentences)


def _other_measure(read: Read) -> str:
    """The same scenario in km instead of minutes, or the reverse; the threshold is that of the other measure."""
    pairs = [pair for pair in read.pairs() if pair[0] not in ("mesure", "seuil")]
    return "?" + urlencode(pairs + ([] if read.in_km else [("mesure", "distance")]))


def _relay_rows(effect: RelayEffect) -> list[list[str]]:
    both = (effect.before, effect.after)
    unit = unit_words(effect.before.unit)
    return [
        [
            _("Habitants à moins de %(n)s %(unit)s d’un relais") % {"n": effect.threshold, "unit": unit},
            typography.number(effect.near_before),
            typography.number(effect.near_after),
        ],
        [_("La moitié des habitants à moins de"), *(figure(found.reach(RELAY).median, unit) for found in both)],
        [_("Relais comptés"), *(typography.number(found.relays) for found in both)],
    ]


def _offer_sentence(effect: OfferEffect) -> str:
    values = {"before": typography.number(effect.before), "after": typography.number(effect.after)}
    return _("Elle servirait %(after)s habitants de ce territoire, au lieu de %(before)s.") % values


def _stages(people: Any) -> list[tuple[str, str]]:
    return [(label("stage", stage), typography.number(count)) for stage, count in people.items() if count]


def _relays_here(index: Snapshot, place: Place, today: date) -> list[tuple[str, str]]:
    """The relays of the départements of a territory: (uid, name and commune)."""
    found = []
    for entry in index.relays:
        commune = territories.commune(entry.commune) if entry.commune else None
        if entry.is_shown_on(today) and commune and (place.level == "france" or commune.departement in place.departements):
            found.append((entry.uid, f"{typography.typographic(entry.name)} ({commune.name})"))
    return sorted(found, key=lambda each: (each[1], each[0]))[:PROPOSED]


def _offers_here(index: Snapshot, place: Place) -> list[tuple[str, str]]:
    """Offers that reach a territory and not the whole of France: (uid, name and structure)."""
    offers = reaching(groups(index, place.territory)) & local(index)
    pks = [int(pk) for pk in index.columns.pk[np.array(offers, dtype=np.int64)[:PROPOSED]]]
    rows = Offer.objects.visible().filter(pk__in=pks).order_by("name", "pk").values_list("uid", "name", "structure__name")
    return [(uid, typography.typographic(f"{name} – {structure}")) for uid, name, structure in rows]


def _parts(place: Place) -> list[Place]:
    """The territories to which an offer may be extended: those inside this one."""
    levels = {"france": ("region",), "region": ("departement", "epci"), "departement": ("epci",), "epci": (), "commune": ()}
    return [part for level in levels[place.level] for part in members(place, level)]


def _map(place: Place, effect: RelayEffect, read: Read) -> str:
    """Communes by what changes for them: near before, near now, no longer near, far."""
    was, now = (found.reach(RELAY).distance <= effect.threshold for found in (effect.before, effect.after))
    ground = effect.before.ground
    ranks = np.select([was & now, ~was & now, was & ~now], [2, 5, 3], default=0)
    shown = np.ones(len(ground), dtype=bool) if len(ground) <= DRAWN_AT_MOST else ranks % 2 == 1
    if len(ground) > DRAWN_AT_MOST:
        shown &= ranks > 1
    points = [
        Dot(float(lon), float(lat), int(rank), int(people))
        for lon, lat, rank, people, drawn in zip(ground.lon, ground.lat, ranks, ground.people, shown, strict=True)
        if drawn
    ]
    points += [
        Dot(commune.lon, commune.lat, 5, commune.population, number)
        for number, commune in enumerate(read.scenario.opened, start=1)
    ]
    words = {2: _("déjà assez près"), 5: _("gagne un accès"), 3: _("perd son accès"), 0: _("reste trop loin")}
    keys = [Key(rank, text) for rank, text in words.items() if rank in {point.rank for point in points if not point.number}]
    return dots(
        list(place.departements), points, title=_("Ce que le scénario change, commune par commune"), keys=keys, note=credit()
    )
