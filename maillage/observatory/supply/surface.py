"""The surface of territories, from their outlines: enough for a density to say « dense » or « not », not a cadastre."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians

from maillage.territories.distance import EARTH_KM
from maillage.territories.outlines import DRAWN, outline
from maillage.territories.values import Place

_KM_PER_DEGREE = radians(1) * EARTH_KM


def surface_km2(place: Place) -> float | None:
    """The surface of a territory in km², within a few per cent (outlines are simplified); None for those without outline."""
    return _surface(place.level, place.code) if place.level in DRAWN else None


@lru_cache(maxsize=2_048)
def _surface(level: str, code: str) -> float | None:
    """The shoelace formula on each ring, longitudes shrunk at its latitude. An enclave turns the other way, and is taken off."""
    total = 0.0
    for ring in outline(level, code):
        middle = sum(lat for _lon, lat in ring) / len(ring)
        twice = sum(
            lon * next_lat - next_lon * lat for (lon, lat), (next_lon, next_lat) in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
        total += twice / 2 * _KM_PER_DEGREE**2 * cos(radians(middle))
    return abs(total) or None
