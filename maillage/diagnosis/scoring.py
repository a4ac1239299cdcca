"""From answers to a profile: docs/algorithms/diagnosis.md says why. Pure Python, whole numbers only, no Django.

A profile is a bundle of indices, never a mark: nothing here adds the three families up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from maillage.diagnosis.code import Answers
from maillage.diagnosis.grid import GATE, UNANSWERED, Answer, Criterion, Gate, Grid

#: Strong points and work tracks shown at most, and tracks at least (when there are that many to show).
STRENGTHS_AT_MOST, TRACKS_AT_MOST, TRACKS_AT_LEAST = 6, 5, 3


class Index(StrEnum):
    """What the answers of a family are worth together. NONE: every criterion was said not to be relevant."""

    NONE = "none"
    WEAK = "weak"
    PARTIAL = "partial"
    CONVERGING = "converging"


@dataclass(frozen=True, slots=True)
class Rule:
    """A scoring rule. `points`: what an answer brings, out of `most`; thresholds are fractions (numerator, denominator) of all points."""

    points: Mapping[str, int]
    most: int
    partial: tuple[int, int]
    converging: tuple[int, int]


#: Scoring rules by number. A version of a grid names its own: a rule, once used, never changes; a better one gets the next number.
RULES: Mapping[int, Rule] = {
    1: Rule(points={Answer.PARTLY: 1, Answer.YES: 2}, most=2, partial=(1, 3), converging=(2, 3)),
}
#: The answers that leave the measure open: the truth may be anything.
_OPEN = (Answer.UNKNOWN, UNANSWERED)
#: Answers that a work track may start from, the nearest to a result first.
_TO_WORK_ON = (Answer.NOT_YET, Answer.PARTLY, Answer.NO, Answer.UNKNOWN, UNANSWERED)


@dataclass(frozen=True, slots=True)
class FamilyProfile:
    """One family. `counts`: letter → criteria. `points` of `out_of` are established; `possible` if all that is open turned out a yes.

    `index` is what is established today; `index_possible` what the open answers may still change it into.
    """

    code: str
    counts: Mapping[str, int]
    points: int
    possible: int
    out_of: int
    index: Index
    index_possible: Index

    @property
    def relevant(self) -> int:
        """Criteria that count: all but those said not to be relevant."""
        return sum(count for letter, count in self.counts.items() if letter != Answer.NOT_RELEVANT)

    @property
    def open(self) -> int:
        """Criteria without an answer: « je ne sais pas », or not answered."""
        return sum(self.counts.get(letter, 0) for letter in _OPEN)

    @property
    def has_items(self) -> bool:
        """Is there at least one clue: a criterion answered « en partie » or « oui »?"""
        return _has_items(self.counts)


@dataclass(frozen=True, slots=True)
class Profile:
    """The three families, what is strong, what to work on. `gate`: the answer to the gate question, if the grid has one and it was given."""

    gate: Gate | None
    families: tuple[FamilyProfile, ...]
    strengths: tuple[Criterion, ...]
    tracks: tuple[Criterion, ...]
    answered: int
    asked: int

    @property
    def converges(self) -> bool:
        """Do the three families hold converging indices?"""
        return all(family.index == Index.CONVERGING for family in self.families)


def profile(grid: Grid, answers: Answers) -> Profile:
    """The profile of some answers to a grid. Raises KeyError when the grid names a rule that this version of Maillage does not have."""
    rule = RULES[grid.rule]
    counts = {
        family.code: Counter(answers.get(criterion.code, UNANSWERED) for criterion in grid.of_family(family.code))
        for family in grid.families
    }
    everywhere = all(_has_items(count) for count in counts.values())
    possibly_everywhere = all(_has_items(count) or any(count[letter] for letter in _OPEN) for count in counts.values())
    families = tuple(_family(family.code, counts[family.code], rule, everywhere, possibly_everywhere) for family in grid.families)
    gate = answers.get(GATE)
    return Profile(
        gate=Gate(gate) if gate and grid.gate else None,
        families=families,
        strengths=tuple(criterion for criterion in grid.criteria if answers.get(criterion.code) == Answer.YES)[
            :STRENGTHS_AT_MOST
        ],
        tracks=_tracks(grid, answers, families),
        answered=sum(1 for criterion in grid.criteria if criterion.code in answers),
        asked=len(grid.criteria),
    )


def _has_items(counts: Mapping[str, int]) -> bool:
    return bool(counts.get(Answer.PARTLY) or counts.get(Answer.YES))


def _family(code: str, counts: Mapping[str, int], rule: Rule, everywhere: bool, possibly_everywhere: bool) -> FamilyProfile:
    relevant = sum(count for letter, count in counts.items() if letter != Answer.NOT_RELEVANT)
    points = sum(rule.points.get(letter, 0) * count for letter, count in counts.items())
    possible = points + rule.most * sum(counts.get(letter, 0) for letter in _OPEN)
    out_of = rule.most * relevant
    return FamilyProfile(
        code,
        dict(counts),
        points,
        possible,
        out_of,
        _index(rule, points, out_of, everywhere),
        _index(rule, possible, out_of, possibly_everywhere),
    )


def _index(rule: Rule, points: int, out_of: int, everywhere: bool) -> Index:
    """One strong family must not hide an empty one: « converging » only if every family has items (`everywhere`)."""
    if not out_of:
        return Index.NONE
    if everywhere and points * rule.converging[1] >= out_of * rule.converging[0]:
        return Index.CONVERGING
    return Index.PARTIAL if points * rule.partial[1] >= out_of * rule.partial[0] else Index.WEAK


def _tracks(grid: Grid, answers: Answers, families: tuple[FamilyProfile, ...]) -> tuple[Criterion, ...]:
    """The criteria to work on: a family in turn, the least established first; in a family, what is nearest to a result first.

    Two tracks that lead to the same offers say the same thing twice: the second is kept only to reach the least number.
    """
    least_first = sorted((family for family in families if family.out_of), key=lambda family: family.points / family.out_of)
    queues = [
        sorted(
            (each for each in grid.of_family(family.code) if answers.get(each.code, UNANSWERED) in _TO_WORK_ON),
            key=lambda each: _TO_WORK_ON.index(answers.get(each.code, UNANSWERED)),
        )
        for family in least_first
    ]
    in_turn = [queue[rank] for rank in range(max(map(len, queues), default=0)) for queue in queues if rank < len(queue)]
    chosen, needs, spare = [], set(), []
    for criterion in in_turn:
        if criterion.need in needs:
            spare.append(criterion)
        else:
            needs.add(criterion.need)
            chosen.append(criterion)
    missing = max(0, TRACKS_AT_LEAST - len(chosen))
    return (*chosen[:TRACKS_AT_MOST], *spare[:missing])
