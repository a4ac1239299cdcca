"""Outlines for drawing, and who touches whom, from the polygons of the communes.

Communes are gathered into atoms (the part of an EPCI that lies in one département), the atoms are simplified together so that
two neighbours keep one common line, then EPCI, départements and régions are unions of atoms: their lines fall on each other.
Holes that hold no other commune (lakes, slivers between two digitisations) are filled; true enclaves stay holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import shapely

#: Visvalingam tolerance in degrees: triangles under its square are dropped (about 300 m by 300 m). Found by looking at drawings.
TOLERANCE = 0.003
#: Whole numbers are stored: degrees times this. 0.0002 degree is about 20 m.
SCALE = 5000
#: Islets under this area (square degrees, about 0.3 km²) are dropped, except the largest piece of each territory.
ISLET = 0.00003
#: Holes under this area (about 3 km²) are filled.
HOLE = 0.0003


def atoms(
    polygon_of: Mapping[str, shapely.Geometry], atom_of: Mapping[str, tuple[str, str]]
) -> dict[tuple[str, str], shapely.Geometry]:
    """Communes gathered by (EPCI code or "", département code), then simplified together."""
    pieces: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for code, polygon in polygon_of.items():
        if code in atom_of:
            pieces.setdefault(atom_of[code], []).append(polygon)
    keys = sorted(pieces)
    whole = [shapely.make_valid(shapely.union_all(pieces[key])) for key in keys]
    return dict(zip(keys, shapely.coverage_simplify(whole, TOLERANCE), strict=True))


def rings(parts: Iterable[shapely.Geometry]) -> str:
    """The rings of a territory made of these atoms, as text: rings apart by « ; », numbers by spaces.

    One ring = longitude and latitude of a start, then differences, all times SCALE. It comes back to its start.
    """
    whole = shapely.union_all(list(parts))
    polygons = [piece for piece in shapely.get_parts(whole) if piece.geom_type == "Polygon"]
    polygons.sort(key=lambda piece: -piece.area)
    kept = [piece for rank, piece in enumerate(polygons) if rank == 0 or piece.area >= ISLET]
    found: list[list[int]] = []
    for piece in kept:
        holes = [hole for hole in piece.interiors if shapely.Polygon(hole).area >= HOLE]
        found += [_whole_numbers(ring.coords) for ring in (piece.exterior, *holes)]
    return ";".join(" ".join(map(str, ring)) for ring in found if len(ring) >= 8)


def neighbours(shapes: Mapping[str, shapely.Geometry]) -> dict[str, list[str]]:
    """For each code, the codes with which it shares a line (a common corner is not enough)."""
    codes = list(shapes)
    geometries = [shapes[code] for code in codes]
    tree = shapely.STRtree(geometries)
    found: dict[str, set[str]] = {code: set() for code in codes}
    for one, other in zip(*tree.query(geometries, predicate="intersects"), strict=True):
        if one < other and shapely.intersection(geometries[one], geometries[other]).length > 0:
            found[codes[one]].add(codes[other])
            found[codes[other]].add(codes[one])
    return {code: sorted(others) for code, others in found.items()}


def _whole_numbers(coordinates: Iterable[tuple[float, ...]]) -> list[int]:
    numbers: list[int] = []
    last_x = last_y = 0
    for lon, lat, *_ in coordinates:
        x, y = round(lon * SCALE), round(lat * SCALE)
        if numbers and (x, y) == (last_x, last_y):
            continue
        numbers += [x - last_x, y - last_y]
        last_x, last_y = x, y
    return numbers
