"""Hidden cells cannot be found again from the others and the total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillage.diagnosis.masking import THRESHOLD, masked

rows = st.lists(st.integers(0, 12), min_size=2, max_size=6)


@given(rows)
def test_no_small_cell_is_shown(row: list[int]) -> None:
    for count, shown in zip(row, masked(row), strict=True):
        assert shown in (None, count)
        assert shown is None or shown == 0 or shown >= THRESHOLD


@given(rows.filter(lambda row: sum(row) >= THRESHOLD))
def test_subtraction_leaves_at_least_two_cells_and_five_answers_in_doubt(row: list[int]) -> None:
    shown = masked(row)
    hidden = [count for count, cell in zip(row, shown, strict=True) if cell is None]
    if hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= THRESHOLD


def test_a_row_without_small_cells_is_whole() -> None:
    assert masked([5, 0, 9]) == [5, 0, 9]
    assert masked([3, 20, 7]) == [None, 20, None]
    assert masked([1, 1, 0]) == [None, None, None]
