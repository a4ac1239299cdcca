"""Grids are data: shipped files, published versions that never change, drafts that the office writes."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maillage.diagnosis.grid import GridError, digest, read_grid
from maillage.diagnosis.load import LoadedGrids, load_grids
from maillage.diagnosis.models import Grid, GridVersion
from maillage.diagnosis.versions import NoSuchVersion, offered, version
from tests.diagnosis.grids import shipped, shipped_content


def test_the_shipped_grid_has_twenty_criteria_in_three_families_and_the_question_of_the_law() -> None:
    grid = shipped("complete")
    assert len(grid.criteria) == 20
    assert [len(grid.of_family(family.code)) for family in grid.families] == [8, 7, 5]
    assert grid.gate is not None
    assert len(shipped("rapide").criteria) == 4


@pytest.mark.parametrize("code", ["complete", "rapide"])
def test_every_text_is_in_both_languages_and_short_enough_to_be_read(code: str) -> None:
    grid = shipped(code)
    for criterion in grid.criteria:
        for said in (criterion.title, criterion.question, criterion.why, criterion.example, criterion.advice):
            assert said.fr
            assert said.en
            assert said.en != said.fr
            assert all(len(sentence.split()) <= 30 for sentence in said.fr.replace("?", ".").split("."))


def test_loading_twice_changes_nothing(grids: LoadedGrids) -> None:
    assert grids.published == ["complete 1", "rapide 1"]
    again = load_grids()
    assert (again.published, again.kept, again.problems) == ([], [], [])
    assert GridVersion.objects.count() == 2


def _region(folder: Path, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "_grids").mkdir(parents=True, exist_ok=True)
    (folder / "_grids" / "complete.toml").write_text(content, encoding="utf-8")
    monkeypatch.setattr("maillage.diagnosis.load.regions_folders", lambda: [folder])


SHIPPED = Path("maillage/regions/_grids/complete.toml")


def test_a_file_that_changed_becomes_the_next_version(
    grids: LoadedGrids, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    _region(tmp_path, (repository / SHIPPED).read_text(encoding="utf-8").replace("Un besoin nommé", "Un besoin dit"), monkeypatch)
    assert load_grids().published == ["complete 2"]
    assert version("complete").grid.criteria[0].title.fr == "Un besoin dit"
    assert version("complete", 1).grid.criteria[0].title.fr == "Un besoin nommé"


def test_a_region_that_published_its_own_version_keeps_it(
    grids: LoadedGrids, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    own = copy.deepcopy(GridVersion.objects.get(grid__code="complete").content)
    own["title"]["fr"] = "La nôtre"
    GridVersion.objects.create(
        grid=Grid.objects.get(code="complete"),
        number=2,
        status="publiee",
        content=own,
        digest=digest(own),
        published_at=timezone.now(),
    )
    _region(tmp_path, (repository / SHIPPED).read_text(encoding="utf-8").replace("Un besoin nommé", "Un besoin dit"), monkeypatch)
    done = load_grids()
    assert done.published == []
    assert done.kept == ["complete 2"]
    assert version("complete").grid.title.fr == "La nôtre"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [("code = ", "pas du TOML"), ('code = "complete"\norder = 1', "trois familles"), ("order = 1", "trois familles")],
)
def test_a_wrong_file_is_said_and_left_aside(
    db: None, wrong: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _region(tmp_path, wrong, monkeypatch)
    done = load_grids()
    assert sentence in " ".join(done.problems)
    assert not GridVersion.objects.exists()


@pytest.mark.parametrize(
    ("changes"),
    [{"content": {"criterion": []}}, {"digest": "0" * 64}, {"number": 9}, {"status": "brouillon", "published_at": None}],
    ids=str,
)
def test_the_database_refuses_to_change_a_published_version(grids: LoadedGrids, changes: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        GridVersion.objects.filter(grid__code="complete").update(**changes)
    assert version("complete", 1).grid.criteria
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE diagnosis_gridversion SET number = 8")


def test_a_draft_may_change_and_there_is_only_one(grids: LoadedGrids) -> None:
    grid = Grid.objects.get(code="complete")
    draft = GridVersion.objects.create(grid=grid, number=2, content={}, digest="a")
    GridVersion.objects.filter(pk=draft.pk).update(content={"title": {"fr": "x"}}, digest="b")
    with pytest.raises(DatabaseError), transaction.atomic():
        GridVersion.objects.create(grid=grid, number=3, content={}, digest="c")
    with pytest.raises(ProtectedError):
        grid.delete()


def test_a_grid_no_longer_offered_stays_readable(grids: LoadedGrids) -> None:
    Grid.objects.filter(code="rapide").update(offered=False)
    assert [each.code for each in offered("pays-de-la-loire")] == ["complete"]
    assert version("rapide", 1).number == 1
    with pytest.raises(NoSuchVersion) as missing:
        version("rapide", 4)
    assert missing.value.latest == 1


def test_a_grid_of_a_region_is_proposed_there_only(grids: LoadedGrids) -> None:
    Grid.objects.filter(code="rapide").update(region="hauts-de-france")
    assert [each.code for each in offered("pays-de-la-loire")] == ["complete"]
    assert [each.code for each in offered("hauts-de-france")] == ["complete", "rapide"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "fr", "en", "title", "family", "need", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["title", "intro", "minutes", "rule", "gate", "family", "criterion"]), json_values, max_size=7
    )
)
def test_any_content_is_a_grid_or_a_sentence(content: dict[str, object]) -> None:
    with pytest.raises(GridError) as wrong:
        read_grid(content)
    assert str(wrong.value)


def test_each_defect_of_a_content_has_its_sentence() -> None:
    content = shipped_content("rapide")
    first = content["criterion"][0]
    for change, sentence in (
        ({"code": "Pas Un Code"}, "un code s’écrit en minuscules"),
        ({"code": "porte"}, "un code s’écrit en minuscules"),
        ({"code": content["criterion"][1]["code"]}, "sert deux fois"),
        ({"family": "autre"}, "n’existe pas"),
        ({"need": "rien"}, "n’est pas dans le vocabulaire"),
        ({"question": {"fr": " "}}, "manque en français"),
        ({"title": {"fr": "x" * 200}}, "120 signes au plus"),
    ):
        wrong = {**content, "criterion": [{**first, **change}, *content["criterion"][1:]]}
        with pytest.raises(GridError, match=sentence):
            read_grid(wrong, frozenset({"idee-besoin", "gouvernance", "impact", "innovation-sociale"}))
