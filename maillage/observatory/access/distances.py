"""How far each commune is from the nearest of some places: great-circle distance, times a stated factor for the road. Pure."""

from __future__ import annotations

import numpy as np

from maillage.observatory.access.ground import Floats, Ground, on_the_sphere
from maillage.territories.distance import EARTH_KM

#: A road is longer than the line between its ends. The usual ratio in studies of access to services in France is 1.2 to 1.4;
#: it is a convention, printed on every page that uses it, and a travel-time table does better.
DETOUR = 1.3
#: Thresholds of the indicators: km by road, or minutes when a travel-time table is loaded.
THRESHOLDS_KM, THRESHOLDS_MINUTES = (10, 20, 30), (20, 30, 45)


def nearest_km(ground: Ground, lon: Floats, lat: Floats) -> Floats:
    """For each commune, the distance by road (km, estimated) to the nearest place. Places without a point (nan) are left out.

    Infinite when there is no place at all. A k-d tree on the sphere: chords grow with arcs, so the nearest chord is the nearest arc.
    """
    from scipy.spatial import cKDTree  # here and not above: 40 MB that a process which measures nothing need not hold

    known = ~(np.isnan(lon) | np.isnan(lat))
    if not len(ground) or not known.any():
        return np.full(len(ground), np.inf)
    tree = cKDTree(on_the_sphere(lon[known], lat[known]))
    chords, _ = tree.query(ground.units, workers=1)
    return arc_km(chords) * DETOUR


def arc_km(chords: Floats) -> Floats:
    """The great-circle distance of two points of the sphere from their chord (radius 1)."""
    return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.asarray(chords) / 2)))


def chord_of(km: float) -> float:
    """The chord (radius 1) of a distance by road in km."""
    return float(2 * np.sin(min(km / DETOUR / EARTH_KM / 2, np.pi / 2)))


def share_beyond(distance: Floats, people: Floats, threshold: float) -> float | None:
    """The share of people further than a threshold, from 0 to 1; None when nobody lives there. A place at the threshold is near enough."""
    total = float(people.sum())
    return float(people[distance > threshold].sum()) / total if total else None


def weighted_median(distance: Floats, people: Floats) -> float | None:
    """The distance that half of the people are within; None when nobody lives there, infinite when half have no place."""
    total = float(people.sum())
    if not total:
        return None
    order = np.argsort(distance, kind="stable")
    at = int(np.searchsorted(np.cumsum(people[order]), total / 2))
    return float(distance[order][min(at, len(order) - 1)])
