"""Defects of the public sources that were met before, each kept as a test."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from maillage.territories import queries
from maillage.territories.outlines import svg_paths

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "communes_2026.csv"


def test_town_halls_placed_in_another_commune_are_replaced_by_a_point_inside():
    kinds = Counter(commune.point for commune in queries.all_communes())
    assert kinds["mairie"] > 33_000
    assert 1_000 < kinds["interieur"] < 2_000
    assert kinds["approche"] == 4


def test_every_commune_has_a_point_in_the_frame_of_its_departement():
    for departement in queries.places("departement"):
        drawing = svg_paths("departement", [departement.code], 1000)
        outside = [
            commune
            for commune in queries.communes_of("departement", departement.code)
            if not drawing.contains(commune.lon, commune.lat)
        ]
        assert outside == []


def test_some_communes_have_several_postal_codes_and_every_one_has_one():
    several = [commune for commune in queries.all_communes() if len(commune.postcodes) > 1]
    assert len(several) == 359
    assert all(commune.postcodes for commune in queries.all_communes())


def test_a_postal_code_may_name_many_communes():
    sharing = [commune for commune in queries.all_communes() if "53200" in commune.postcodes]
    assert len(sharing) > 5


@pytest.mark.parametrize("code", ["15031", "15035", "15047", "15171", "60694", "85165", "85212"])
def test_communes_created_again_are_communes_of_their_own(code):
    commune = queries.commune(code)
    assert commune.code == code
    assert commune.epci
    assert commune.population > 0


def test_the_destroyed_villages_have_no_inhabitant_and_are_communes():
    empty = {commune.code for commune in queries.all_communes() if commune.population == 0}
    assert empty == {"55039", "55050", "55139", "55189", "55239", "55307"}


def test_four_islands_have_no_epci():
    islands = {commune.code: commune for commune in queries.all_communes() if commune.epci is None}
    assert set(islands) == {"22016", "29083", "29155", "85113"}
    assert [territory.level for territory in queries.territories_of(islands["85113"])] == [
        "commune",
        "departement",
        "region",
        "france",
    ]


def test_overseas_departements_are_in_and_overseas_collectivities_are_not():
    assert {queries.commune(code).departement for code in ("97105", "97209", "97302", "97411", "97608")} == {
        "971",
        "972",
        "973",
        "974",
        "976",
    }
    assert queries.commune("97502") is None  # Saint-Pierre-et-Miquelon
    assert queries.commune("98735") is None  # Papeete


def test_merged_communes_give_their_successor():
    assert queries.commune("53014").code == "53062"  # Azé, now in Château-Gontier-sur-Mayenne
    assert queries.commune("49069").name == "Orée d'Anjou"
    for commune in queries.all_communes():
        for former in commune.former_codes:
            assert queries.commune(former) is commune


@pytest.mark.parametrize(
    ("arrondissement", "city"),
    [("75101", "75056"), ("75120", "75056"), ("69381", "69123"), ("69389", "69123"), ("13201", "13055")],
)
def test_municipal_arrondissements_give_their_city(arrondissement, city):
    assert queries.commune(arrondissement).code == city


def test_land_lost_by_late_mergers_is_given_back():
    # Cugand-la-Bernardière (2024): its polygon lacks La Bernardière, which made a hole in Vendée
    vendee = svg_paths("departement", ["85"], 1000).paths["85"]
    x, y = svg_paths("departement", ["85"], 1000).projection.point(-1.271, 47.036)
    assert covers(vendee, x, y)


def test_enclaves_stay_holes():
    drawing = svg_paths("departement", ["26", "84"], 1000)
    x, y = drawing.projection.point(4.99, 44.38)  # Valréas, Vaucluse inside Drôme
    assert covers(drawing.paths["84"], x, y)
    assert not covers(drawing.paths["26"], x, y)


def test_the_table_agrees_with_the_reference_beside_the_project():
    if not REFERENCE.exists():
        pytest.skip("NON VÉRIFIÉ : communes_2026.csv n’est pas à côté du projet (dossier shared/data)")
    with REFERENCE.open(encoding="utf-8") as file:
        reference = {row["code_insee"]: row for row in csv.DictReader(file)}
    communes = {commune.code: commune for commune in queries.all_communes()}
    assert set(communes) == set(reference)
    far = 0
    for code, row in reference.items():
        commune = communes[code]
        assert commune.name == row["nom"]
        assert (commune.departement, commune.region, commune.epci or "") == (row["departement"], row["region"], row["epci"])
        assert commune.population == int(row["population"])
        assert list(commune.postcodes) == row["codes_postaux"].replace("|", " ").split()
        assert set(commune.former_codes) == set(row["anciens_codes"].replace("|", " ").split())
        far += queries.distance_km(commune.lon, commune.lat, float(row["lon"]), float(row["lat"])) > 3
    # the reference measured « 1 km » in degrees: a few points near that limit differ, by a few km at most
    assert far < 40


def covers(path, x, y):
    """Does SVG path data cover a point (even-odd rule)? A ray to the right crosses the lines an odd number of times."""
    inside = False
    for ring in path.split("M")[1:]:
        start, _, steps = ring.rstrip("z").partition("l")
        here = tuple(map(float, start.split(",")))
        points = [here]
        for step in steps.split(" "):
            dx, dy = map(float, step.split(","))
            here = (here[0] + dx, here[1] + dy)
            points.append(here)
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside
