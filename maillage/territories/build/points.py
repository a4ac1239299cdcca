"""One controlled point per commune: the town hall when it stands in or near the commune, otherwise a point inside it.

Town-hall points of the national directory are sometimes geocoded in a commune of the same name elsewhere: 708 of them are more
than 3 km outside their commune. A town hall is kept within 1 km of the polygon (some stand just across the limit).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from maillage.territories.build.sources import Land

KM_PER_DEGREE = 111.195
NEAR_KM = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """Where a commune is, and how we know: "mairie", "interieur" or "approche"."""

    lon: float
    lat: float
    kind: str


def polygons(lands: list[Land]) -> dict[str, shapely.Geometry]:
    """The polygon of each current commune; where it has none, the union of the polygons of the former communes it gathers."""
    found = {land.code: shapely.from_wkb(land.polygon) for land in lands if land.kind == "COM" and land.polygon}
    parts: dict[str, list[shapely.Geometry]] = {}
    for land in lands:
        if land.kind != "COM" and land.polygon and land.parent not in found:
            parts.setdefault(land.parent, []).append(shapely.from_wkb(land.polygon))
    for code, pieces in parts.items():
        found[code] = shapely.union_all(pieces)
    return found


def town_halls(lands: list[Land]) -> dict[str, tuple[float, float]]:
    """The town-hall point (lon, lat) of each current commune that has one, unchecked."""
    found = {}
    for land in lands:
        if land.kind == "COM" and land.town_hall:
            point = shapely.from_wkb(land.town_hall)
            if not point.is_empty:
                found[land.code] = (point.x, point.y)
    return found


def distance_to_polygon_km(polygon: shapely.Geometry, lon: float, lat: float) -> float:
    """How far a point is from a polygon, in km; 0 inside. Plane geometry with longitudes shrunk at the point's latitude."""
    shrink = math.cos(math.radians(lat))
    flat = shapely.transform(polygon, lambda points: points * [shrink, 1.0])
    return float(shapely.distance(flat, shapely.Point(lon * shrink, lat))) * KM_PER_DEGREE


def control(
    codes: Mapping[str, list[str]], polygon_of: Mapping[str, shapely.Geometry], town_hall_of: Mapping[str, tuple[float, float]]
) -> dict[str, Point]:
    """The point of each commune. `codes` gives each commune's postal codes, used only for those with no polygon and no town hall:

    they get the middle of the communes that share a postal code with them, marked "approche".
    """
    points: dict[str, Point] = {}
    for code in codes:
        polygon, town_hall = polygon_of.get(code), town_hall_of.get(code)
        if town_hall and (polygon is None or distance_to_polygon_km(polygon, *town_hall) <= NEAR_KM):
            points[code] = Point(*town_hall, "mairie")
        elif polygon is not None:
            inside = polygon.representative_point()
            points[code] = Point(inside.x, inside.y, "interieur")
    by_postcode: dict[str, list[Point]] = {}
    for code, point in points.items():
        for postcode in codes[code]:
            by_postcode.setdefault(postcode, []).append(point)
    for code, postcodes in codes.items():
        if code not in points:
            around = [point for postcode in postcodes for point in by_postcode.get(postcode, [])]
            if not around:
                raise ValueError(f"Commune {code} : ni polygone, ni mairie, ni commune voisine de même code postal.")
            middle = (sum(point.lon for point in around) / len(around), sum(point.lat for point in around) / len(around))
            points[code] = Point(*middle, "approche")
    return points
