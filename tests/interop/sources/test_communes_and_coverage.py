"""Communes and coverage as producers write them → territories of today."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources import coverage
from maillage.interop.sources.communes import find
from maillage.territories import queries
from maillage.territories.queries import Territory
from maillage.territories.values import FRANCE


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"code": "53062"}, "53062"),
        ({"code": "49069", "name": "OREE D ANJOU"}, "49126"),  # former commune
        ({"code": "75112", "name": "PARIS"}, "75056"),  # arrondissement
        ({"code": "2B14", "name": "MOROSAGLIA", "postcode": "20218"}, "2B169"),  # the code is wrong, the name is right
        ({"name": "ARRAS", "postcode": "62005"}, "62041"),  # CEDEX
        ({"name": "LYON 8", "postcode": "69008"}, "69123"),
        ({"name": "ST DENIS", "postcode": "93200"}, "93066"),
        ({"name": "EVRY", "postcode": "91000", "departement": "91"}, "91228"),  # the commune is called otherwise today
        ({"name": "ANCENIS", "postcode": "44150", "departement": "44"}, "44003"),
    ],
)
def test_a_place_gets_its_commune_of_today(given_: dict[str, str], code: str):
    found = find(**given_)
    assert found is not None
    assert found.commune.code == code
    assert not found.doubt


def test_a_code_that_contradicts_name_and_postal_code_gives_way_with_a_doubt():
    found = find("67110", "MOLSHEIM", "67120", "67")
    assert found is not None
    assert found.commune.name == "Molsheim"
    assert "Durrenbach" in found.doubt


@pytest.mark.parametrize(
    "given_", [{"name": "Nulle-Part", "postcode": "53000"}, {"name": "PONTE-LECCIA", "postcode": "20218"}, {}]
)
def test_a_place_that_names_no_commune_is_not_guessed(given_: dict[str, str]):
    assert find(**given_) is None


@pytest.mark.parametrize(
    ("code", "key"),
    [("france", "france"), ("99100", "france"), ("53", "departement:53"), ("2A", "departement:2A"), ("974", "departement:974"),
     ("53062", "commune:53062"), ("49069", "commune:49126"), ("200083392", "epci:200083392")],
)  # fmt: skip
def test_the_codes_of_data_inclusion_are_territories(code: str, key: str):
    found = coverage.place(code)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("code", ["13200", "99", "20", "999999999", "Mayenne", "", "987"])
def test_a_code_of_no_territory_is_none(code: str):
    assert coverage.place(code) is None


_DEPARTEMENTS = [Territory("departement", place.code) for place in queries.places("departement")]


@given(st.sets(st.sampled_from(_DEPARTEMENTS)))
def test_departements_gathered_into_regions_and_exploded_again_are_the_same(chosen: set[Territory]):
    gathered = coverage.gathered(chosen)
    assert FRANCE in gathered or set(coverage.in_departements(gathered)) == chosen
    covered = {code for one in gathered for code in queries.commune_codes_of(one.level, one.code)}
    assert covered == {code for one in chosen for code in queries.commune_codes_of(one.level, one.code)}


def test_the_five_departements_of_a_region_are_shown_as_the_region():
    parts = [Territory("departement", code) for code in ("44", "49", "53", "72", "85")]
    assert coverage.gathered(parts) == [Territory("region", "52")]
    assert coverage.in_departements([Territory("region", "52")]) == parts
    assert coverage.gathered(parts[:4]) == parts[:4]
    assert coverage.gathered(_DEPARTEMENTS) == [FRANCE]
