"""What a territory has: who helps there, how much at each stage, and what is missing, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _
from pyroaring import BitMap

from maillage.catalogue.index import Entry, Snapshot
from maillage.catalogue.models import Structure
from maillage.catalogue.models.sheet import SheetQuerySet
from maillage.orientation.matching import wording
from maillage.orientation.matching.whereabouts import whereabouts
from maillage.territories import queries as territories
from maillage.territories.queries import LEVELS, Commune
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label
from maillage.vocabulary.words import vocabulary

#: The kinds of offer whose absence at a stage is said: people, money, training.
EXPECTED = ("conseil", "financement", "formation")
#: `Columns.scale` of an offer that covers the whole of France.
NATIONAL = LEVELS.index("france")
#: How many communes around a commune are proposed.
AROUND = 8


@dataclass(frozen=True, slots=True)
class Count:
    """Offers in a cell: all of them, and those that do not cover the whole of France."""

    total: int
    local: int


@dataclass(frozen=True, slots=True)
class Supply:
    """What is declared for a territory: a count per stage and kind (`cells[stage][kind]`), and the totals."""

    cells: dict[str, dict[str, Count]]
    by_stage: dict[str, Count]
    offers: int
    structures: int


def serving(snapshot: Snapshot, place: Place, today: date) -> BitMap:
    """Offers open today that serve at least one commune of a territory (for a commune, as the results page counts them)."""
    return reaching(snapshot, place) & snapshot.open_on(today)


def reaching(snapshot: Snapshot, place: Place) -> BitMap:
    """Offers that serve at least one commune of a territory, whatever their calendar; all of them for France."""
    if place.level == "france":
        return snapshot.alive
    if place.level == "departement":
        found = snapshot.touching((place.code,))
    elif place.level == "region":
        found = snapshot.touching(departement.code for departement in territories.departements_of_region(place.code))
    else:
        found = BitMap()
        for commune in territories.communes_of(place.level, place.code):
            where = whereabouts(commune)
            found |= snapshot.covering(where.keys, where.zonings, where.unknown_zonings).covered
    return found & snapshot.alive


def supply(snapshot: Snapshot, place: Place, today: date) -> Supply:
    """Count the offers of a territory, stage by stage and kind by kind: the same sets as the results, nothing estimated."""
    here = serving(snapshot, place, today)
    positions = np.array(here, dtype=np.int64)
    local = BitMap(positions[snapshot.columns.scale[positions] < NATIONAL].tolist())

    def count(offers: BitMap) -> Count:
        return Count(len(offers), offers.intersection_cardinality(local))

    by_kind = {kind: here & snapshot.stating("kind", kind) for kind in vocabulary().codes("kind")}
    cells, by_stage = {}, {}
    for stage in vocabulary().codes("stage"):
        fitting = snapshot.accepting("stage", (stage,))
        cells[stage] = {kind: count(offers & fitting) for kind, offers in by_kind.items()}
        by_stage[stage] = count(here & fitting)
    structures = len(np.unique(snapshot.columns.structure[positions]))
    return Supply(cells, by_stage, len(here), structures)


def gaps(found: Supply, place: Place) -> list[str]:
    """What is missing, in words: kinds of which nothing is declared at a stage, then those for which only national offers are."""
    sentences = []
    for kind in EXPECTED:
        empty = [stage for stage, row in found.cells.items() if not row[kind].total]
        far = [stage for stage, row in found.cells.items() if row[kind].total and not row[kind].local]
        values = {"kind": label("kind", kind), "at": forms(place).at}
        if len(empty) == len(found.cells):
            sentences.append(_("%(kind)s\u202f: rien n’est déclaré %(at)s, à aucune étape.") % values)
        elif empty:
            sentences.append(
                _("%(kind)s\u202f: rien n’est déclaré %(at)s pour %(stages)s.") % {**values, "stages": _stages(empty)}
            )
        if len(far) == len(found.cells):
            sentences.append(_("%(kind)s\u202f: seulement des offres nationales, à toutes les étapes.") % values)
        elif far:
            sentences.append(
                _("%(kind)s\u202f: seulement des offres nationales pour %(stages)s.") % {**values, "stages": _stages(far)}
            )
    return sentences


def _stages(codes: list[str]) -> str:
    names = [f"«\u202f{label('stage', code)}\u202f»" for code in codes]
    return (_("l’étape %(names)s") if len(names) == 1 else _("les étapes %(names)s")) % {"names": _and(names)}


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(values)s et %(last)s") % {"values": ", ".join(words[:-1]), "last": words[-1]}


def networks_of(snapshot: Snapshot, place: Place, today: date) -> list[tuple[Entry, str]]:
    """Networks of reference of a territory, each with what it covers: the closest first, whoever covers France when nobody else does."""
    containing = _containing(place)
    inside = _inside(place)
    found: list[tuple[int, str, str, Entry, str]] = []
    national: list[tuple[Entry, str]] = []
    for entry in snapshot.networks:
        if not entry.is_shown_on(today):
            continue
        key = next((key for key in containing if key in entry.coverage), None) or next(
            (key for key in entry.coverage if key in inside), None
        )
        if key:
            rank = containing.index(key) if key in containing else -1
            found.append((rank, entry.name, entry.uid, entry, wording.covers(key)))
        elif "france" in entry.coverage:
            national.append((entry, wording.covers("france")))
    whole = {entry.structure for rank, _name, _uid, entry, _reason in found if rank >= 0}
    ordered = [
        (entry, reason)
        for rank, _name, _uid, entry, reason in sorted(found, key=lambda item: item[:3])
        if rank >= 0 or entry.structure not in whole  # who covers it all is not said to cover a part
    ]
    once = {entry.structure: (entry, reason) for entry, reason in reversed(ordered or national)}
    return list(once.values())[::-1]


def relays_of(snapshot: Snapshot, place: Place, today: date) -> list[Entry]:
    """Places that welcome people in a territory, by commune then name."""
    codes = set(territories.commune_codes_of(place.level, place.code))
    entries = [entry for entry in snapshot.relays if entry.commune in codes and entry.is_shown_on(today)]
    return sorted(entries, key=lambda entry: (entry.commune, entry.name, entry.uid))


def structures_of(place: Place) -> SheetQuerySet[Structure]:
    """Visible structures whose address is in a territory."""
    visible = Structure.objects.visible()
    if place.level in ("departement", "region"):
        codes = (
            [place.code]
            if place.level == "departement"
            else [found.code for found in territories.departements_of_region(place.code)]
        )
        among = Q()
        for code in codes:  # an INSEE code starts with that of its département
            among |= Q(commune__startswith=code)
        return visible.filter(among)
    return visible.filter(commune__in=territories.commune_codes_of(place.level, place.code))


@lru_cache(maxsize=1024)
def around(code: str) -> tuple[Commune, ...]:
    """The communes nearest to a commune (INSEE code), in its département and those next to it."""
    commune = territories.commune(code)
    if commune is None:
        return ()
    departements = [commune.departement, *(place.code for place in territories.neighbours(commune.departement))]
    others = (
        other
        for departement in departements
        for other in territories.communes_of("departement", departement)
        if other.code != code
    )
    return tuple(other for _km, other in territories.nearest(commune.lon, commune.lat, others, AROUND))


def neighbours_of(place: Place) -> list[Place]:
    """The territories of the same level next to a territory (for a commune, the nearest ones)."""
    if place.level == "commune":
        found: Iterable[Place | None] = (territories.place("commune", commune.code) for commune in around(place.code))
    elif place.level == "region":
        codes = {
            region
            for departement in place.departements
            for neighbour in territories.neighbours(departement)
            for region in neighbour.regions
        }
        found = (territories.place("region", code) for code in sorted(codes - {place.code}))
    else:
        found = territories.neighbour_places(place.level, place.code)
    return [neighbour for neighbour in found if neighbour]


def members_of(place: Place) -> list[Place]:
    """What a territory is made of: départements of a région, EPCI of a département, communes of an EPCI."""
    if place.level == "region":
        return list(territories.departements_of_region(place.code))
    if place.level == "departement":
        return list(territories.epci_of_departement(place.code))
    if place.level == "epci":
        members = (territories.place("commune", commune.code) for commune in territories.communes_of("epci", place.code))
        return sorted((member for member in members if member), key=lambda member: member.name)
    return []


def _containing(place: Place) -> list[str]:
    """Keys of the territories that contain this one (in part at least), from itself to its régions."""
    if place.level == "commune":
        return list(whereabouts(territories.communes_of("commune", place.code)[0]).keys[:-1])
    keys = [place.key]
    if place.level == "epci":
        keys += [f"departement:{code}" for code in place.departements]
    if place.level != "region":
        keys += [f"region:{code}" for code in place.regions]
    return keys


def _inside(place: Place) -> frozenset[str]:
    """Keys of the territories inside this one."""
    return _inside_of(place.level, place.code)


@lru_cache(maxsize=256)
def _inside_of(level: str, code: str) -> frozenset[str]:
    place = territories.place(level, code)
    if place is None or level == "commune":
        return frozenset()
    communes = territories.communes_of(level, code)
    keys = {f"commune:{commune.code}" for commune in communes}
    if level in ("region", "departement"):
        keys |= {f"epci:{commune.epci}" for commune in communes if commune.epci}
    if level == "region":
        keys |= {f"departement:{found.code}" for found in territories.departements_of_region(code)}
    return frozenset(keys)
