"""Maps drawn by the server: outlines of régions, départements and EPCI as SVG paths, and where a point falls on them.

Equirectangular projection with longitudes shrunk at the middle latitude of the frame: right to the eye at the scale of a
région, and for the whole of metropolitan France good enough for an illustration (the table is the content).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import cos, radians
from types import MappingProxyType

from maillage.territories.table import data_file

#: Levels that have outlines.
DRAWN = ("epci", "departement", "region")
#: White space around the drawing, in units of the drawing.
MARGIN = 4.0
#: Points closer than this to the last one kept are left out, in units of the drawing.
FINEST = 1.5
#: Longitudes and latitudes of metropolitan France, Corse included.
_METROPOLE = (-6.0, 41.0, 10.0, 52.0)

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to units of a drawing (y goes down)."""

    west: float
    north: float
    shrink: float
    scale: float  # units per degree of latitude

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point falls: (x, y), to a tenth of a unit."""
        x = MARGIN + (lon - self.west) * self.shrink * self.scale
        y = MARGIN + (self.north - lat) * self.scale
        return round(x, 1), round(y, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map ready for a template: `<svg viewBox="0 0 {width} {height}">`, one `<path d="…" fill-rule="evenodd">` per code."""

    width: int
    height: int
    paths: Mapping[str, str]
    projection: Projection

    def contains(self, lon: float, lat: float) -> bool:
        """Does a point fall in the frame?"""
        x, y = self.projection.point(lon, lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


def svg_paths(level: str, codes: Iterable[str], width: int, frame: Drawing | None = None) -> Drawing:
    """The outlines of the territories of one level, in a frame as wide as `width` that just holds them.

    `frame` is an earlier drawing to draw over (départements, then their EPCI): its size and projection are kept. Codes without outline
    (the islands' communes have no EPCI; unknown codes) are left out. Overseas territories are left out when a metropolitan one is asked for
    too: they are drawn alone. Raises ValueError for a level without outlines, or when nothing is left to draw.
    """
    if level not in DRAWN:
        raise ValueError(f"Le niveau « {level} » n’a pas de contours ({', '.join(DRAWN)}).")
    return _draw(level, tuple(dict.fromkeys(codes)), width, frame.projection if frame else None, frame.height if frame else 0)


@lru_cache(maxsize=128)
def _draw(level: str, codes: tuple[str, ...], width: int, projection: Projection | None, height: int) -> Drawing:
    shapes = {code: rings for code in codes if (rings := outline(level, code))}
    if any(map(_in_metropole, shapes.values())):
        shapes = {code: rings for code, rings in shapes.items() if _in_metropole(rings)}
    if projection is None:
        if not shapes:
            raise ValueError(f"Aucun contour à dessiner pour {level} {', '.join(codes) or '(aucun code)'}.")
        projection, height = _frame(shapes.values(), width)
    paths = {code: "".join(_path(ring, projection) for ring in rings) for code, rings in shapes.items()}
    return Drawing(width, height, MappingProxyType(paths), projection)


def _frame(shapes: Iterable[list[Ring]], width: int) -> tuple[Projection, int]:
    points = [point for rings in shapes for ring in rings for point in ring]
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = cos(radians((south + north) / 2))
    scale = (width - 2 * MARGIN) / ((east - west) * shrink)
    return Projection(west, north, shrink, scale), round((north - south) * scale + 2 * MARGIN)


def _path(ring: Ring, projection: Projection) -> str:
    """A closed ring as path data: an absolute start, then relative steps in tenths, which is the shortest way to write it."""
    kept: list[tuple[float, float]] = []
    for lon, lat in ring:
        x, y = projection.point(lon, lat)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST:
            kept.append((x, y))
    if len(kept) < 3:  # an islet too small for this drawing
        return ""
    steps = " ".join(f"{x - last_x:.1f},{y - last_y:.1f}".replace(".0", "") for (last_x, last_y), (x, y) in pairwise(kept))
    return f"M{kept[0][0]:g},{kept[0][1]:g}l{steps}z"


def _in_metropole(rings: list[Ring]) -> bool:
    west, south, east, north = _METROPOLE
    lon, lat = rings[0][0]
    return west <= lon <= east and south <= lat <= north


def outline(level: str, code: str) -> list[Ring]:
    """The rings of a territory, in degrees; empty if it has no outline."""
    scale, shapes = _shapes()
    found: list[Ring] = []
    for text in filter(None, shapes[level].get(code, "").split(";")):
        numbers = list(map(int, text.split()))
        x = y = 0
        ring: Ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x / scale, y / scale))
        found.append(ring)
    return found


@cache
def _shapes() -> tuple[int, Mapping[str, Mapping[str, str]]]:
    content = json.loads(data_file("outlines.json.xz"))
    return content["scale"], {level: content[level] for level in DRAWN}
