"""From a whole text to one commune, or to a choice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.territories import queries
from maillage.territories.queries import resolve

COMMUNES = queries.all_communes()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Laval", "53130"),
        ("LE MANS", "72181"),
        ("mans", "72181"),
        ("Laval 53000", "53130"),
        ("Saint-Denis (93)", "93066"),
        ("Bastia 2B", "2B033"),
        ("Château-Gontier", "53062"),
        ("53062", "53062"),
        ("53014", "53062"),
        ("75111", "75056"),
        ("Paris 11", "75056"),
        ("Paris 11e", "75056"),
        ("2a004", "2A004"),
    ],
)
def test_one_commune_is_meant(text, code):
    resolution = resolve(text)
    assert (resolution.reason, resolution.commune.code) == ("exact", code)


def test_homonyms_give_a_choice_most_populated_first():
    resolution = resolve("Saint-Aubin")
    assert (resolution.reason, resolution.commune) == ("homonyms", None)
    assert len(resolution.others) > 5
    assert {found.commune.name for found in resolution.others} == {"Saint-Aubin"}
    populations = [found.commune.population for found in resolution.others]
    assert populations == sorted(populations, reverse=True)


def test_a_postal_code_or_a_departement_settles_homonyms():
    for found in resolve("Saint-Aubin").others:
        commune = found.commune
        assert resolve(f"Saint-Aubin {commune.postcode}").commune is commune
    assert resolve("Saint-Aubin 47").commune.departement == "47"


def test_an_insee_code_wins_over_a_postal_code_and_shows_the_other_reading():
    resolution = resolve("53200")
    assert resolution.commune.code == "53200"
    assert "53062" in {found.commune.code for found in resolution.others}


def test_what_a_person_typed_may_be_read_as_a_postal_code_first():
    resolution = resolve("53200", codes_first=False)
    assert (resolution.reason, resolution.others[0].commune.code) == ("homonyms", "53062")
    assert "53200" in {found.commune.code for found in resolution.others}
    assert resolve("53000", codes_first=False).commune.code == "53130"


def test_a_postal_code_in_use_wins_over_a_code_out_of_use():
    assert resolve("75011").commune.code == "75056"


def test_a_beginning_gives_the_names_that_start_so():
    resolution = resolve("Château-Gont")
    assert resolution.reason == "partial"
    assert resolution.others[0].commune.code == "53062"


def test_a_slip_gives_the_nearest_names():
    resolution = resolve("Lavla")
    assert resolution.reason == "typo"
    assert "53130" in {found.commune.code for found in resolution.others}


@pytest.mark.parametrize(
    ("text", "reason"), [("", "empty"), ("  ", "empty"), ("''", "empty"), ("xzxzxz", "unknown"), ("99999", "unknown")]
)
def test_nothing_is_invented(text, reason):
    resolution = resolve(text)
    assert (resolution.reason, resolution.commune, resolution.others) == (reason, None, ())


def test_every_code_resolves_to_its_commune():
    assert all(resolve(commune.code).commune is commune for commune in COMMUNES)


@settings(deadline=None)
@given(st.sampled_from(COMMUNES))
def test_a_name_with_its_postal_code_or_departement_means_its_commune_or_a_homonym_there(commune):
    for place in (commune.postcode, commune.departement):
        resolution = resolve(f"{commune.name} {place}")
        if resolution.reason == "exact":
            assert resolution.commune is commune
        else:
            assert resolution.reason == "homonyms"
            assert commune in {found.commune for found in resolution.others}


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_gets_an_answer(text):
    resolution = resolve(text)
    assert (resolution.commune is not None) == (resolution.reason == "exact")
    assert resolve(text, codes_first=False).reason in ("exact", "homonyms", "partial", "typo", "unknown", "empty")
