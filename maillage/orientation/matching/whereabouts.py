"""Where the project is, in the terms in which offers say whom they cover."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What contains one commune.

    `keys` go from closest to widest. `zonings` certainly hold, `unknown_zonings` may. `around` are the commune's
    département and its neighbours, where an offer that does not reach the commune is still worth showing.
    """

    commune: Commune
    keys: tuple[str, ...]
    zonings: frozenset[str]
    unknown_zonings: frozenset[str]
    around: tuple[str, ...]

    def zoning_state(self, required: list[str]) -> bool | None:
        """Is the commune in one of the required zonings? None when nobody knows; True when none is required."""
        if not required or self.zonings.intersection(required):
            return True
        return None if self.unknown_zonings.intersection(required) else False


@cache
def whereabouts(commune: Commune) -> Whereabouts:
    """What contains a commune. One small value per commune asked for, kept for the life of the process."""
    zonings = territories.zonings_of(commune)
    unknown = frozenset(code for code in vocabulary().codes("zoning") if not _known(commune, code))
    around = (commune.departement, *(place.code for place in territories.neighbours(commune.departement)))
    keys = tuple(territory.key for territory in territories.territories_of(commune))
    return Whereabouts(commune, keys, zonings, unknown, around)


def _known(commune: Commune, zoning: str) -> bool:
    """Zonings that a region adds to the vocabulary have no source of ours: they are always to check."""
    return zoning in territories.ZONINGS and territories.zoning_known(commune, zoning)
