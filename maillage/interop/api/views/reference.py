"""Territories, vocabularies, and what a territory has at each stage."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.catalogue.index import current_index
from maillage.interop.api import paging, parameters
from maillage.interop.api.answers import AN_HOUR, Refused, answer
from maillage.interop.api.paging import Page
from maillage.interop.api.parameters import CURSOR, LIMIT, MEMBERS, TERRITORY, Parameter
from maillage.orientation import territory as reading
from maillage.territories import queries
from maillage.territories.queries import LEVELS, commune_codes_of
from maillage.territories.values import Place
from maillage.vocabulary import labels
from maillage.vocabulary.words import LISTS

LEVEL = Parameter(
    "niveau", gettext_noop("Niveau des territoires."), {"type": "string", "enum": list(LEVELS), "default": "departement"}
)
INSIDE = Parameter(
    "dans", gettext_noop("Seulement ceux qui sont dans ce territoire (en partie au moins)."), TERRITORY.schema, "region:52"
)
TERRITORIES = (LEVEL, INSIDE, LIMIT, CURSOR)
COVERAGE = (TERRITORY, MEMBERS)


def territories(request: HttpRequest) -> HttpResponse:
    """Territories of a level (`niveau`), in order of code."""
    parameters.known_only(request, TERRITORIES)
    level = request.GET.get(LEVEL.name, "departement")
    if level not in LEVELS:
        sentence = _("niveau vaut «\u202f%(value)s\u202f»\u202f: choisissez parmi %(choices)s.") % {
            "value": level[:60],
            "choices": ", ".join(LEVELS),
        }
        raise parameters.refused([(LEVEL.name, level, sentence)])
    inside = request.GET.get(INSIDE.name, "").strip()
    codes = _codes(level, parameters.place_of(inside) if inside else None)
    after, limit = paging.key_of("territory", parameters.cursor(request)), parameters.limit(request)
    shown = [code for code in codes if not after or code > after][: limit + 1]
    places = [place for code in shown[:limit] if (place := queries.place(level, code))]
    page = Page([territory_as_json(place) for place in places], len(codes), shown[limit - 1] if len(shown) > limit else None)
    content, following = paging.page_content(request, "territory", page)
    return answer(request, content, cache=AN_HOUR, following=following)


def _codes(level: str, inside: Place | None) -> list[str]:
    """The codes of the territories of a level, in order: all, or those inside a place."""
    if inside is None or inside.level == "france":
        found = commune_codes_of("france") if level == "commune" else [place.code for place in queries.places(level)]
        return sorted(found)
    if level == "commune":
        return sorted(commune_codes_of(inside.level, inside.code))
    communes = queries.communes_of(inside.level, inside.code)
    own = {"epci": "epci", "departement": "departement", "region": "region"}.get(level)
    return sorted({code for commune in communes if own and (code := getattr(commune, own))})


def territory(request: HttpRequest, level: str, code: str) -> HttpResponse:
    """One territory; a former commune code gives the commune it is part of today."""
    parameters.known_only(request)
    place = queries.place(level, "" if level == "france" else code.upper()) if level in LEVELS else None
    if place is None:
        raise Refused(404, _("Aucun territoire n’a ce niveau et ce code."))
    commune = queries.commune(place.code) if level == "commune" else None
    content: dict[str, Any] = {
        **territory_as_json(place),
        "postcodes": list(commune.postcodes) if commune else [],
        "former_codes": list(commune.former_codes) if commune else [],
        "epci": commune.epci if commune else None,
        "zonings": sorted(queries.zonings_of(commune)) if commune else [],
        "lon": commune.lon if commune else None,
        "lat": commune.lat if commune else None,
        "members": [territory_as_json(member) for member in members(place)],
    }
    return answer(request, content, cache=AN_HOUR)


def members(place: Place) -> list[Place]:
    """What a territory is made of: régions for France, then as the territory pages say."""
    return list(queries.places("region")) if place.level == "france" else reading.members_of(place)


def territory_as_json(place: Place) -> dict[str, Any]:
    """A territory."""
    return {
        "level": place.level,
        "code": place.code,
        "key": place.key,
        "name": place.name,
        "long_name": place.long_name,
        "population": place.population,
        "communes": place.communes,
        "departements": list(place.departements),
        "regions": list(place.regions),
    }


def vocabularies(request: HttpRequest) -> HttpResponse:
    """Every list of codes, with their labels and plain words in the language asked."""
    parameters.known_only(request)
    return answer(request, {"lists": [_list(name) for name in LISTS]}, cache=AN_HOUR)


def vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    """One list of codes."""
    parameters.known_only(request)
    if name not in LISTS:
        raise Refused(404, _("Le vocabulaire n’a pas cette liste. Il a\u202f: %(lists)s.") % {"lists": ", ".join(LISTS)})
    return answer(request, _list(name), cache=AN_HOUR)


def _list(name: str) -> dict[str, Any]:
    terms = [{"code": term.code, "label": term.label, "plain": term.plain} for term in labels.terms(name)]
    return {"name": name, "terms": terms}


def coverage(request: HttpRequest) -> HttpResponse:
    """Distinct offers open today by stage and kind, for a territory (France by default) and, if asked, for what it is made of."""
    parameters.known_only(request, COVERAGE)
    place = parameters.territory(request) or parameters.place_of("france")
    every = [place, *(members(place) if parameters.yes_or_no(request, MEMBERS) else ())]
    return answer(request, {"day": timezone.localdate().isoformat(), "items": [supply_as_json(one) for one in every]})


def supply_as_json(place: Place) -> dict[str, Any]:
    """What is declared for a territory today, cell by cell, and what is missing, in words."""
    found = reading.supply(current_index(), place, timezone.localdate())
    return {
        "territory": territory_as_json(place),
        "offers": found.offers,
        "structures": found.structures,
        "cells": [
            {"stage": stage, "kind": kind, "offers": count.total, "local": count.local}
            for stage, row in found.cells.items()
            for kind, count in row.items()
        ],
        "gaps": reading.gaps(found, place),
    }
