"""A free condition against the facts known: yes, no, or to check."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.orientation.matching.conditions import holds, state


@pytest.mark.parametrize(
    ("operator", "wanted", "known", "answer"),
    [
        (">=", 1, 0, False),
        (">=", 1, 1, True),
        ("<=", 36, 36, True),
        ("<=", 36, 37, False),
        ("=", True, True, True),
        ("=", True, False, False),
        ("!=", True, False, True),
        ("!=", 3, 4, True),
        ("in", (1, 2), 2, True),
        ("in", (1, 2), 3, False),
        ("in", (), 3, None),
        ("in", 3, 3, None),
        ("=", 1, True, None),
        ("=", True, 1, None),
        (">=", True, 1, None),
        (">=", 1, True, None),
        ("=", "association", 1, None),
        (">=", None, 1, None),
        ("~", 1, 1, None),
    ],
)
def test_holds(operator: str, wanted: Any, known: int | bool, answer: bool | None) -> None:
    assert holds(operator, wanted, known) is answer


def test_a_fact_that_nobody_said_leaves_the_condition_to_check() -> None:
    assert state("salaries", ">=", 1, {}) is None
    assert state("salaries", ">=", 1, {"salaries": 2}) is True
