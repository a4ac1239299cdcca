"""The code of an address says exactly the answers, in one way only."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from maillage.diagnosis.code import decode, encode
from maillage.diagnosis.grid import Grid
from tests.diagnosis.grids import filled, shipped


@given(filled())
def test_a_code_says_the_answers_back(case: tuple[Grid, dict[str, str]]) -> None:
    grid, answers = case
    code = encode(grid, answers)
    reading = decode(grid, code)
    assert reading.answers == answers
    assert reading.is_clean
    assert quote(code) == code, "nothing to escape in an address"


@given(st.text(max_size=60))
def test_anything_is_read_and_becomes_canonical(text: str) -> None:
    grid = shipped("complete")
    code = encode(grid, decode(grid, text).answers)
    assert encode(grid, decode(grid, code).answers) == code
    assert len(code) <= len(grid.steps)


def test_the_gate_question_comes_first_and_has_its_own_answers() -> None:
    grid = shipped("complete")
    assert decode(grid, "2o").answers == {"porte": "2", "besoin-nomme": "o"}
    reading = decode(grid, "o1z")
    assert reading.answers == {}
    assert reading.unknown == ("o", "1", "z")
    assert decode(grid, "-" * 21 + "oo").too_many == 2
    assert decode(grid, "1-O---").answers == {"porte": "1", "besoin-verifie": "o"}
