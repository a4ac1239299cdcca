"""Two voices and two moments, criterion by criterion."""

from __future__ import annotations

from hypothesis import given

from maillage.diagnosis.compare import Agreement, Move, moves, voices
from maillage.diagnosis.grid import Grid
from tests.diagnosis.grids import filled, made


def test_the_verdict_on_each_pair_of_answers() -> None:
    grid = made((5, 2, 1))
    first = dict(zip(("a0", "a1", "a2", "a3", "a4", "b0"), "oonsxs", strict=True))
    second = dict(zip(("a0", "a1", "a2", "a3", "a4", "b1"), "oenonx", strict=True)) | {"a2": "o"}
    verdicts = {line.criterion.code: line.verdict for line in voices(grid, first, second)}
    assert verdicts == {
        "a0": Agreement.SAME, "a1": Agreement.NEAR, "a2": Agreement.APART, "a3": Agreement.ONE_SIDED, "a4": Agreement.APART,
        "b0": Agreement.NEITHER, "b1": Agreement.ONE_SIDED, "c0": Agreement.NEITHER,
    }  # fmt: skip
    moved = {line.criterion.code: line.verdict for line in moves(grid, first, grid, second)}
    assert moved == {
        "a0": Move.SAME, "a1": Move.DOWN, "a2": Move.UP, "a3": Move.KNOWN, "a4": Move.OTHER,
        "b0": Move.SAME, "b1": Move.KNOWN, "c0": Move.SAME,
    }  # fmt: skip


@given(filled())
def test_a_voice_agrees_with_itself_and_nothing_moves_by_itself(case: tuple[Grid, dict[str, str]]) -> None:
    grid, answers = case
    assert {line.verdict for line in voices(grid, answers, answers)} <= {Agreement.SAME, Agreement.NEITHER}
    assert {line.verdict for line in moves(grid, answers, grid, answers)} == {Move.SAME}


@given(filled(), filled())
def test_agreeing_is_mutual(case: tuple[Grid, dict[str, str]], other: tuple[Grid, dict[str, str]]) -> None:
    grid, answers = case
    theirs = other[1]
    assert [line.verdict for line in voices(grid, answers, theirs)] == [line.verdict for line in voices(grid, theirs, answers)]


def test_a_criterion_that_a_new_version_brings_is_new_whatever_its_place() -> None:
    old, new = made((1, 1, 1)), made((2, 1, 1))
    verdicts = {line.criterion.code: line.verdict for line in moves(old, {"b0": "n"}, new, {"a1": "o", "b0": "o"})}
    assert verdicts == {"a0": Move.SAME, "a1": Move.NEW, "b0": Move.UP, "c0": Move.SAME}
