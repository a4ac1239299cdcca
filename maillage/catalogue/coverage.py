"""Which communes an offer serves, and what a change of coverage changes. Pure: reads only the shipped reference data.

The rule (exchange-formats §5.0): an offer covers a commune when one of its coverage keys is among the commune's territories,
none of its excluded keys is, and, if zonings are required, the commune is in one of them. A zoning may be unknown for a
commune: then the answer is neither yes nor no, and the commune is « à vérifier ».
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maillage.territories import queries as territories
from maillage.territories.values import Commune, Place, parse_key


@dataclass(frozen=True, slots=True)
class Served:
    """INSEE codes of the communes served: for `certain`, or `to_check` because a required zoning is unknown there."""

    certain: frozenset[str]
    to_check: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Served for certain or to check: where the offer appears."""
        return self.certain | self.to_check


def communes_served(coverage: Iterable[str], excluded: Iterable[str] = (), zonings: Iterable[str] = ()) -> Served:
    """The communes an offer with this coverage serves. Keys are `departement:53`, `france`…; zonings are vocabulary codes.

    A key that names no territory of today serves nobody; a former commune code serves its successor.
    """
    return _served(tuple(sorted(set(coverage))), tuple(sorted(set(excluded))), tuple(sorted(set(zonings))))


@lru_cache(maxsize=256)
def _served(coverage: tuple[str, ...], excluded: tuple[str, ...], zonings: tuple[str, ...]) -> Served:
    covered = _communes(coverage) - _communes(excluded)
    if not zonings:
        return Served(frozenset(covered), frozenset())
    certain, to_check = set(), set()
    for code in covered:
        commune = territories.commune(code)
        assert commune is not None, "codes come from the reference data"
        answers = [_in_zoning(commune, zoning) for zoning in zonings]
        if True in answers:
            certain.add(code)
        elif None in answers:
            to_check.add(code)
    return Served(frozenset(certain), frozenset(to_check))


def _communes(keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for key in keys:
        try:
            level, code = parse_key(key)
        except ValueError:
            continue
        found.update(territories.commune_codes_of(level, code))
    return found


def _in_zoning(commune: Commune, zoning: str) -> bool | None:
    """As `territories.in_zoning`; a zoning that a region added and that the reference data does not hold is unknown."""
    return territories.in_zoning(commune, zoning) if zoning in territories.ZONINGS else None


@dataclass(frozen=True, slots=True)
class DepartementDifference:
    """What changes in one département: communes gained and lost, in order of name."""

    place: Place
    gained: tuple[Commune, ...]
    lost: tuple[Commune, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of coverage changes over all communes. `uncertain` are served still, but now only « à vérifier »."""

    before: int
    after: int
    gained: tuple[Commune, ...]
    lost: tuple[Commune, ...]
    uncertain: tuple[Commune, ...]
    departements: tuple[DepartementDifference, ...]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.uncertain)

    @property
    def gained_population(self) -> int:
        """Inhabitants of the communes gained."""
        return population(self.gained)

    @property
    def lost_population(self) -> int:
        """Inhabitants of the communes lost."""
        return population(self.lost)


def population(communes: Iterable[Commune]) -> int:
    """Inhabitants of these communes."""
    return sum(commune.population for commune in communes)


def difference(before: Served, after: Served) -> Difference:
    """Compare two coverages, département by département (largest change first)."""
    gained, lost = _named(after.all - before.all), _named(before.all - after.all)
    by_departement: dict[str, tuple[list[Commune], list[Commune]]] = {}
    for which, communes in enumerate((gained, lost)):
        for commune in communes:
            by_departement.setdefault(commune.departement, ([], []))[which].append(commune)
    rows = []
    for code, (here_gained, here_lost) in by_departement.items():
        place = territories.place("departement", code)
        assert place is not None, "the département of a commune exists"
        rows.append(DepartementDifference(place, tuple(here_gained), tuple(here_lost)))
    rows.sort(key=lambda row: (-len(row.gained) - len(row.lost), row.place.code))
    uncertain = _named(before.certain & after.to_check)
    return Difference(len(before.all), len(after.all), gained, lost, uncertain, tuple(rows))


def _named(codes: Iterable[str]) -> tuple[Commune, ...]:
    found = (territories.commune(code) for code in codes)
    return tuple(sorted((commune for commune in found if commune), key=lambda commune: (commune.name, commune.code)))


def places_of(keys: Sequence[str]) -> list[tuple[str, Place | None]]:
    """The keys of a coverage list with their places, in the order given; None for a key that names no territory of today."""
    found = []
    for key in keys:
        try:
            found.append((key, territories.place(*parse_key(key))))
        except ValueError:
            found.append((key, None))
    return found
