"""Places as producers name them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources.perimeters import Found, territory
from maillage.territories import queries


@pytest.mark.parametrize(
    ("name", "scale", "key"),
    [
        ("France", "Pays", "france"),
        ("France", "", "france"),
        ("Hauts-de-France", "Région", "region:32"),
        ("hauts de france", "region", "region:32"),
        ("Provence-Alpes-Côte d'Azur", "Région", "region:93"),
        ("Provence-Alpes-Côte d’Azur", "", "region:93"),
        ("Centre-Val de Loire", "", "region:24"),
        ("Morbihan", "Département", "departement:56"),
        ("Mayenne", "department", "departement:53"),
        ("Mayenne", "Commune", "commune:53147"),
        ("53", "Département", "departement:53"),
        ("CC du Pays de Craon", "EPCI", "epci:200048551"),
        ("CC du Pays de Craon", "", "epci:200048551"),
        ("Communauté de communes du Pays de Craon", "", "epci:200048551"),
        ("Pays de Craon", "EPCI", "epci:200048551"),
        ("Métropole de Lyon", "EPCI", "epci:200046977"),
        ("Métropole de Lyon", "", "epci:200046977"),
        ("Nantes Métropole", "EPCI", "epci:244400404"),
        ("Conseil départemental du Morbihan", "", "departement:56"),
        ("Conseil départemental de l'Aube", "", "departement:10"),
        ("Conseil régional d'Ile de France", "", "region:11"),
        ("Région Normandie", "", "region:28"),
        ("Département de la Mayenne", "", "departement:53"),
        ("Laval (53)", "", "commune:53130"),
        ("La Réunion", "", "region:04"),
        ("Réunion", "Département", "departement:974"),
        ("Bretagne", "", "region:53"),
        ("Bretagne (36)", "Commune", "commune:36024"),
        ("Paris", "", "departement:75"),
        ("Corse", "", "region:94"),
    ],
)
def test_a_name_that_one_territory_bears_is_that_territory(name: str, scale: str, key: str) -> None:
    assert territory(name, scale) == Found(key, coverage=(key,))


@pytest.mark.parametrize(
    ("name", "scale", "among"),
    [
        ("Mayenne", "", {"departement:53", "commune:53147"}),
        ("Saint-Denis", "Commune", {"commune:93066", "commune:97411"}),
        ("Loire", "", {"departement:42"}),
        ("Hauts de Frances", "Région", {"region:32"}),
        ("CC du Pays de Craonn", "", {"epci:200048551"}),
    ],
)
def test_a_name_that_may_mean_several_is_left_to_a_person_with_candidates(name: str, scale: str, among: set[str]) -> None:
    found = territory(name, scale)
    assert found.key is None
    assert not found.coverage
    assert among & set(found.candidates)


def test_overseas_and_mainland_are_several_territories() -> None:
    overseas = ("region:01", "region:02", "region:03", "region:04", "region:06")
    assert territory("Outre-mer", "Outre-mer") == Found(coverage=overseas)
    assert territory("Métropole", "Métropole") == Found(coverage=("france",), excluded=overseas)
    assert territory("France métropolitaine").excluded == overseas
    assert territory("Continentale").excluded == (*overseas, "region:94")
    assert territory("Guadeloupe", "Outre-mer").key == "region:01"


def test_a_former_region_is_its_departements() -> None:
    assert territory("Picardie", "Région").coverage == ("departement:02", "departement:60", "departement:80")
    assert territory("Nord-Pas-de-Calais").coverage == ("departement:59", "departement:62")


def test_a_set_of_regions_is_read_from_its_codes() -> None:
    assert territory("regions_32_52", "Ad-hoc").coverage == ("region:32", "region:52")
    assert territory("regions_99", "Ad-hoc").coverage == ()


def test_a_scale_that_is_not_ours_is_never_guessed() -> None:
    assert territory("Loire-Bretagne", "Bassin hydrographique").coverage == ()
    assert territory("Bretagne", "Ad-hoc").key is None
    assert territory("Europe", "Continent").coverage == ()


def test_nothing_means_nothing() -> None:
    assert territory("") == territory("  ", "Région") == Found()
    assert territory("Syndicat intercommunal d’ailleurs").coverage == ()


def test_each_place_is_found_by_its_own_name_at_its_own_scale() -> None:
    for level in ("region", "departement"):
        for place in queries.places(level):
            assert territory(place.name, level).key == place.key
    lost = [place.name for place in queries.places("epci") if territory(place.name, "epci").key != place.key]
    shared = [name for name in lost if len(territory(name, "epci").candidates) > 1]
    assert lost == shared, "an EPCI whose name nobody else bears is not found"


@given(st.text(max_size=60), st.sampled_from(["", "Région", "EPCI", "Commune", "Ad-hoc", "n’importe quoi"]))
def test_whatever_the_name_every_territory_told_exists(name: str, scale: str) -> None:
    found = territory(name, scale)
    for key in (*found.coverage, *found.excluded, *found.candidates):
        assert queries.exists(queries.parse_key(key)) or key == "france"
    assert (found.key is None) or found.coverage == (found.key,)
