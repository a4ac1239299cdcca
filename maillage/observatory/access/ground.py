"""Communes as arrays: where they are, how many people, in which territory and zoning. Pure: reads only the reference data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from maillage.territories import queries as territories

Floats = NDArray[np.float64]
#: Densities of the INSEE grid that are rural: the last three of seven levels.
RURAL_FROM = 5
#: What an EPCI that is not a métropole is called in its short name.
_NOT_METROPOLES = ("CC ", "CA ", "CU ", "SAN ")


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The communes of a territory, one per rank, in order of code. Points are degrees; `units` are on the sphere of radius 1."""

    codes: tuple[str, ...]
    lon: Floats
    lat: Floats
    units: Floats
    people: Floats

    def __len__(self) -> int:
        return len(self.codes)


@lru_cache(maxsize=64)
def ground(level: str, code: str) -> Ground:
    """The communes of a territory as arrays; empty when it does not exist."""
    communes = territories.communes_of(level, code)
    lon = np.array([commune.lon for commune in communes], dtype=np.float64)
    lat = np.array([commune.lat for commune in communes], dtype=np.float64)
    people = np.array([commune.population for commune in communes], dtype=np.float64)
    return Ground(tuple(commune.code for commune in communes), lon, lat, on_the_sphere(lon, lat), people)


def on_the_sphere(lon: Floats, lat: Floats) -> Floats:
    """Points in degrees as points of the sphere of radius 1, so that the nearest in space is the nearest on Earth."""
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


#: A division of people to compare: in it, out of it, or nobody knows (+1, 0, -1 per commune).
Division = NDArray[np.int8]


@lru_cache(maxsize=64)
def divisions(level: str, code: str) -> dict[str, Division]:
    """The communes of a territory by each division: rural, FRR, with a QPV, in a métropole. -1 where it is unknown."""
    communes = territories.communes_of(level, code)
    metropoles = {place.code for place in territories.places("epci") if not place.name.startswith(_NOT_METROPOLES)}
    rural, frr, qpv, metropole = [], [], [], []
    for commune in communes:
        rural.append(-1 if commune.density is None else int(commune.density >= RURAL_FROM))
        frr.append(_three(territories.in_zoning(commune, "frr")))
        qpv.append(_three(territories.in_zoning(commune, "qpv")))
        metropole.append(int(commune.epci in metropoles))
    return {
        "rural": np.array(rural, dtype=np.int8),
        "frr": np.array(frr, dtype=np.int8),
        "qpv": np.array(qpv, dtype=np.int8),
        "metropole": np.array(metropole, dtype=np.int8),
    }


def _three(answer: bool | None) -> int:
    return -1 if answer is None else int(answer)
