"""Maps drawn as SVG paths."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.territories import queries
from maillage.territories.outlines import MARGIN, svg_paths
from tests.territories.test_known_defects import covers

PATH = re.compile(r"(M-?[0-9.]+,-?[0-9.]+l-?[0-9.]+,-?[0-9.]+( -?[0-9.]+,-?[0-9.]+)+z)+")
DEPARTEMENTS = [place.code for place in queries.departements_of_region("52")]


def test_a_region_is_drawn_in_a_frame_that_just_holds_it():
    drawing = svg_paths("departement", DEPARTEMENTS, 600)
    assert list(drawing.paths) == DEPARTEMENTS
    xs, ys = corners(drawing)
    assert (min(xs), max(xs)) == pytest.approx((MARGIN, 600 - MARGIN), abs=1)
    assert (min(ys), max(ys)) == pytest.approx((MARGIN, drawing.height - MARGIN), abs=1)


def test_every_territory_that_has_land_is_drawn():
    for level in ("region", "departement", "epci"):
        for place in queries.places(level):
            drawing = svg_paths(level, [place.code], 300)
            assert PATH.fullmatch(drawing.paths[place.code]), place


def test_communes_fall_in_their_departement():
    drawing = svg_paths("departement", DEPARTEMENTS, 1000)
    astray = 0
    communes = queries.communes_of("region", "52")
    for commune in communes[::5]:
        point = drawing.projection.point(commune.lon, commune.lat)
        astray += not covers(drawing.paths[commune.departement], *point)
    assert astray <= 3, "simplified coasts may leave out a harbour, not more"


def test_epci_are_drawn_over_departements_in_the_same_frame():
    below = svg_paths("departement", ["53"], 500)
    above = svg_paths("epci", [place.code for place in queries.epci_of_departement("53")], 500, frame=below)
    assert (above.projection, above.height) == (below.projection, below.height)
    assert len(above.paths) == len(queries.epci_of_departement("53"))


def test_overseas_territories_are_drawn_alone():
    everywhere = [place.code for place in queries.places("region")]
    assert len(svg_paths("region", everywhere, 600).paths) == 13
    assert list(svg_paths("region", ["04"], 600).paths) == ["04"]


def test_unknown_codes_are_left_out_and_nothing_left_is_refused():
    assert list(svg_paths("departement", ["53", "99"], 300).paths) == ["53"]
    with pytest.raises(ValueError, match="Aucun contour"):
        svg_paths("departement", ["99"], 300)
    with pytest.raises(ValueError, match="n’a pas de contours"):
        svg_paths("commune", ["53130"], 300)


@settings(deadline=None)
@given(st.floats(-5, 9), st.floats(42, 51), st.floats(-5, 9), st.floats(42, 51))
def test_points_keep_their_order_from_west_to_east_and_from_north_to_south(lon1, lat1, lon2, lat2):
    projection = svg_paths("region", ["52", "32"], 800).projection
    (x1, y1), (x2, y2) = projection.point(lon1, lat1), projection.point(lon2, lat2)
    assert (x1 - x2) * (lon1 - lon2) >= 0
    assert (y1 - y2) * (lat2 - lat1) >= 0


def corners(drawing):
    xs, ys = [], []
    for path in drawing.paths.values():
        for ring in path.split("M")[1:]:
            start, _, steps = ring.rstrip("z").partition("l")
            x, y = map(float, start.split(","))
            for step in ["0,0", *steps.split(" ")]:
                dx, dy = map(float, step.split(","))
                x, y = x + dx, y + dy
                xs.append(x)
                ys.append(y)
    return xs, ys
