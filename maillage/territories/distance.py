"""How far apart two points are."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

#: Mean radius of the Earth, km.
EARTH_KM = 6371.0088


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The great-circle distance in km between two points in degrees (haversine formula, good for short distances too)."""
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    chord = sin(north / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))
