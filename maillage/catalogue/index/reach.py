"""Which territories an offer names, brought to today's geographic code, and which départements it really serves."""

from __future__ import annotations

from functools import cache, lru_cache

from pyroaring import BitMap

from maillage.territories import queries

#: Scale of an offer that names no known level, after the widest one.
NO_SCALE = len(queries.LEVELS)


@lru_cache(maxsize=65_536)
def current_key(key: str) -> str:
    """The key that situations carry: a commune that merged has become its successor. An unknown key stays as it is."""
    level, _, code = key.partition(":")
    successor = queries.commune(code) if level == "commune" else None
    return successor.territory.key if successor else key


@lru_cache(maxsize=65_536)
def scale(key: str) -> int:
    """How close a coverage key is: 0 commune, 1 EPCI, 2 département, 3 région, 4 France."""
    level = key.partition(":")[0]
    return queries.LEVELS.index(level) if level in queries.LEVELS else NO_SCALE


@lru_cache(maxsize=8_192)
def departements_served(coverage: tuple[str, ...], excluded: tuple[str, ...]) -> frozenset[str]:
    """The codes of the départements where at least one commune is covered and not excluded. Keys are current ones."""
    named = frozenset(code for key in coverage for code in _departements(key))
    if not excluded:
        return named
    served = BitMap.union(BitMap(), *(_communes(key) for key in coverage)) - BitMap.union(BitMap(), *map(_communes, excluded))
    return frozenset(code for code in named if served.intersect(_communes(f"departement:{code}")))


@lru_cache(maxsize=65_536)
def _departements(key: str) -> tuple[str, ...]:
    level, _, code = key.partition(":")
    place = queries.place(level, code)
    return place.departements if place else ()


@lru_cache(maxsize=8_192)
def _communes(key: str) -> BitMap:
    """The communes of a territory, as ranks in the list of all communes."""
    level, _, code = key.partition(":")
    return BitMap([_ranks()[commune] for commune in queries.commune_codes_of(level, code)])


@cache
def _ranks() -> dict[str, int]:
    return {code: rank for rank, code in enumerate(queries.commune_codes_of("france"))}
