"""A map of communes as dots, over the outlines of their départements: one dot per commune, its size by population, its class by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from maillage.observatory.maps.choropleth import WIDTH
from maillage.observatory.maps.scale import Key
from maillage.territories.outlines import svg_paths


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in degrees. `rank` is its class (see the legend), `people` gives its size, `number` is that of its row in the table, if any."""

    lon: float
    lat: float
    rank: int
    people: int = 0
    number: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Drawn:
    x: float
    y: float
    r: float
    rank: int
    number: int
    title: str


def dots(
    departements: Sequence[str], points: Sequence[Dot], *, title: str, keys: Sequence[Key], note: str = "", ident: str = "points"
) -> SafeString:
    """The map as safe HTML; empty when the départements (codes) have no outline. Numbered dots are drawn last, over the others."""
    try:
        frame = svg_paths("departement", departements, WIDTH)
    except ValueError:
        return SafeString("")
    drawn = [
        _Drawn(*frame.projection.point(dot.lon, dot.lat), _radius(dot.people), dot.rank, dot.number, dot.title)
        for dot in sorted(points, key=lambda dot: (bool(dot.number), -dot.people))
        if frame.contains(dot.lon, dot.lat)
    ]
    context = {
        "title": title,
        "note": note,
        "keys": keys,
        "frame": frame,
        "land": frame.paths.values(),
        "dots": drawn,
        "ident": ident,
    }
    return render_to_string("observatory/dots.html", context)


def _radius(people: int) -> float:
    """From 1.5 for a hamlet to 6 for a city, in units of the drawing: the surface grows with the logarithm, so that villages are seen."""
    return 1.5 if people < 500 else 2.0 if people < 2_000 else 2.8 if people < 10_000 else 4.0 if people < 50_000 else 6.0
