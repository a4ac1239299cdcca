"""Look-ups on communes, EPCI, départements, régions and zonings. Pure reads of the shipped reference data, no database.

Everything else in Maillage keeps only codes and asks here. `search` and `resolve` (what people type) are in `search`, drawing
in `outlines`; the values are in `values`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from maillage.territories import grammar
from maillage.territories.distance import distance_km
from maillage.territories.search import Found, Resolution, resolve, search
from maillage.territories.search_index import warm_up
from maillage.territories.table import commune_at, members, table
from maillage.territories.values import FRANCE, LEVELS, Commune, Edition, Place, Territory, parse_key

__all__ = [
    "DENSITIES",
    "FRANCE",
    "LEVELS",
    "ZONINGS",
    "Commune",
    "Edition",
    "Found",
    "Place",
    "Resolution",
    "Territory",
    "all_communes",
    "commune",
    "commune_codes_of",
    "communes_of",
    "departements_of_region",
    "distance_km",
    "edition",
    "epci_of_departement",
    "exists",
    "in_zoning",
    "nearest",
    "neighbour_places",
    "neighbours",
    "parse_key",
    "place",
    "places",
    "resolve",
    "search",
    "territories_of",
    "warm_up",
    "zoning_known",
    "zonings_of",
]

DENSITIES = tuple(f"densite-{level}" for level in range(1, 8))
#: Every zoning code. `frr-plus` communes are also in `frr`; `qpv` says that the commune has a priority district.
ZONINGS = ("frr", "frr-plus", "qpv", *DENSITIES)


def commune(code: str) -> Commune | None:
    """The commune of an INSEE code. A former code gives its successor, a Paris, Lyon or Marseille arrondissement its city."""
    known = table()
    current = code if code in known.lines else known.successor.get(code)
    return commune_at(current) if current else None


@cache
def all_communes() -> tuple[Commune, ...]:
    """Every current commune, overseas départements included, in order of code. Costs 25 MB: for whole-country work, not pages."""
    return communes_of("france")


def territories_of(commune: Commune) -> tuple[Territory, ...]:
    """The territories that contain a commune, from closest to widest. Four islands have no EPCI: their tuple is shorter."""
    return (
        Territory("commune", commune.code),
        *((Territory("epci", commune.epci),) if commune.epci else ()),
        Territory("departement", commune.departement),
        Territory("region", commune.region),
        FRANCE,
    )


def in_zoning(commune: Commune, zoning: str) -> bool | None:
    """Is the commune in a zoning? None when unknown: no source was shipped, or only a part of the commune is classed.

    Raises ValueError for a code that is not a zoning.
    """
    if zoning == "frr":
        return None if commune.frr in (None, "partiel") else commune.frr != "non"
    if zoning == "frr-plus":
        return None if commune.frr in (None, "partiel") else commune.frr == "frr-plus"
    if zoning == "qpv":
        return commune.qpv
    if zoning in DENSITIES:
        return None if commune.density is None else zoning == f"densite-{commune.density}"
    raise ValueError(f"« {zoning} » n’est pas un zonage connu ({', '.join(ZONINGS)}).")


def zonings_of(commune: Commune) -> frozenset[str]:
    """The zonings that certainly hold for a commune. A zoning that is absent may be unknown: ask `in_zoning`."""
    return frozenset(zoning for zoning in ZONINGS if in_zoning(commune, zoning))


def zoning_known(commune: Commune, zoning: str) -> bool:
    """Do we know whether the commune is in this zoning?"""
    return in_zoning(commune, zoning) is not None


def place(level: str, code: str = "") -> Place | None:
    """The place of a level and a code, with its French forms; None if it does not exist. A former commune code is followed."""
    if level == "commune":
        found = commune(code)
        return _commune_place(found) if found else None
    return table().places.get(Territory(level, code))


def places(level: str) -> tuple[Place, ...]:
    """Every place of a level ("epci", "departement", "region" or "france"), in order of code."""
    return tuple(found for territory, found in table().places.items() if territory.level == level)


def exists(territory: Territory) -> bool:
    """Does this territory exist today? A former commune code does not (`commune` leads to its successor)."""
    known = table()
    return territory.code in known.lines if territory.level == "commune" else territory in known.places


def communes_of(level: str, code: str = "") -> tuple[Commune, ...]:
    """The communes of a territory, in order of code; empty if it does not exist."""
    if level == "commune":
        found = commune(code)
        return (found,) if found else ()
    return tuple(commune_at(member) for member in members().get(Territory(level, code), ()))


def commune_codes_of(level: str, code: str = "") -> tuple[str, ...]:
    """The INSEE codes of the communes of a territory, in order; empty if it does not exist. Lighter than `communes_of`."""
    if level == "commune":
        found = commune(code)
        return (found.code,) if found else ()
    return members().get(Territory(level, code), ())


@lru_cache(maxsize=64)
def departements_of_region(region: str) -> tuple[Place, ...]:
    """The départements of a région, in order of code."""
    return tuple(found for found in places("departement") if region in found.regions)


def epci_of_departement(departement: str) -> tuple[Place, ...]:
    """The EPCI with at least one commune in a département, in order of name."""
    return tuple(sorted((found for found in places("epci") if departement in found.departements), key=lambda found: found.name))


def neighbours(departement: str) -> tuple[Place, ...]:
    """The départements that share a border with one, in order of code. None for the overseas ones."""
    return neighbour_places("departement", departement)


def neighbour_places(level: str, code: str) -> tuple[Place, ...]:
    """The EPCI or départements (`level`) that share a border with one."""
    known = table()
    return tuple(known.places[other] for other in known.neighbours.get(Territory(level, code), ()))


def nearest(lon: float, lat: float, among: Iterable[Commune], limit: int = 5) -> list[tuple[float, Commune]]:
    """The communes of `among` nearest to a point, as (km, commune), closest first."""
    measured = sorted((distance_km(lon, lat, found.lon, found.lat), found.code, found) for found in among)
    return [(km, found) for km, _, found in measured[:limit]]


def edition() -> Edition:
    """Which edition of the reference data this is: dates, packages, zonings known."""
    return table().edition


def _commune_place(commune: Commune) -> Place:
    forms = grammar.commune_forms(commune.name, commune.name_type)
    return Place(
        *commune.territory,
        name=commune.name,
        long_name=commune.name,
        the=forms.the,
        of=forms.of,
        at=forms.at,
        population=commune.population,
        communes=1,
        departements=(commune.departement,),
        regions=(commune.region,),
    )
