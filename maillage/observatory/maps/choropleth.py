"""A map of territories shaded by a value, with the table of the same values. `choropleth` gives safe HTML for any page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.kit import typography
from maillage.observatory.maps.scale import legend, scale
from maillage.territories import queries as territories
from maillage.territories.outlines import Drawing, Projection, outline, svg_paths

#: Width of a drawing in its own units. A wider one is heavier: its lines keep more points.
WIDTH = 420
#: More territories than this have no number written on them: they would cover the map.
NUMBERED_AT_MOST = 120


@dataclass(frozen=True, slots=True)
class Shade:
    """A territory of the map: its code, its value (None = unknown), and what its row of the table says."""

    code: str
    value: float | None
    cells: tuple[str | SafeString, ...]  # the name (it may be a link) and the other cells of its row


@dataclass(frozen=True, slots=True)
class Area:
    """A territory as it is drawn: path data, class, what a reader who points at it is told, and where its number goes."""

    path: str
    rank: int
    title: str
    x: float
    y: float
    numbered: bool


def choropleth(
    level: str,
    shades: Sequence[Shade],
    *,
    title: str,
    columns: Sequence[str],
    note: str = "",
    zero: str = "",
    say: Callable[[float], str] = typography.number,
    breaks: Sequence[float] = (),
    table: bool = True,
    zero_is_hole: bool = True,
    ident: str = "carte",
) -> SafeString:
    """The map of one level ("epci", "departement" or "region") as safe HTML: the table first, then the figure with its legend.

    `title` says what is shown, `columns` heads the table (one per cell of a shade), `zero` is the word for a value of zero, `say` writes
    a value in the legend, `breaks` are the beginnings of the classes when they must be the same on several maps. `table=False` leaves the
    table out, for a page that has just shown it; `zero_is_hole` hatches what has
    nothing; `ident` names the figure when a page has several. Territories without outline are in the table only; without any, there is no figure.
    """
    found = scale((shade.value for shade in shades), breaks)
    ranks = {shade.code: found.rank(shade.value) for shade in shades}
    drawing = _drawing(level, [shade.code for shade in shades])
    context = {
        "hatch": f"url(#{ident}-hatch)" if zero_is_hole else "none",
        "ident": ident,
        "title": title,
        "note": note,
        "columns": columns,
        "rows": [shade.cells for shade in shades] if table else [],
        "drawing": drawing,
        "areas": _areas(level, shades, ranks, drawing) if drawing else (),
        "keys": legend(found, {ranks[code] for code in drawing.paths}, say, zero) if drawing else (),
    }
    return render_to_string("observatory/choropleth.html", context)


def _areas(level: str, shades: Sequence[Shade], ranks: dict[str, int], drawing: Drawing) -> list[Area]:
    numbered = len(drawing.paths) <= NUMBERED_AT_MOST
    areas = []
    for shade in shades:
        if shade.code in drawing.paths:
            place = territories.place(level, shade.code)
            x, y = middle(level, shade.code, drawing.projection)
            areas.append(Area(drawing.paths[shade.code], ranks[shade.code], place.name if place else "", x, y, numbered))
    return areas


def middle(level: str, code: str, projection: Projection) -> tuple[float, float]:
    """The middle of the widest piece of a territory, where its number is written."""
    ring = max(outline(level, code), key=len)
    lons, lats = [lon for lon, _lat in ring], [lat for _lon, lat in ring]
    return projection.point((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)


def _drawing(level: str, codes: Sequence[str]) -> Drawing | None:
    try:
        return svg_paths(level, codes, WIDTH)
    except ValueError:  # nothing to draw: communes, islands, an invented territory
        return None


def credit() -> str:
    """Who the outlines come from, for the note under a map."""
    return _("Limites\u202f: Insee, IGN, %(day)s.") % {"day": territories.edition().outlines[:4]}
