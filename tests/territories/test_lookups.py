"""Communes, EPCI, départements and régions, and what contains what."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.territories import queries
from maillage.territories.queries import FRANCE, Territory, parse_key


def test_counts_are_those_of_the_geographic_code_of_2026():
    assert len(queries.all_communes()) == 34_875
    assert len(queries.places("epci")) == 1_255
    assert len(queries.places("departement")) == 101
    assert len(queries.places("region")) == 18
    assert [place.key for place in queries.places("france")] == ["france"]


def test_a_commune_has_its_codes_population_and_point():
    commune = queries.commune("53130")
    assert (commune.name, commune.epci, commune.departement, commune.region) == ("Laval", "200083392", "53", "52")
    assert commune.postcodes == ("53000",)
    assert commune.population > 45_000
    assert queries.distance_km(commune.lon, commune.lat, -0.7668, 48.0704) < 2


def test_an_unknown_code_is_no_commune():
    assert queries.commune("00000") is None
    assert queries.commune("") is None
    assert queries.place("epci", "123456789") is None
    assert queries.place("planete", "1") is None
    assert queries.communes_of("departement", "99") == ()


def test_a_region_and_a_departement_may_share_a_code():
    assert queries.place("region", "53").name == "Bretagne"
    assert queries.place("departement", "53").name == "Mayenne"


def test_territories_go_from_closest_to_widest():
    keys = [territory.key for territory in queries.territories_of(queries.commune("53062"))]
    assert keys == ["commune:53062", "epci:245300447", "departement:53", "region:52", "france"]


def test_every_territory_of_every_commune_exists_and_holds_it():
    members = {}
    for commune in queries.all_communes():
        for territory in queries.territories_of(commune):
            assert queries.exists(territory), territory
            if territory.level != "commune":
                if territory not in members:
                    members[territory] = set(queries.commune_codes_of(*territory))
                assert commune.code in members[territory]


def test_communes_of_one_level_are_a_partition():
    every = {commune.code for commune in queries.all_communes()}
    for level in ("departement", "region"):
        codes = [code for place in queries.places(level) for code in queries.commune_codes_of(level, place.code)]
        assert len(codes) == len(every)
        assert set(codes) == every


def test_places_sum_up_their_communes():
    for place in (*queries.places("departement"), *queries.places("region"), queries.place("epci", "200083392")):
        communes = queries.communes_of(place.level, place.code)
        assert place.communes == len(communes)
        assert place.population == sum(commune.population for commune in communes)
        assert place.departements == tuple(sorted({commune.departement for commune in communes}))


def test_departements_of_the_two_first_portals():
    assert [place.code for place in queries.departements_of_region("52")] == ["44", "49", "53", "72", "85"]
    assert [place.code for place in queries.departements_of_region("32")] == ["02", "59", "60", "62", "80"]


def test_neighbours_share_a_border_both_ways():
    assert [place.code for place in queries.neighbours("53")] == ["35", "49", "50", "61", "72"]
    assert queries.neighbours("974") == ()
    for level in ("departement", "epci"):
        around = {
            place.code: {other.code for other in queries.neighbour_places(level, place.code)} for place in queries.places(level)
        }
        for code, others in around.items():
            assert code not in others
            assert all(code in around[other] for other in others)


def test_epci_of_a_departement_include_those_that_cross_its_border():
    found = queries.epci_of_departement("72")
    assert all("72" in place.departements for place in found)
    assert any(len(place.departements) > 1 for place in found)
    assert [place.name for place in found] == sorted(place.name for place in found)


def test_the_nearest_commune_of_its_own_town_hall_is_itself():
    laval = queries.commune("53130")
    ranked = queries.nearest(laval.lon, laval.lat, queries.communes_of("departement", "53"), limit=3)
    assert ranked[0] == (0.0, laval)
    assert [km for km, _ in ranked] == sorted(km for km, _ in ranked)


def test_the_edition_says_its_dates_and_sources():
    edition = queries.edition()
    assert (edition.communes, edition.epci) == ("2026-01-01", "2026-01-01")
    assert len(edition.built_from) == 2


@given(st.sampled_from(["commune", "epci", "departement", "region"]), st.from_regex(r"[0-9AB]{2,9}", fullmatch=True))
def test_keys_read_back_what_they_write(level, code):
    assert parse_key(Territory(level, code).key) == Territory(level, code)


def test_the_key_of_france_has_no_code():
    assert FRANCE.key == "france"
    assert parse_key("france") == FRANCE


@pytest.mark.parametrize("text", ["", "53", "departement", "departement:", "pays:FR", "france:", "france:1", ":53"])
def test_what_is_not_a_key_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="n’est pas un territoire") as refusal:
        parse_key(text)
    assert re.search(rf"« {re.escape(text)} »", str(refusal.value))
