"""The shipped grids as values, and random grids and answers for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from maillage.diagnosis.grid import UNANSWERED, Answer, Grid, read_grid
from maillage.kit.regions import SHIPPED_REGIONS
from maillage.vocabulary.words import read_toml

LETTERS = [*Answer, UNANSWERED]


def shipped_content(code: str) -> dict[str, Any]:
    data = read_toml(SHIPPED_REGIONS / "_grids" / f"{code}.toml")
    return {key: value for key, value in data.items() if key not in ("code", "order")}


def shipped(code: str) -> Grid:
    return read_grid(shipped_content(code))


def made(sizes: tuple[int, int, int], needs: int = 3) -> Grid:
    """A grid with this many criteria in each family, named `a0`, `a1`…, `b0`…"""
    families = [{"code": code, **{name: {"fr": code} for name in ("title", "short", "plain")}} for code in "abc"]
    criteria = [
        {
            "code": f"{family}{rank}", "family": family, "need": f"besoin-{rank % needs}",
            **{name: {"fr": f"{family}{rank}"} for name in ("title", "question", "why", "example", "advice")},
        }
        for family, size in zip("abc", sizes, strict=True)
        for rank in range(size)
    ]  # fmt: skip
    return read_grid({"title": {"fr": "essai"}, "intro": {"fr": "essai"}, "family": families, "criterion": criteria})


sizes = st.tuples(*[st.integers(1, 5)] * 3)


@st.composite
def filled(draw: st.DrawFn) -> tuple[Grid, dict[str, str]]:
    """A random grid and random answers to it."""
    grid = made(draw(sizes))
    given = {criterion.code: draw(st.sampled_from(LETTERS)) for criterion in grid.criteria}
    return grid, {code: letter for code, letter in given.items() if letter != UNANSWERED}


def said(grid: Grid, letters: str) -> dict[str, str]:
    """Answers written as letters, in the order of the questions; spaces are for the reader."""
    pairs = zip(grid.steps, letters.replace(" ", ""), strict=True)
    return {step.code: letter for step, letter in pairs if letter != UNANSWERED}
