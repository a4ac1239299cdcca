"""« Est-ce pour moi, sous quelle forme ? »: which forms of crowdfunding fit what a holder said. Pure: docs/algorithms/crowdfunding-forms.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from maillage.crowdfunding.rules import NUMBERS, YES_NO, Condition, Form

#: What a holder said, by field of a condition; a field that is absent was not said. Codes, whole numbers or booleans.
Answers = Mapping[str, str | int | bool]


class State(StrEnum):
    """Three values: it holds, it does not, we cannot know. The values are the words of the pages (`catalogue`: oui, non, à vérifier)."""

    YES = "oui"
    NO = "non"
    TO_CHECK = "a-verifier"


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of a form against the answers."""

    condition: Condition
    state: State


@dataclass(frozen=True, slots=True)
class Verdict:
    """A form against the answers. `state` reads the blocking conditions only; advice never excludes a form."""

    form: Form
    state: State
    points: tuple[Point, ...]

    @property
    def blocking(self) -> tuple[Point, ...]:
        """What excludes the form."""
        return tuple(point for point in self.points if point.condition.blocking and point.state == State.NO)


def state_of(condition: Condition, answers: Answers) -> State:
    """Does this condition hold? TO_CHECK when its field was not said."""
    said = answers.get(condition.field)
    if said is None:
        return State.TO_CHECK
    if condition.field in NUMBERS:
        amount = int(said)
        holds = (condition.min is None or amount >= condition.min) and (condition.max is None or amount <= condition.max)
    elif condition.field in YES_NO:
        holds = said is condition.value
    else:
        holds = (not condition.among or said in condition.among) and said not in condition.not_among
    return State.YES if holds else State.NO


def verdict(form: Form, answers: Answers) -> Verdict:
    """One form: excluded if a blocking condition does not hold, to be checked if one is unknown, else open."""
    points = tuple(Point(condition, state_of(condition, answers)) for condition in form.conditions)
    states = {point.state for point in points if point.condition.blocking}
    state = State.NO if State.NO in states else State.TO_CHECK if State.TO_CHECK in states else State.YES
    return Verdict(form, state, points)


def choose(forms: Iterable[Form], answers: Answers) -> list[Verdict]:
    """Every form: open ones first, then those to be checked, then excluded ones; in each, the order of the data, never that of a return."""
    rank = {State.YES: 0, State.TO_CHECK: 1, State.NO: 2}
    return sorted((verdict(form, answers) for form in forms), key=lambda each: rank[each.state])
