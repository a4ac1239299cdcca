"""The answers as a short code for an address: one letter per question, in the order of the grid. Pure Python, no Django.

`1ono-e` is: first door of the law, yes, no, yes, not answered, partly. Letters are those of `grid.Answer` and `grid.Gate`. What was not
answered at the end is left out, so that the same answers always have the same code, and no answer at all the empty one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.diagnosis.grid import UNANSWERED, Grid

Answers = Mapping[str, str]  # code of a question → letter; what was not answered is absent


@dataclass(frozen=True, slots=True)
class Reading:
    """What a code says, and what was not understood: the signs at fault, and how many came after the last question."""

    answers: Answers
    unknown: tuple[str, ...] = ()
    too_many: int = 0

    @property
    def is_clean(self) -> bool:
        """Was everything understood?"""
        return not self.unknown and not self.too_many


def encode(grid: Grid, answers: Answers) -> str:
    """The canonical code of some answers."""
    return "".join(answers.get(step.code, UNANSWERED) for step in grid.steps).rstrip(UNANSWERED)


def decode(grid: Grid, code: str) -> Reading:
    """The answers of a code. A sign that is no answer counts as not answered; capitals are read as small letters."""
    answers, unknown = {}, []
    for step, sign in zip(grid.steps, code.lower(), strict=False):
        if sign in step.letters:
            answers[step.code] = sign
        elif sign != UNANSWERED:
            unknown.append(sign)
    return Reading(answers, tuple(dict.fromkeys(unknown)), max(0, len(code.rstrip(UNANSWERED)) - len(grid.steps)))
