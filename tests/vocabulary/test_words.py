"""The vocabulary is data: what the files say is what the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.vocabulary import words
from maillage.vocabulary.words import VocabularyError, vocabulary


@pytest.fixture
def regions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An extra folder of regions, read for the time of a test."""
    monkeypatch.setenv("MAILLAGE_REGIONS", str(tmp_path))
    vocabulary.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    vocabulary.cache_clear()


def add(regions: Path, text: str) -> None:
    """Give a region called `essai` a vocabulary of its own."""
    (regions / "essai").mkdir()
    (regions / "essai" / "vocabulary.toml").write_text(text, encoding="utf-8")


def test_the_six_stages_come_in_the_order_of_a_project() -> None:
    stages = vocabulary().terms("stage")
    assert list(stages) == ["idee", "faisabilite", "creation", "developpement", "consolidation", "difficultes"]
    assert [term.extra["phase"] for term in stages.values()] == ["ante"] * 3 + ["post"] * 3


def test_every_list_has_terms_with_a_label_and_codes_fit_for_addresses() -> None:
    for name in words.LISTS:
        terms = vocabulary().terms(name)
        assert terms, name
        for code, term in terms.items():
            assert term.label
            assert code.isascii()
            assert code == code.lower()
            assert " " not in code


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert vocabulary().label("need", "besoin-d-autrefois") == "besoin-d-autrefois"


def test_a_region_adds_a_need(regions: Path) -> None:
    add(regions, '[[need]]\ncode = "maritime"\nlabel = "Économie maritime"\n')
    assert vocabulary().label("need", "maritime") == "Économie maritime"
    assert vocabulary().knows("need", "juridique")


def test_a_region_cannot_add_a_stage(regions: Path) -> None:
    add(regions, '[[stage]]\ncode = "sieste"\nlabel = "Sieste"\n')
    with pytest.raises(VocabularyError, match="une région ne peut pas compléter la liste « stage »"):
        vocabulary()


def test_a_broken_file_is_named(regions: Path) -> None:
    add(regions, "[[need]\n")
    with pytest.raises(VocabularyError, match=r"vocabulary\.toml : ce fichier n’est pas du TOML lisible"):
        vocabulary()


def test_an_entry_without_a_label_is_refused(regions: Path) -> None:
    add(regions, '[[need]]\ncode = "x"\n')
    with pytest.raises(VocabularyError, match="une entrée de « need » n’a pas de clé 'label'"):
        vocabulary()
