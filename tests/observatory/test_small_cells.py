"""Small counts stay hidden: a reader who tries every table that agrees with what is shown cannot tell them."""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from maillage.observatory.small_cells import SMALL, Cell, Unprotectable, suppressed

counts = st.one_of(st.integers(0, 7), st.integers(0, 60), st.just(0))


def grid(table: list[list[int]], *, fixed_totals: bool = False) -> list[Cell]:
    """A table with the totals of its rows and columns, and the whole: each inner cell is in one row and one column."""
    rows, columns = range(len(table)), range(len(table[0]))
    cells = [Cell((r, c), table[r][c], ("row", r), ("column", c)) for r in rows for c in columns]
    cells += [Cell((r, "*"), sum(table[r]), "all", ("row", r), fixed_totals) for r in rows]
    cells += [Cell(("*", c), sum(table[r][c] for r in rows), ("column", c), "every", fixed_totals) for c in columns]
    return [*cells, Cell(("*", "*"), sum(map(sum, table)), "every", "all", fixed_totals)]


def bounds(cells: list[Cell], hidden: set[Hashable], key: Hashable) -> tuple[float, float]:
    """What a reader finds for a hidden cell: its least and greatest values, by linear programming on every sum."""
    unknown = [cell for cell in cells if cell.key in hidden]
    nodes = sorted({repr(end) for cell in cells for end in (cell.tail, cell.head)})
    sums = np.zeros((len(nodes), len(unknown)))
    right = np.zeros(len(nodes))
    for cell in cells:
        for end, sign in ((repr(cell.tail), -1), (repr(cell.head), 1)):
            if cell.key in hidden:
                sums[nodes.index(end), unknown.index(cell)] += sign
            else:
                right[nodes.index(end)] -= sign * cell.value
    at = [cell.key for cell in unknown].index(key)
    found = []
    for direction in (1, -1):
        goal = np.zeros(len(unknown))
        goal[at] = direction
        done: Any = linprog(goal, A_eq=sums, b_eq=right, bounds=(0, 10_000))
        assert done.status == 0, done.message
        found.append(float(done.x[at]))
    return found[0], found[1]


@settings(max_examples=60)
@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=4))
)
def test_no_reader_can_work_out_a_small_count(table: list[list[int]]) -> None:
    cells = grid(table)
    hidden = suppressed(cells)
    for cell in cells:
        if 0 < cell.value < SMALL:
            assert cell.key in hidden
            low, high = bounds(cells, hidden, cell.key)
            assert high - low >= SMALL - 1e-6, (cell, low, high)


def test_one_small_count_hides_three_others_at_least() -> None:
    hidden = suppressed(grid([[2, 30, 40], [50, 60, 70], [80, 90, 99]]))
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}, "a loop of four, the smallest"


def test_nothing_small_hides_nothing() -> None:
    assert suppressed(grid([[5, 6], [0, 8]])) == set()


@pytest.mark.parametrize("seed", range(6))
def test_totals_published_elsewhere_are_left_as_they_are(seed: int) -> None:
    chance = random.Random(seed)
    table = [[chance.choice((1, 3, 6, 20, 50)) for _ in range(5)] for _ in range(5)]
    hidden = suppressed(grid(table, fixed_totals=True))
    assert hidden
    assert not any("*" in key for key in hidden)  # type: ignore[operator]  # keys are pairs here


def test_a_table_that_its_totals_give_away_is_refused() -> None:
    with pytest.raises(Unprotectable):
        suppressed(grid([[3], [9]], fixed_totals=True))
