"""Maps that illustrate a table: the data of an SVG drawing made by the server. The table is the content, the map shows the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage.territories import queries as territories
from maillage.territories.outlines import Drawing, svg_paths
from maillage.territories.queries import Commune
from maillage.territories.values import Place

#: Width of a drawing in its own units: the page stretches it, and a small one is quick to send.
WIDTH = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of the table on the map: its number there, and where it falls."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Map:
    """What a template draws: land (path data), the part to bring out, numbered spots, the commune asked about."""

    width: int
    height: int
    land: tuple[str, ...]
    shaded: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    here: tuple[float, float] | None = None


def places_map(
    points: Sequence[tuple[int, float, float]], departements: Iterable[str], here: Commune | None = None
) -> Map | None:
    """The rows of a table that have a point, as (row number, lon, lat), drawn on `departements` (codes).

    A row outside the drawing (overseas, when the mainland is drawn) has no spot: the table shows a number only for those that have.
    None when nothing can be drawn.
    """
    frame = _drawing("departement", sorted({*departements, *([here.departement] if here else [])}))
    if frame is None:
        return None
    spots = tuple(Spot(number, *frame.projection.point(lon, lat)) for number, lon, lat in points if frame.contains(lon, lat))
    home = frame.projection.point(here.lon, here.lat) if here and frame.contains(here.lon, here.lat) else None
    return Map(frame.width, frame.height, tuple(frame.paths.values()), (), spots, home) if spots else None


def territory_map(place: Place, commune: Commune | None = None) -> Map | None:
    """Where a territory is: an EPCI in its départements, a département in its région, a commune in its département."""
    if place.level == "france":
        return _plain(
            _drawing(
                "region", [region.code for region in territories.places("region") if len(region.code) == 2 and region.code > "09"]
            )
        )
    if place.level == "region":
        return _plain(_drawing("departement", [found.code for found in territories.departements_of_region(place.code)]))
    around = (
        [found.code for region in place.regions for found in territories.departements_of_region(region)]
        if place.level == "departement"
        else list(place.departements)
    )
    frame = _drawing("departement", around)
    if frame is None:
        return None
    level, code = place.level, place.code
    if level == "commune":
        level, code = "epci", (commune.epci if commune else None) or ""
    over = _drawing(level, [code], frame) if code else None
    here = frame.projection.point(commune.lon, commune.lat) if commune and frame.contains(commune.lon, commune.lat) else None
    return Map(frame.width, frame.height, tuple(frame.paths.values()), tuple(over.paths.values()) if over else (), (), here)


def _plain(frame: Drawing | None) -> Map | None:
    return Map(frame.width, frame.height, tuple(frame.paths.values())) if frame else None


def _drawing(level: str, codes: Iterable[str], frame: Drawing | None = None) -> Drawing | None:
    try:
        return svg_paths(level, codes, WIDTH, frame)
    except ValueError:  # nothing to draw: an island without outline
        return None
