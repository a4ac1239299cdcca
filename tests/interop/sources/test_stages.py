"""The stages that nobody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources.stages import RULES, deduce
from maillage.vocabulary.words import vocabulary


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        ("Aide à la création d’entreprise", ("creation",)),
        ("Prêt d’honneur création-reprise", ("creation",)),
        ("Financer une étude de faisabilité", ("faisabilite",)),
        ("Appel à idées : faire émerger des projets", ("idee",)),
        ("Soutenir la croissance et le changement d’échelle des associations", ("developpement",)),
        ("Consolider et pérenniser les structures", ("consolidation",)),
        ("Cession d’entreprise : préparer la transmission d'entreprise", ("consolidation",)),
        ("Aide aux entreprises en difficulté", ("difficultes",)),
        ("Études de marché, puis création d’activité", ("faisabilite", "creation")),
    ],
)
def test_words_of_the_title_say_the_stage(words: str, stages: tuple[str, ...]) -> None:
    assert deduce(words) == (stages, "mots")


@pytest.mark.parametrize(
    "words",
    [
        "Création d’emplois et développement durable",
        "Les entreprises en difficulté sont exclues du dispositif",
        "Toute entreprise, hors entreprises en difficulté",
        "L’entreprise ne doit pas être en redressement",
        "Création artistique",
        "",
    ],
)
def test_words_that_only_look_like_a_stage_say_nothing(words: str) -> None:
    assert deduce(words) == ((), "aucun-indice")


def test_a_sentence_that_excludes_does_not_hide_the_next_one() -> None:
    assert deduce("Les entreprises en difficulté sont exclues. Aide à la création d’entreprise.") == (("creation",), "mots")


def test_the_age_of_companies_says_the_stage() -> None:
    assert deduce("", months=0) == (("idee", "faisabilite", "creation"), "age")
    assert deduce("", months=36) == (("creation", "developpement"), "age")
    assert deduce("", months=120) == ((), "aucun-indice")
    assert deduce("", months_at_least=36) == (("developpement", "consolidation"), "age")


def test_words_and_age_agree_or_words_win() -> None:
    assert deduce("création d’entreprise et croissance", months=0) == (("creation",), "mots-et-age")
    assert deduce("consolider", months=0) == (("consolidation",), "mots")


def test_the_rubrics_of_a_source_are_read_last_and_say_nothing_when_they_say_everything() -> None:
    assert deduce("", types=["avant-projet"]) == (("faisabilite", "creation"), "types")
    assert deduce("croissance", types=["avant-projet"]) == (("developpement",), "mots")
    assert deduce("", types=["avant-projet", "realisation", "usage"]) == ((), "aucun-indice")
    assert deduce("", types=["rubrique inconnue"]) == ((), "aucun-indice")


@given(st.text(), st.lists(st.text(max_size=20)), st.none() | st.integers(-5, 500), st.none() | st.integers(-5, 500))
def test_whatever_comes_in_stages_are_known_codes_in_order(
    words: str, types: list[str], months: int | None, least: int | None
) -> None:
    stages, rule = deduce(words, types=types, months=months, months_at_least=least)
    assert list(stages) == [code for code in vocabulary().codes("stage") if code in stages]
    assert rule in RULES
    assert bool(stages) == (rule != "aucun-indice")
