"""Two readings of one project side by side: two voices, or the same voice later. Pure Python, no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from maillage.diagnosis.code import Answers
from maillage.diagnosis.grid import UNANSWERED, Answer, Criterion, Grid

#: The answers that say how far a criterion is met, from the least to the most.
SCALE = (Answer.NO, Answer.NOT_YET, Answer.PARTLY, Answer.YES)


class Agreement(StrEnum):
    """How near two voices are on a criterion."""

    SAME = "same"
    NEAR = "near"  # neighbours on the scale
    APART = "apart"
    ONE_SIDED = "one-sided"  # one of them does not know, or has not answered
    NEITHER = "neither"  # nobody knows


class Move(StrEnum):
    """What became of a criterion between two readings."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    KNOWN = "known"  # it was not known, or not answered, and is now
    OTHER = "other"  # it became, or no longer is, not relevant; or it is not known any more
    NEW = "new"  # the criterion was not in the grid of the first reading


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with the two answers (letters, UNANSWERED when there is none) and what they say together."""

    criterion: Criterion
    first: str
    second: str
    verdict: Agreement | Move


def voices(grid: Grid, first: Answers, second: Answers) -> tuple[Line, ...]:
    """The two voices on each criterion of the grid, in its order."""
    return tuple(_lines(grid.criteria, first, second, _agreement))


def moves(before_grid: Grid, before: Answers, grid: Grid, after: Answers) -> tuple[Line, ...]:
    """What moved on each criterion of the later grid. Criteria are recognised by their code, whatever their place or wording."""
    known = before_grid.by_code
    found = []
    for line in _lines(grid.criteria, before, after, _move):
        found.append(line if line.criterion.code in known else Line(line.criterion, UNANSWERED, line.second, Move.NEW))
    return tuple(found)


def _lines(criteria: Iterable[Criterion], first: Answers, second: Answers, verdict):  # type: ignore[no-untyped-def]  # a function of two letters
    for criterion in criteria:
        one, other = first.get(criterion.code, UNANSWERED), second.get(criterion.code, UNANSWERED)
        yield Line(criterion, one, other, verdict(one, other))


def _is_open(letter: str) -> bool:
    return letter in (UNANSWERED, Answer.UNKNOWN)


def _agreement(one: str, other: str) -> Agreement:
    if _is_open(one) or _is_open(other):
        return Agreement.NEITHER if _is_open(one) and _is_open(other) else Agreement.ONE_SIDED
    if one == other:
        return Agreement.SAME
    if Answer.NOT_RELEVANT in (one, other):
        return Agreement.APART
    return Agreement.NEAR if abs(SCALE.index(Answer(one)) - SCALE.index(Answer(other))) == 1 else Agreement.APART


def _move(before: str, after: str) -> Move:
    if before == after or (_is_open(before) and _is_open(after)):
        return Move.SAME
    if _is_open(before):
        return Move.KNOWN
    if _is_open(after) or Answer.NOT_RELEVANT in (before, after):
        return Move.OTHER
    return Move.UP if SCALE.index(Answer(after)) > SCALE.index(Answer(before)) else Move.DOWN
