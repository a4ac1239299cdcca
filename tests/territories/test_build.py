"""The build script's own rules. They need shapely, which only developers who rebuild the data install."""

import pytest

shapely = pytest.importorskip("shapely", reason="NON VÉRIFIÉ : les règles de construction demandent le paquet shapely")

from maillage.territories.build import gaps, outlines, points  # noqa: E402  # imports shapely
from maillage.territories.build.sources import Land  # noqa: E402


def square(west, south, side=0.1):
    return shapely.box(west, south, west + side, south + side)


def land(code, polygon="", town_hall="", kind="COM", parent=""):
    return Land(
        code, kind, parent, polygon and shapely.to_wkb(polygon, hex=True), town_hall and shapely.to_wkb(town_hall, hex=True)
    )


def test_a_town_hall_within_one_km_is_kept_and_one_beyond_is_replaced_by_a_point_inside():
    polygon_of = {"A": square(0, 47), "B": square(0, 47), "C": square(0, 47)}
    town_hall_of = {"A": (0.05, 47.05), "B": (-0.01, 47.05), "C": (-0.05, 47.05)}
    found = points.control({code: ["1"] for code in "ABC"}, polygon_of, town_hall_of)
    assert (found["A"].kind, found["A"].lon) == ("mairie", 0.05)
    assert (found["B"].kind, found["B"].lon) == ("mairie", -0.01)  # 760 m west of the limit
    assert found["C"].kind == "interieur"
    assert polygon_of["C"].contains(shapely.Point(found["C"].lon, found["C"].lat))


def test_a_commune_with_neither_polygon_nor_town_hall_is_placed_among_those_of_its_postal_code():
    found = points.control({"A": ["1"], "B": ["1"], "C": ["1"]}, {}, {"A": (0, 47), "B": (2, 49)})
    assert (found["C"].kind, found["C"].lon, found["C"].lat) == ("approche", 1, 48)
    with pytest.raises(ValueError, match="Commune D"):
        points.control({"D": ["9"]}, {}, {})


def test_distance_is_in_km_with_longitudes_shrunk():
    assert points.distance_to_polygon_km(square(0, 60), -0.1, 60.05) == pytest.approx(5.55, abs=0.05)
    assert points.distance_to_polygon_km(square(0, 60), 0.05, 60.05) == 0


def test_a_commune_without_polygon_takes_those_of_its_former_communes():
    lands = [land("N"), land("X", square(0, 47), kind="COMD", parent="N"), land("Y", square(0.1, 47), kind="COMD", parent="N")]
    assert points.polygons(lands)["N"].area == pytest.approx(0.02)
    assert points.town_halls([land("N", town_hall=shapely.Point())]) == {}


def test_a_hole_of_the_map_goes_to_the_merged_commune_beside_it():
    ring = {code: square(0.1 * x, 47 + 0.1 * y) for code, (x, y) in zip("ABCDEFGH", AROUND, strict=True)}
    found, given = gaps.filled(ring, {}, gathered=["D"])
    assert given == 1
    assert found["D"].area == pytest.approx(0.02)
    assert all(found[code].area == pytest.approx(0.01) for code in "ABCEFGH")


AROUND = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)]


def test_neighbours_share_a_line_not_only_a_corner():
    shapes = {"A": square(0, 47), "B": square(0.1, 47), "C": square(0.1, 47.1)}
    assert outlines.neighbours(shapes) == {"A": ["B"], "B": ["A", "C"], "C": ["B"]}


def test_rings_are_whole_numbers_that_come_back_to_their_start():
    ring = [int(number) for number in outlines.rings([square(0, 47)]).split()]
    assert ring[:2] in ([500, 235000], [0, 235000], [0, 235500], [500, 235500])
    assert (sum(ring[2::2]), sum(ring[3::2])) == (0, 0)
