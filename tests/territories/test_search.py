"""Search as you type."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.territories import queries
from maillage.territories.build.search import entries
from maillage.territories.names import fold, from_each_word
from maillage.territories.queries import search
from maillage.territories.search import within_one_letter
from maillage.territories.search_index import FORMER, START, STEP, WORD, search_index

COMMUNES = queries.all_communes()


def names(text, **options):
    return [found.commune.name for found in search(text, **options)]


def codes(text, **options):
    return [found.commune.code for found in search(text, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "Saint-Denis-d'Orques",
        "saint denis d orques",
        "ST DENIS D’ORQUES",
        "St-Denis-d'Orques",
        "  saint-dénis d'orq",
        "orques",
        "d orques",
    ],
)
def test_one_village_is_found_however_it_is_typed(text):
    assert "72278" in codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("le mans", "72181"),
        ("mans", "72181"),
        ("Mans (Le)", "72181"),
        ("la roche sur yon", "85191"),
        ("roche s/ yon", "85191"),
        ("roche yon", "85191"),
        ("larochesuryon", "85191"),
        ("ste luce", "44172"),
        ("oree danjou", "49126"),
        ("l'île d'yeu", "85113"),
        ("boulogne s/mer", "62160"),
        ("Bois le Roi", "77037"),
        ("oeuilly", "02565"),
        ("Œuilly", "02565"),
        ("nantes cedex 1", "44109"),
        ("la fleche 72", "72154"),
        ("53 000 laval", "53130"),
        ("laval, 53000", "53130"),
        ("ajaccio (2a)", "2A004"),
        ("2a004", "2A004"),
        ("53062", "53062"),
        ("53014", "53062"),
        ("paris 11", "75056"),
        ("Paris 11e arrondissement", "75056"),
        ("lyon 3", "69123"),
        ("lavql", "53130"),
        ("nnates", "44109"),
        ("angrs", "49007"),
    ],
)
def test_what_people_type_finds_the_place_they_mean(text, code):
    found = codes(text)
    assert code in found if text in ("oeuilly", "Œuilly", "ste luce", "oree danjou") else found[0] == code


def test_every_commune_of_a_sample_is_found_by_its_own_name_with_and_without_accents():
    sample = random.Random(2026).sample(COMMUNES, 1_500)
    for commune in sample:
        plain = "".join(letter for letter in unicodedata.normalize("NFD", commune.name) if not unicodedata.combining(letter))
        for text in (commune.name, plain, commune.name.upper(), plain.replace("-", " ").lower()):
            assert commune.code in codes(text, limit=60), text
        assert commune.code in codes(f"{commune.name} {commune.postcode}", limit=20)


def test_whole_names_come_first_then_the_most_populated():
    assert names("laval")[0] == "Laval"
    found = search("saint-aub")
    assert [item.commune.population for item in found] == sorted((item.commune.population for item in found), reverse=True)


def test_a_region_comes_first_among_equals():
    assert {item.commune.region for item in search("saint", near_region="52")[1:]} == {"52"}
    assert codes("laval", near_region="84")[0] == "53130", "a whole name still comes before the beginning of another"
    assert {item.commune.region for item in search("5", near_region="32")} <= {"32"} or search("5")[
        0
    ].commune.departement.startswith("5")


def test_an_unknown_region_changes_nothing():
    assert codes("saint", near_region="99") == codes("saint")
    assert codes("saint", near_region="??") == codes("saint")


def test_the_former_name_says_why_the_new_commune_is_there():
    found = search("chateau-gontier")[0]
    assert (found.commune.code, found.former_name) == ("53062", "Château-Gontier")
    assert search("laval")[0].former_name == ""


def test_the_start_of_a_postal_code_lists_its_communes_by_population():
    found = search("532")
    assert all(any(postcode.startswith("532") for postcode in item.commune.postcodes) for item in found)
    assert found[0].commune.code == "53062"


def test_digits_that_are_both_a_postal_code_and_an_insee_code_show_both():
    assert {"53062", "53200"} <= set(codes("53200"))


def test_a_limit_is_kept_and_no_commune_comes_twice():
    for text in ("s", "saint", "saint martin", "les", "5", "4900", "lavql"):
        for limit in (1, 3, 8, 40):
            found = codes(text, limit=limit)
            assert len(found) <= limit
            assert len(found) == len(set(found))


@pytest.mark.parametrize("text", ["", " ", "-", "'", "()", "\x00", "/", "??", "漢字", "xzxzxz", "00000", "9" * 300])
def test_nothing_to_find_is_an_empty_answer(text):
    assert search(text) == ()


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_answered(text):
    assert len(search(text)) <= 8


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_leaves_plain_letters(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert all(letter == " " or "a" <= letter <= "z" or "0" <= letter <= "9" for letter in folded)
    assert folded == " ".join(folded.split())


def test_shipped_lists_are_those_of_the_shipped_communes():
    made, index = entries(COMMUNES, []), search_index()
    assert index.codes == made["codes"]
    assert list(zip(index.postcodes, index.postcode_of.tolist(), strict=True)) == [tuple(pair) for pair in made["postcodes"]]
    current = [(name, score) for name, score in zip(index.names, index.scores.tolist(), strict=True) if score < FORMER * STEP]
    assert current == list(zip(made["names"], made["scores"], strict=True))
    assert index.names == sorted(index.names)


# Starts of real names, cut anywhere: what a keyboard sends.
prefixes = st.builds(lambda commune, length: fold(commune.name)[:length].strip(), st.sampled_from(COMMUNES), st.integers(1, 14))


@settings(max_examples=30, deadline=None)
@given(prefixes, st.sampled_from([1, 8, 20]))
def test_the_best_are_those_of_a_reading_of_every_name(text, limit):
    text = fold(text)
    expected = by_reading_every_name(text)
    found = search(text, limit=limit)
    assert [item.commune.code for item in found][: len(expected)] == expected[:limit]


def by_reading_every_name(text):
    """The oracle: every entry of every name compared one by one, ordered as the documentation says."""
    index = search_index()
    best = {}
    rank = {commune.code: position for position, commune in enumerate(sorted(COMMUNES, key=lambda c: (-c.population, c.code)))}
    for commune in COMMUNES:
        for rest, natural in FOLDED[commune.code]:
            if rest.startswith(text):
                kind = START if natural else WORD
                order = (rest != text or kind == WORD, kind, rank[commune.code])
                best[commune.code] = min(best.get(commune.code, order), order)
    for position, former_name in index.former.items():
        code = index.codes[int(index.scores[position]) % STEP]
        name = index.names[position]
        if name.startswith(text) and former_name:
            order = (name != text, FORMER, rank[code])
            best[code] = min(best.get(code, order), order)
    return sorted(best, key=best.__getitem__)


FOLDED = {commune.code: from_each_word(fold(commune.name)) for commune in COMMUNES}


@settings(deadline=None)
@given(st.text("abc ", max_size=6), st.text("abc ", max_size=6))
def test_one_letter_apart_is_what_one_slip_can_do(one, other):
    assert within_one_letter(one, other) == (other in one_slip(one))


def one_slip(text):
    letters = "abc "
    cuts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    removed = {start + rest[1:] for start, rest in cuts if rest}
    replaced = {start + letter + rest[1:] for start, rest in cuts if rest for letter in letters}
    added = {start + letter + rest for start, rest in cuts for letter in letters}
    swapped = {start + rest[1] + rest[0] + rest[2:] for start, rest in cuts if len(rest) > 1}
    return {text} | removed | replaced | added | swapped


@settings(deadline=None)
@given(st.sampled_from(COMMUNES), st.data())
def test_a_name_with_one_slip_still_finds_its_commune(commune, data):
    name = fold(commune.name)
    if len(name) < 5 or any(letter.isdigit() for letter in name):
        return
    i = data.draw(st.integers(0, len(name) - 2))
    slipped = data.draw(
        st.sampled_from(
            [name[:i] + name[i + 1 :], name[:i] + "q" + name[i + 1 :], name[:i] + name[i + 1] + name[i] + name[i + 2 :]]
        )
    )
    resolution = queries.resolve(slipped)
    if resolution.reason == "typo":
        # among homonyms one letter away only the most populated are shown
        assert fold(commune.name) in {fold(item.commune.name) for item in resolution.others} or len(resolution.others) == 8
    else:
        assert resolution.reason in ("exact", "homonyms", "partial")
