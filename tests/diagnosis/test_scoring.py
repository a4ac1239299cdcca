"""The scoring holds its promises on any grid and any answers; a brute force over the open answers agrees with its bounds."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.diagnosis.grid import Answer, Grid, read_grid
from maillage.diagnosis.scoring import RULES, FamilyProfile, Index, profile
from tests.diagnosis.grids import filled, made, said, shipped, sizes

RANK = {Index.WEAK: 1, Index.PARTIAL: 2, Index.CONVERGING: 3}
FROZEN = sorted((Path(__file__).parent / "fixtures").glob("*.json"))


def ratio(family: FamilyProfile) -> Fraction | None:
    return Fraction(family.points, family.out_of) if family.out_of else None


@given(filled(), st.data())
def test_more_proof_never_lowers_a_family(case: tuple[Grid, dict[str, str]], data: st.DataObject) -> None:
    grid, answers = case
    scale = [Answer.NO, Answer.NOT_YET, Answer.PARTLY, Answer.YES]
    low = [code for code, letter in answers.items() if letter in scale[:-1]]
    if not low:
        return
    code = data.draw(st.sampled_from(low))
    better = data.draw(st.sampled_from(scale[scale.index(Answer(answers[code])) + 1 :]))
    before, after = profile(grid, answers), profile(grid, {**answers, code: better})
    for old, new in zip(before.families, after.families, strict=True):
        assert new.points >= old.points
        assert new.possible >= old.possible
        assert RANK.get(new.index, 0) >= RANK.get(old.index, 0)
        assert RANK.get(new.index_possible, 0) >= RANK.get(old.index_possible, 0)


@given(filled())
def test_not_relevant_counts_as_if_the_criterion_were_not_in_the_grid(case: tuple[Grid, dict[str, str]]) -> None:
    grid, answers = case
    kept = [criterion for criterion in grid.criteria if answers.get(criterion.code) != Answer.NOT_RELEVANT]
    if {criterion.family for criterion in kept} != {family.code for family in grid.families}:
        return  # a family without a criterion is no grid
    smaller = Grid(grid.title, grid.intro, grid.minutes, grid.rule, grid.gate, grid.families, tuple(kept))
    for whole, part in zip(profile(grid, answers).families, profile(smaller, answers).families, strict=True):
        assert (ratio(whole), whole.index, whole.index_possible) == (ratio(part), part.index, part.index_possible)


@given(filled(), st.randoms())
def test_the_order_in_which_one_answers_is_indifferent(case: tuple[Grid, dict[str, str]], random: object) -> None:
    grid, answers = case
    pairs = list(answers.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert profile(grid, dict(pairs)) == profile(grid, answers)


@settings(max_examples=60)
@given(st.tuples(*[st.integers(1, 3)] * 3), st.data())
def test_whatever_the_open_answers_turn_out_to_be_the_truth_is_in_the_band(
    shape: tuple[int, int, int], data: st.DataObject
) -> None:
    grid = made(shape)
    answers = {criterion.code: data.draw(st.sampled_from([*Answer])) for criterion in grid.criteria}
    for criterion in data.draw(st.lists(st.sampled_from(grid.criteria), max_size=3, unique_by=lambda each: each.code)):
        answers[criterion.code] = Answer.UNKNOWN
    unknown = [code for code, letter in answers.items() if letter == Answer.UNKNOWN][:4]
    answers = {code: letter for code, letter in answers.items() if letter != Answer.UNKNOWN or code in unknown}
    answers |= dict.fromkeys((each.code for each in grid.criteria if each.code not in answers), Answer.NO)
    band = profile(grid, answers)
    settled = [letter for letter in Answer if letter != Answer.UNKNOWN]
    for truth in itertools.product(settled, repeat=len(unknown)):
        real = profile(grid, {**answers, **dict(zip(unknown, truth, strict=True))})
        for drawn, found in zip(band.families, real.families, strict=True):
            if found.out_of:
                assert Fraction(drawn.points, drawn.out_of) <= Fraction(found.points, found.out_of)
                assert Fraction(found.points, found.out_of) <= Fraction(drawn.possible, drawn.out_of)
                assert RANK[drawn.index] <= RANK[found.index] <= RANK[drawn.index_possible]


@given(filled())
def test_no_family_converges_while_another_is_empty(case: tuple[Grid, dict[str, str]]) -> None:
    found = profile(*case)
    if any(not family.has_items for family in found.families):
        assert Index.CONVERGING not in {family.index for family in found.families}


@given(filled())
def test_tracks_and_strengths_never_hold_the_same_criterion_nor_one_that_is_not_relevant(
    case: tuple[Grid, dict[str, str]],
) -> None:
    grid, answers = case
    found = profile(grid, answers)
    tracks = [criterion.code for criterion in found.tracks]
    assert len(tracks) == len(set(tracks)) <= 5
    assert all(answers.get(code) not in (Answer.YES, Answer.NOT_RELEVANT) for code in tracks)
    workable = sum(1 for each in grid.criteria if answers.get(each.code) not in (Answer.YES, Answer.NOT_RELEVANT))
    assert len(tracks) >= min(3, workable)
    assert all(answers[criterion.code] == Answer.YES for criterion in found.strengths)


@given(sizes)
def test_no_answer_at_all_is_wholly_open(shape: tuple[int, int, int]) -> None:
    for family in profile(made(shape), {}).families:
        assert (family.points, family.possible) == (0, family.out_of)
        assert (family.index, family.index_possible) == (Index.WEAK, Index.CONVERGING)


def test_the_profile_of_a_made_up_project_is_the_one_that_its_author_describes() -> None:
    """« Le garage solidaire de Craon. Nous connaissons le besoin par cœur : cent foyers sans voiture, vingt entretiens, et rien d'autre à
    trente kilomètres ; c'est dans nos statuts, les habitants ont dessiné le service avec nous, ils siègent au conseil. Les effets sont à
    moitié là : le tarif est solidaire et un salarié est en insertion, mais nous n'avons rien mesuré et vivons d'une seule subvention ;
    l'environnement, nous ne savons pas. Et nous n'avons rien d'expérimental : l'idée existe ici, aucun essai, aucun obstacle repéré. »

    So: a strong need that may not be called converging while nothing is tried; effects in between, with an open answer; an empty third family.
    """
    grid = shipped("complete")
    answers = said(grid, "1 ooooooeo oosenpp nnnnn")
    found = profile(grid, answers)
    need, effects, trial = found.families
    assert need.points * 3 >= need.out_of * 2, "strong enough to converge"
    assert need.index == Index.PARTIAL, "but one family is empty"
    assert effects.index == Index.PARTIAL
    assert effects.open == 1
    assert effects.possible > effects.points
    assert trial.index == Index.WEAK
    assert not trial.has_items
    assert not found.converges
    assert found.tracks[0].family == "risque", "first what is missing most"
    assert {criterion.family for criterion in found.strengths} <= {"besoin", "effets"}


def test_a_project_that_has_everything_converges_and_has_nothing_to_work_on() -> None:
    for code, gate in (("complete", "3"), ("rapide", "")):
        grid = shipped(code)
        found = profile(grid, said(grid, gate + "o" * len(grid.criteria)))
        assert found.converges
        assert found.tracks == ()


def test_a_family_that_is_not_relevant_is_said_so() -> None:
    found = profile(made((2, 2, 2)), {"a0": "x", "a1": "x", "b0": "o", "b1": "o", "c0": "o", "c1": "o"})
    assert [family.index for family in found.families] == [Index.NONE, Index.PARTIAL, Index.PARTIAL]


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_an_old_version_gives_the_same_result_for_ever(path: Path) -> None:
    """Written once, never again: a fixture that fails means that somebody's old result would change. Add a rule, do not change one."""
    frozen = json.loads(path.read_text(encoding="utf-8"))
    grid = read_grid(frozen["content"])
    for case in frozen["cases"]:
        found = profile(grid, said(grid, case["answers"]))
        told = {
            "families": [[each.points, each.possible, each.out_of, each.index, each.index_possible] for each in found.families],
            "strengths": [criterion.code for criterion in found.strengths],
            "tracks": [criterion.code for criterion in found.tracks],
        }
        assert told == case["profile"], case["answers"]


def test_every_rule_that_was_ever_used_has_its_frozen_results() -> None:
    assert {json.loads(path.read_text(encoding="utf-8"))["content"].get("rule", 1) for path in FROZEN} == set(RULES)
