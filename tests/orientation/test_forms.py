"""An address becomes a situation; what is not understood becomes a sentence with a choice."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from maillage.orientation.forms import LARGEST, TEXT_READ, VALUES_READ, read
from maillage.orientation.situation import PARAMETERS, Situation
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary
from tests.orientation.situations import situations


def test_codes_make_a_situation() -> None:
    reading = read(
        QueryDict("etape=creation&commune=53062&besoin=juridique&besoin=gouvernance&forme=association&texte=caf%C3%A9&salaries=2")
    )
    assert reading.problems == ()
    assert reading.situation == Situation(
        stage="creation",
        commune=territories.commune("53062"),
        needs=("juridique", "gouvernance"),
        legal_form="association",
        text="café",
        facts={"salaries": 2},
    )


def test_labels_are_understood_whatever_their_accents_and_capitals() -> None:
    assert read({"etape": ["Création"], "forme": ["SCOP"], "besoin": ["juridique et statuts"]}).situation == Situation(
        stage="creation", needs=("juridique",), legal_form="scop"
    )


@pytest.mark.parametrize(
    "text", ["53062", "Château-Gontier-sur-Mayenne", "chateau gontier sur mayenne", "Château-Gontier-sur-Mayenne 53200"]
)
def test_a_commune_is_a_code_a_name_or_a_name_with_its_postal_code(text: str) -> None:
    reading = read({"commune": [text]})
    assert reading.situation.commune == territories.commune("53062")
    assert reading.problems == ()


def test_homonyms_are_a_choice() -> None:
    problem = read({"commune": ["Saint-Denis"]}).problem("commune")
    assert problem is not None
    assert problem.wanted
    assert {"93066", "97411"} <= {choice.value for choice in problem.choices}
    assert "Saint-Denis (Seine-Saint-Denis, 93200)" in {choice.label for choice in problem.choices}
    assert "choisissez" in problem.sentence
    for choice in problem.choices:
        assert read({"commune": [choice.value]}).situation.commune == territories.commune(choice.value)


def test_digits_are_an_insee_code_in_an_address_and_a_postal_code_when_typed() -> None:
    ambiguous = next(commune.code for commune in territories.all_communes() if len(territories.resolve(commune.code).others) == 1)
    in_address = read({"commune": [ambiguous]})
    assert in_address.situation.commune == territories.commune(ambiguous)
    problem = in_address.problem("commune")
    assert problem is not None
    assert not problem.wanted
    typed = read({"commune": [ambiguous], "saisie": ["1"]})
    assert typed.situation.commune is None
    wanted = typed.problem("commune")
    assert wanted is not None
    assert {choice.value for choice in wanted.choices} == {ambiguous, problem.choices[0].value}


def test_a_typing_slip_gets_suggestions() -> None:
    problem = read({"commune": ["Lavla"]}).problem("commune")
    assert problem is not None
    assert "Laval (Mayenne, 53000)" in {choice.label for choice in problem.choices}
    problem = read({"etape": ["creaton"]}).problem("stage")
    assert problem is not None
    assert problem.sentence == "Nous n’avons pas compris l’étape «\u202fcreaton\u202f». Vouliez-vous dire\u202f: Création\u202f?"
    assert [choice.value for choice in problem.choices] == ["creation"]


def test_an_unknown_code_offers_the_list() -> None:
    problem = read({"etape": ["zzz"]}).problem("stage")
    assert problem is not None
    assert [choice.value for choice in problem.choices] == list(vocabulary().codes("stage"))


def test_the_rest_of_the_address_is_kept_when_one_part_is_not_understood() -> None:
    reading = read({"etape": ["creation"], "commune": ["Xyzzy-les-Bains"], "besoin": ["juridique", "nimporte"]})
    assert reading.situation == Situation(stage="creation", needs=("juridique",))
    assert [problem.field for problem in reading.problems] == ["commune", "needs"]


def test_one_stage_only_is_kept_and_it_is_said() -> None:
    reading = read({"etape": ["idee", "creation"]})
    assert reading.situation.stage == "idee"
    problem = reading.problem("stage")
    assert problem is not None
    assert not problem.wanted
    assert "Idée" in problem.sentence


@pytest.mark.parametrize(
    ("parameter", "value", "fact", "expected"),
    [
        ("salaries", "0", "salaries", 0),
        ("chiffre-affaires", "12 000", "chiffre-affaires", 12000),
        ("immatricule", "oui", "immatricule", True),
        ("immatricule", "NON", "immatricule", False),
    ],
)
def test_facts_are_read_by_their_parameter(parameter: str, value: str, fact: str, expected: int | bool) -> None:
    assert dict(read({parameter: [value]}).situation.facts) == {fact: expected}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("salaries", "-3"),
        ("salaries", "deux"),
        ("immatricule", "peut-être"),
        ("salaries", "9" * 40),
        ("salaries", str(LARGEST + 1)),
    ],
)
def test_a_fact_that_is_not_understood_is_asked_again(parameter: str, value: str) -> None:
    reading = read({parameter: [value]})
    assert not reading.situation.facts
    [problem] = reading.problems
    assert problem.sentence.endswith((".", "?"))
    assert vocabulary().terms("fact")[problem.field].extra["question"] in problem.sentence


def test_empty_and_unknown_parameters_say_nothing() -> None:
    assert read(QueryDict("etape=&commune=&utm_source=x&texte=++&salaries=")).problems == ()
    assert read(QueryDict("etape=&commune=&utm_source=x&texte=++&salaries=")).situation == Situation()


def test_huge_addresses_are_read_within_bounds() -> None:
    reading = read({"besoin": [f"x{number}" for number in range(5000)], "texte": ["mot " * 5000], "commune": ["a" * 100_000]})
    assert len(reading.problems) <= VALUES_READ + 2
    assert len(reading.situation.text) <= TEXT_READ
    assert all(len(problem.sentence) < 1000 for problem in reading.problems)


def test_invisible_characters_are_left_out() -> None:
    assert read({"texte": ["a\x00b\u202ec\ud800 d"]}).situation.text == "a b c d"


@given(situation=situations())
def test_the_canonical_address_of_a_situation_reads_back_as_it(situation: Situation) -> None:
    reading = read(QueryDict(situation.query()))
    assert reading.situation.pairs() == situation.pairs()
    assert all(not problem.wanted for problem in reading.problems)


NAMES = [*PARAMETERS.values(), *(term.extra["parameter"] for term in vocabulary().terms("fact").values()), "saisie"]


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=50), max_size=4)))
def test_whatever_the_address_holds_it_is_read(parameters: dict[str, list[str]]) -> None:
    reading = read(parameters)
    for problem in reading.problems:
        assert problem.parameter in NAMES
        assert problem.sentence
    again = read(parse_qs(reading.situation.query()))
    assert again.situation.pairs() == reading.situation.pairs()
