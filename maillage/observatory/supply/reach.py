"""Which offers reach which communes, group by group. The rule itself is `Snapshot.covering`: here it is only asked fewer times.

Communes of one intercommunality and département get the same offers, except those that an offer names one by one: so a région is a
hundred groups instead of 1,250 communes. A group holds the communes for which `covering` would be asked the same question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.orientation.matching.whereabouts import whereabouts
from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.territories.values import Territory

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Container:
    """Communes that share every territory above them, and their zonings (certain, and those that nobody knows)."""

    keys: tuple[str, ...]  # from the intercommunality to France
    zonings: frozenset[str]
    unknown: frozenset[str]
    codes: tuple[str, ...]
    population: Integers


@dataclass(frozen=True, slots=True)
class Group:
    """Communes (INSEE codes) that the same offers reach. `offers` may be shared with the index: never change it."""

    codes: tuple[str, ...]
    population: int
    offers: BitMap
    keys: tuple[str, ...]  # the territory keys that were asked: a commune that no offer names one by one is not among them


def groups(snapshot: Snapshot, territory: Territory) -> Iterator[Group]:
    """The communes of a territory with the offers that reach them, whatever their calendar. Every commune is in one group."""
    named, excluded = snapshot.tables["coverage"], snapshot.tables["excluded"]
    for container in containers(*territory):
        alone = [
            rank for rank, code in enumerate(container.codes) if named.get(f"commune:{code}") or excluded.get(f"commune:{code}")
        ]
        # said of the container once, then each commune adds what names it and takes away what excludes it: the rule looks at each offer alone
        together = snapshot.covering(container.keys, container.zonings, container.unknown).covered
        barred = excluded.union(container.keys)
        for rank in alone:
            code, key = container.codes[rank], f"commune:{container.codes[rank]}"
            own = snapshot.covering((key,), container.zonings, container.unknown).covered
            found = (together - excluded.get(key)) | (own - barred)
            yield Group((code,), int(container.population[rank]), found, (key, *container.keys))
        if len(alone) < len(container.codes):
            apart = set(alone)
            codes = tuple(code for rank, code in enumerate(container.codes) if rank not in apart) if alone else container.codes
            population = int(container.population.sum()) - int(container.population[alone].sum() if alone else 0)
            yield Group(codes, population, together, container.keys)


def reaching(found: Iterable[Group]) -> BitMap:
    """Offers that reach at least one commune of these groups."""
    every = [group.offers for group in found]
    return BitMap.union(*every) if every else BitMap()


@lru_cache(maxsize=4_096)
def containers(level: str, code: str) -> tuple[Container, ...]:
    """The communes of a territory, gathered by what contains them. A former commune is its successor; unknown codes give nothing."""
    gathered: dict[tuple[object, ...], list[Commune]] = {}
    for commune in territories.communes_of(level, code):
        facts = (commune.epci, commune.departement, commune.region, commune.density, commune.frr, commune.qpv)
        gathered.setdefault(facts, []).append(commune)
    found = []
    for communes in gathered.values():
        where = whereabouts(communes[0])  # but for their own key, it is the same for all of them
        population = np.array([commune.population for commune in communes], dtype=np.int64)
        codes = tuple(commune.code for commune in communes)
        found.append(Container(where.keys[1:], where.zonings, where.unknown_zonings, codes, population))
    return tuple(found)
